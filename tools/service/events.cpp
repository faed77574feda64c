#include "tools/service/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace service {
namespace {

constexpr std::array<std::pair<std::string_view, EventKind>, 6> kinds = {{
    {"added", EventKind::added},
    {"enabled", EventKind::enabled},
    {"recovered", EventKind::recovered},
    {"disabled", EventKind::disabled},
    {"review", EventKind::review},
    {"maintenance", EventKind::maintenance},
}};

std::string_view role_of(std::string_view who) {
    if (who == "prober") {
        return "prober";
    }
    return who == "owner" || who.starts_with("owner ") ? "owner" : "admin";
}

/// What follows the prefix.
std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return std::nullopt;
    }
    return text.substr(prefix.size());
}

bool is_selected(const MirrorFacts& facts, const EventFilter& filter) {
    const auto& mirror = facts.mirror.mirror;
    return (!filter.distribution || mirror.distribution == *filter.distribution) &&
           (!filter.country || mirror.country == *filter.country) &&
           (!filter.mirror || mirror.name == *filter.mirror);
}

}  // namespace

std::string_view to_string(EventKind kind) noexcept {
    return std::ranges::find(kinds, kind, &std::pair<std::string_view, EventKind>::second)->first;
}

std::optional<EventKind> parse_event_kind(std::string_view text) noexcept {
    const auto* const found =
        std::ranges::find(kinds, text, &std::pair<std::string_view, EventKind>::first);
    return found == kinds.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Event> to_event(const model::AuditEntry& entry) {
    Event event;
    event.when = entry.when;
    event.who = role_of(entry.who);
    event.reason = entry.why;
    if (entry.what == "added") {
        event.kind = EventKind::added;
    } else if (entry.what == "enabled") {
        event.kind = event.who == "prober" ? EventKind::recovered : EventKind::enabled;
    } else if (entry.what == "disabled") {
        event.kind = EventKind::disabled;
    } else if (const auto status = after(entry.what, "status ")) {
        event.kind = EventKind::review;
        event.detail = *status;
    } else if (const auto maintenance = after(entry.what, "maintenance ")) {
        event.kind = EventKind::maintenance;
        event.detail = *maintenance;
    } else {
        return std::nullopt;
    }
    return event;
}

std::vector<Event> select_events(const World& world, const EventFilter& filter) {
    std::vector<Event> events;
    for (const auto& facts : world.mirrors) {
        if (!is_selected(*facts, filter)) {
            continue;
        }
        for (const model::AuditEntry& entry : facts->events) {
            if (filter.since && entry.when < *filter.since) {
                continue;
            }
            auto event = to_event(entry);
            if (event && (!filter.kind || event->kind == *filter.kind)) {
                event->mirror = facts.get();
                events.push_back(*event);
            }
        }
    }
    // Reversed, so that of one mirror's entries of one time the last made comes first.
    std::ranges::reverse(events);
    std::ranges::stable_sort(events, [](const Event& left, const Event& right) {
        if (left.when != right.when) {
            return left.when > right.when;
        }
        return left.mirror->mirror.mirror.name < right.mirror->mirror.mirror.name;
    });
    return events;
}

std::string title(const Event& event) {
    switch (event.kind) {
    case EventKind::added: return "Added";
    case EventKind::enabled: return "Enabled";
    case EventKind::recovered: return "Passed its probe again and was enabled";
    case EventKind::disabled: return "Disabled";
    case EventKind::review: return fmt::format("Reviewed: {}", event.detail);
    case EventKind::maintenance: return fmt::format("Maintenance {}", event.detail);
    }
    return {};
}

}  // namespace service
