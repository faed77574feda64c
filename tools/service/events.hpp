#pragma once

#include "tools/service/world.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

enum class EventKind { added, enabled, recovered, disabled, review, maintenance };
std::string_view to_string(EventKind) noexcept;  // "recovered"
std::optional<EventKind> parse_event_kind(std::string_view) noexcept;

/// What happened to a mirror, as everybody may know it. Looks into its audit entry, which
/// must outlive it.
struct Event {
    EventKind kind = EventKind::added;
    model::Timestamp when;
    const MirrorFacts* mirror = nullptr;  // of the world
    std::string_view who;                 // "prober", "admin" or "owner": nobody's name
    std::string_view reason;              // may be empty
    std::string_view detail;              // "OFFICIAL", "until 2026-01-02T00:00:00Z"; may be empty
};

/// What an audit entry tells the public; empty for what concerns nobody else, such as a URL.
/// `recovered` is what the prober enabled.
std::optional<Event> to_event(const model::AuditEntry&);

struct EventFilter {
    std::optional<std::string> distribution = std::nullopt;
    std::optional<std::string> country = std::nullopt;
    std::optional<std::string> mirror = std::nullopt;
    std::optional<EventKind> kind = std::nullopt;
    std::optional<model::Timestamp> since = std::nullopt;
};

/// Newest first; of one time by the mirror's name.
std::vector<Event> select_events(const World&, const EventFilter&);

/// "Disabled", "Passed its probe again, and was enabled"
std::string title(const Event&);

}  // namespace service
