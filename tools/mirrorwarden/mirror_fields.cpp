#include "tools/mirrorwarden/mirror_fields.hpp"

#include "model/country.hpp"
#include "model/mail_address.hpp"
#include "model/mirror_url.hpp"
#include "model/text_rules.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/option_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace mirrorwarden {
namespace {

using model::Speed;

const std::vector<Speed> all_speeds = {Speed::s128k, Speed::s256k, Speed::s512k, Speed::s1m,
                                       Speed::s2m,   Speed::s10m,  Speed::s45m,  Speed::s100m,
                                       Speed::s1g,   Speed::s2g,   Speed::s4g,   Speed::s10g,
                                       Speed::s20g,  Speed::s50g,  Speed::s100g};

using Faults = std::vector<std::string>;

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
        faults.push_back(fmt::format("--{}-url: {}", scheme, url.error()));
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
            faults.push_back("--owner: " + address.error());
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
            fmt::format("--country: {} is no country; write the two letters of "
                        "ISO 3166-1, such as BR",
                        model::in_quotes(*said)));
    }
    into = *said;
}

struct TextRule {
    const char* flag;
    std::size_t bytes_max;
    model::Lines lines;
};

// The catalogue's own bounds.
constexpr TextRule display_name_rule{"--display-name", 200, model::Lines::one};
constexpr TextRule description_rule{"--description", 10'000, model::Lines::many};
constexpr TextRule whiteboard_rule{"--whiteboard", 10'000, model::Lines::many};

void set_text(std::string& into, const std::optional<std::string>& said, const TextRule& rule,
              Faults& faults) {
    if (!said) {
        return;
    }
    if (said->size() > rule.bytes_max) {
        faults.push_back(fmt::format("{}: this has {} bytes; {} are the most", rule.flag,
                                     said->size(), rule.bytes_max));
    }
    if (!model::is_plain_text(*said, rule.lines)) {
        faults.push_back(fmt::format("{}: this is no plain UTF-8 text{}", rule.flag,
                                     rule.lines == model::Lines::one ? " of one line" : ""));
    }
    into = *said;
}

void add_text(CLI::App& command, const std::string& flag, std::optional<std::string>& into,
              const std::string& description) {
    command
        .add_option_function<std::string>(
            flag, [&into](const std::string& text) { into = text; }, description)
        ->type_name("TEXT");
}

void add_url(CLI::App& command, const std::string& scheme, std::optional<std::string>& into) {
    command
        .add_option_function<std::string>(
            fmt::format("--{}-url", scheme), [&into](const std::string& url) { into = url; },
            fmt::format("Where its files are by {0}, {0}://...; empty: nowhere", scheme))
        ->type_name("URL");
}

}  // namespace

void add_mirror_field_flags(CLI::App& command, MirrorFields& fields) {
    add_url(command, "http", fields.http_url);
    add_url(command, "https", fields.https_url);
    add_url(command, "ftp", fields.ftp_url);
    add_url(command, "rsync", fields.rsync_url);
    command
        .add_option("--owner", fields.owners,
                    "Who is mailed about it: \"Name <address>\"; may be given again")
        ->type_name("ADDRESS")
        ->allow_extra_args(false);
    add_text(command, "--country", fields.country,
             "The country that it is in, two letters of ISO 3166-1: BR");
    add_word<Speed>(command, "--speed", fields.speed, all_speeds,
                    "The bandwidth that its owner declares, in bits a second");
    add_word<model::Content>(command, "--content", fields.content,
                             {model::Content::archive, model::Content::release},
                             "What it carries: packages (ARCHIVE) or CD images (RELEASE)");
    command.add_flag_function(
        "--official-candidate,!--no-official-candidate",
        [&fields](std::int64_t count) { fields.official_candidate = count > 0; },
        "Whether its owner wishes it to be official");
    add_text(command, "--display-name", fields.display_name, "Its name as people read it");
    add_text(command, "--description", fields.description, "What else is to be said about it");
    add_text(command, "--whiteboard", fields.whiteboard, "Notes of the admins; never public");
}

model::Mirror with_fields(model::Mirror mirror, const MirrorFields& fields) {
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
        throw InputError(fmt::format("{}", fmt::join(faults, "\n")));
    }
    return mirror;
}

void check_whole(const model::Mirror& mirror) {
    Faults faults;
    if (mirror.owners.empty()) {
        faults.emplace_back("a mirror needs an owner: --owner \"Name <address>\"");
    }
    if (mirror.country.empty()) {
        faults.emplace_back("a mirror needs the country that it is in: --country BR");
    }
    if (model::probe_url(mirror).empty()) {
        faults.emplace_back("a mirror needs a URL to probe: --http-url, --https-url or --ftp-url");
    }
    if (!faults.empty()) {
        throw InputError(fmt::format("{}", fmt::join(faults, "\n")));
    }
}

}  // namespace mirrorwarden
