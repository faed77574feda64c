#include "tools/service/mirror_state_words.hpp"

#include "model/duration_text.hpp"

#include <fmt/format.h>

namespace service {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds lag_good_max = 24h;
constexpr std::chrono::seconds lag_caution_max = 48h;

bool is_sound(model::Integrity integrity) {
    return integrity == model::Integrity::whole || integrity == model::Integrity::syncing ||
           integrity == model::Integrity::unknown;
}

StateWords lag_words(const model::Lag& lag) {
    if (lag.behind <= 0s) {
        return {"up to date", Mood::good};
    }
    return {fmt::format("{}{} behind", lag.is_estimated ? "about " : "",
                        model::duration_text(lag.behind)),
            lag.behind <= lag_good_max      ? Mood::good
            : lag.behind <= lag_caution_max ? Mood::caution
                                            : Mood::bad};
}

StateWords freshness_words(model::Freshness freshness) {
    switch (freshness) {
    case model::Freshness::up: return {"up to date", Mood::good};
    case model::Freshness::one_hour_behind: return {"one hour behind", Mood::good};
    case model::Freshness::two_hours_behind: return {"two hours behind", Mood::good};
    case model::Freshness::six_hours_behind: return {"six hours behind", Mood::good};
    case model::Freshness::one_day_behind: return {"one day behind", Mood::caution};
    case model::Freshness::two_days_behind: return {"two days behind", Mood::caution};
    case model::Freshness::one_week_behind: return {"one week behind", Mood::bad};
    case model::Freshness::unknown: break;
    }
    return {"unknown", Mood::quiet};
}

}  // namespace

StateWords state_words(const MirrorFacts& facts, model::Timestamp now) {
    const auto& state = facts.mirror.state;
    if (!state.enabled) {
        return {"disabled", Mood::bad};
    }
    if (state.maintenance_until && *state.maintenance_until > now) {
        return {"maintenance", Mood::quiet};
    }
    if (!facts.last_probe) {
        return {"not probed yet", Mood::quiet};
    }
    const auto integrity = model::known_integrity(facts.observation);
    if (integrity && !is_sound(*integrity)) {
        return {std::string{to_string(*integrity)}, Mood::bad};
    }
    if (const auto lag = model::worst_lag(facts.observation)) {
        return lag_words(*lag);
    }
    return freshness_words(facts.freshness.overall);
}

}  // namespace service
