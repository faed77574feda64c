#include "prober/rules_question.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace prober {
namespace {

constexpr std::uint64_t rules_bytes_max = 65'536;
constexpr std::size_t questions_max = 2;  // that time out

constexpr auto never = asio::steady_timer::time_point::max();

/// And wakes who waits.
void leave(CurlSite& site) {
    --site.askers;
    site.answered.expires_at(never);
}

}  // namespace

RulesStep rules_step(const CurlSite& site, HostManners::Clock::time_point now) {
    if (site.askers == 0) {
        return RulesStep::ask;
    }
    return !site.has_been_tried && now >= site.answered.expiry() ? RulesStep::try_file
                                                                 : RulesStep::wait;
}

RulesQuestion::RulesQuestion(CurlSite& site, const std::string& site_url,
                             std::chrono::milliseconds patience)
    : site_{site} {
    request_.url = site_url + "/.well-known/mirrorwarden.txt";
    request_.bytes_max = rules_bytes_max;
    request_.sink = [this](std::string_view piece) {
        text_ += piece;
        return true;
    };
    ++site_.askers;
    site_.answered.expires_at(site_.has_been_tried ? never : HostManners::Clock::now() + patience);
}

RulesQuestion::~RulesQuestion() {
    leave(site_);
}

std::optional<Refusal> RulesQuestion::settle(const GetAnswer& rules, model::Timestamp now) {
    const bool is_lost = model::is_timeout(rules.outcome.kind);
    site_.rules_lost += is_lost ? 1 : 0;
    if (rules.outcome.is_ok() && !rules.is_web_page) {
        site_.manners.set_rules(model::parse_host_rules(text_, now));
    }
    // A site that nobody else tried may yet answer for this lane's own file.
    site_.is_asked = !is_lost || site_.rules_lost == questions_max || !site_.has_been_tried;
    if (!is_lost || site_.tally.answers > 0) {
        return std::nullopt;
    }
    return Refusal{rules.outcome,
                   fmt::format("asked for {} first: {}", request_.url, rules.detail)};
}

FileTrial::FileTrial(CurlSite& site) : site_{site} {
    site_.has_been_tried = true;
    ++site_.askers;
    site_.answered.expires_at(never);
}

FileTrial::~FileTrial() {
    leave(site_);
}

}  // namespace prober
