#include "prober/rules_question.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace prober {
namespace {

constexpr std::uint64_t rules_bytes_max = 65'536;

constexpr auto never = asio::steady_timer::time_point::max();

}  // namespace

bool RulesQuestion::is_wanted(const CurlSite& site, HostManners::Clock::time_point now) {
    return site.askers == 0 || (site.askers == 1 && now >= site.answered.expiry());
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
    site_.answered.expires_at(site_.askers == 1 ? HostManners::Clock::now() + patience : never);
}

RulesQuestion::~RulesQuestion() {
    --site_.askers;
    site_.answered.expires_at(never);  // wakes who waits
}

std::optional<Refusal> RulesQuestion::settle(const GetAnswer& rules, const model::HostTally& tally,
                                             model::Timestamp now) {
    const bool is_silent = model::is_timeout(rules.outcome.kind) && tally.answers == 0;
    if (!site_.is_asked && rules.outcome.is_ok() && !rules.is_web_page) {
        site_.manners.set_rules(model::parse_host_rules(text_, now));
    }
    // Where one lane heard nothing, the other may.
    site_.is_asked = site_.is_asked || !is_silent || site_.askers == 1;
    if (!is_silent) {
        return std::nullopt;
    }
    return Refusal{rules.outcome,
                   fmt::format("asked for {} first: {}", request_.url, rules.detail)};
}

}  // namespace prober
