#include "tools/service/page_words.hpp"

#include "model/country.hpp"
#include "model/duration_text.hpp"
#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace service {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t word_characters_max = 200;

std::string to_the_second(model::Timestamp when) {
    return model::format_timestamp(std::chrono::floor<std::chrono::seconds>(when));
}

}  // namespace

std::string time_html(model::Timestamp when) {
    const std::string iso = to_the_second(when);
    return fmt::format("<time datetime=\"{}\">{} {}</time>", iso, iso.substr(0, 10),
                       iso.substr(11, 5));
}

std::string ago_html(model::Timestamp when, model::Timestamp now) {
    const auto distance = std::chrono::duration_cast<std::chrono::seconds>(now - when);
    const std::string words = distance >= 0s ? model::duration_text(distance) + " ago"
                                             : "in " + model::duration_text(-distance);
    const std::string iso = to_the_second(when);
    return fmt::format(R"(<time datetime="{0}" title="{0}">{1}</time>)", iso, words);
}

std::string_view to_string(Mood mood) noexcept {
    switch (mood) {
    case Mood::good: return "good";
    case Mood::caution: return "caution";
    case Mood::bad: return "bad";
    case Mood::quiet: break;
    }
    return "quiet";
}

std::string state_html(const StateWords& words) {
    return fmt::format("<span class=\"{}\">{}</span>", to_string(words.mood),
                       xml_text(words.text, word_characters_max));
}

StateWords freshness_state(model::Freshness freshness) {
    const std::string text{title(freshness)};
    switch (freshness) {
    case model::Freshness::up:
    case model::Freshness::one_hour_behind:
    case model::Freshness::two_hours_behind:
    case model::Freshness::six_hours_behind: return {text, Mood::good};
    case model::Freshness::one_day_behind:
    case model::Freshness::two_days_behind: return {text, Mood::caution};
    case model::Freshness::one_week_behind: return {text, Mood::bad};
    case model::Freshness::unknown: break;
    }
    return {text, Mood::quiet};
}

StateWords integrity_state(model::Integrity integrity) {
    const std::string text{to_string(integrity)};
    switch (integrity) {
    case model::Integrity::whole: return {text, Mood::good};
    case model::Integrity::syncing: return {text, Mood::caution};
    case model::Integrity::unknown: return {text, Mood::quiet};
    default: return {text, Mood::bad};
    }
}

StateWords page_state(const MirrorFacts& facts, model::Timestamp now) {
    const auto& state = facts.mirror.state;
    if (!state.enabled) {
        return {"Disabled", Mood::bad};
    }
    if (state.maintenance_until && *state.maintenance_until > now) {
        return {"Maintenance", Mood::quiet};
    }
    if (!facts.last_probe) {
        return {"Not probed yet", Mood::quiet};
    }
    const auto integrity = model::known_integrity(facts.observation);
    if (integrity && integrity_state(*integrity).mood == Mood::bad) {
        return integrity_state(*integrity);
    }
    return freshness_state(facts.freshness.overall);
}

std::string lag_text(const std::optional<model::Lag>& lag) {
    if (!lag) {
        return {};
    }
    if (lag->behind <= 0s) {
        return "0";
    }
    return (lag->is_estimated ? "about " : "") + model::duration_text(lag->behind);
}

std::string bandwidth_text(std::uint64_t kilobits) {
    if (kilobits == 0) {
        return "0";
    }
    if (kilobits < 1'000) {
        return fmt::format("{} Kbps", kilobits);
    }
    const auto value = static_cast<double>(kilobits);
    if (kilobits < 1'000'000) {
        return fmt::format("{:.4g} Mbps", value / 1e3);
    }
    return kilobits < 1'000'000'000 ? fmt::format("{:.4g} Gbps", value / 1e6)
                                    : fmt::format("{:.4g} Tbps", value / 1e9);
}

std::string country_words(std::string_view code) {
    const auto name = model::country_name(code);
    if (!name.empty()) {
        return std::string{name};
    }
    return code.empty() ? "Nowhere" : std::string{code};
}

}  // namespace service
