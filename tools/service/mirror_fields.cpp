#include "tools/service/mirror_fields.hpp"

#include "model/country.hpp"
#include "model/mail_address.hpp"
#include "model/mirror_url.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace service {
namespace {

using Faults = std::vector<FieldFault>;

void set_url(std::string& into, const std::optional<std::string>& said, const std::string& scheme,
             Faults& faults) {
    if (!said) {
        return;
    }
    if (said->empty()) {
        into.clear();
        return;
    }
    auto url = model::normalise_base_url(scheme, *said);
    if (url.has_error()) {
        faults.push_back({scheme + "_url", url.error()});
    } else {
        into = std::move(*url);
    }
}

void set_owners(std::vector<model::MailAddress>& into, const std::vector<std::string>& said,
                Faults& faults) {
    if (said.empty()) {
        return;
    }
    into.clear();
    for (const auto& text : said) {
        auto address = model::parse_mail_address(text);
        if (address.has_error()) {
            faults.push_back({"owner", address.error()});
        } else if (std::find(into.begin(), into.end(), *address) == into.end()) {
            into.push_back(std::move(*address));
        }
    }
}

void set_country(std::string& into, const std::optional<std::string>& said, Faults& faults) {
    if (!said) {
        return;
    }
    if (model::country_name(*said).empty()) {
        faults.push_back(
            {"country", fmt::format("{} is no country; write the two letters of ISO 3166-1, such "
                                    "as BR",
                                    model::in_quotes(*said))});
    }
    into = *said;
}

struct TextRule {
    const char* field;
    std::size_t bytes_max;
    model::Lines lines;
};

// The catalogue's own bounds.
constexpr TextRule display_name_rule{"display_name", 200, model::Lines::one};
constexpr TextRule description_rule{"description", 10'000, model::Lines::many};
constexpr TextRule whiteboard_rule{"whiteboard", 10'000, model::Lines::many};

void set_text(std::string& into, const std::optional<std::string>& said, const TextRule& rule,
              Faults& faults) {
    if (!said) {
        return;
    }
    if (said->size() > rule.bytes_max) {
        faults.push_back({rule.field, fmt::format("this has {} bytes; {} are the most",
                                                  said->size(), rule.bytes_max)});
    }
    if (!model::is_plain_text(*said, rule.lines)) {
        faults.push_back(
            {rule.field, fmt::format("this is no plain UTF-8 text{}",
                                     rule.lines == model::Lines::one ? " of one line" : "")});
    }
    into = *said;
}

}  // namespace

boost::system::result<model::Mirror, std::vector<FieldFault>> apply_fields(
    model::Mirror mirror, const MirrorFields& fields) {
    Faults faults;
    set_text(mirror.display_name, fields.display_name, display_name_rule, faults);
    set_text(mirror.description, fields.description, description_rule, faults);
    set_text(mirror.whiteboard, fields.whiteboard, whiteboard_rule, faults);
    set_owners(mirror.owners, fields.owners, faults);
    set_country(mirror.country, fields.country, faults);
    set_url(mirror.http_url, fields.http_url, "http", faults);
    set_url(mirror.https_url, fields.https_url, "https", faults);
    set_url(mirror.ftp_url, fields.ftp_url, "ftp", faults);
    set_url(mirror.rsync_url, fields.rsync_url, "rsync", faults);
    mirror.speed = fields.speed.value_or(mirror.speed);
    mirror.content = fields.content.value_or(mirror.content);
    mirror.official_candidate = fields.official_candidate.value_or(mirror.official_candidate);
    if (!faults.empty()) {
        return faults;
    }
    return mirror;
}

std::vector<FieldFault> missing_fields(const model::Mirror& mirror) {
    Faults faults;
    if (mirror.owners.empty()) {
        faults.push_back({"owner", "a mirror needs an owner", true});
    }
    if (mirror.country.empty()) {
        faults.push_back({"country", "a mirror needs the country that it is in", true});
    }
    if (model::probe_url(mirror).empty()) {
        faults.push_back({"http_url", "a mirror needs a URL to probe", true});
    }
    return faults;
}

const std::vector<model::Speed>& all_speeds() {
    using model::Speed;
    static const std::vector<Speed> all = {Speed::s128k, Speed::s256k, Speed::s512k, Speed::s1m,
                                           Speed::s2m,   Speed::s10m,  Speed::s45m,  Speed::s100m,
                                           Speed::s1g,   Speed::s2g,   Speed::s4g,   Speed::s10g,
                                           Speed::s20g,  Speed::s50g,  Speed::s100g};
    return all;
}

const std::vector<model::ReviewStatus>& all_review_statuses() {
    using model::ReviewStatus;
    static const std::vector<ReviewStatus> all = {ReviewStatus::pending_review,
                                                  ReviewStatus::unofficial, ReviewStatus::official,
                                                  ReviewStatus::broken};
    return all;
}

}  // namespace service
