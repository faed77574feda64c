#include "tools/service/mass_change.hpp"

#include "model/mirror_url.hpp"
#include "model/stable_hash.hpp"
#include "tools/service/doorkeeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <utility>

namespace service {
namespace {

using model::StoredMirror;
using model::Timestamp;

constexpr std::size_t mirrors_max = 10'000;
constexpr std::array<std::pair<std::string_view, MassAct>, 6> acts = {{
    {"enable", MassAct::enable},
    {"disable", MassAct::disable},
    {"review", MassAct::review},
    {"probe", MassAct::probe},
    {"maintenance", MassAct::maintenance},
    {"end-maintenance", MassAct::end_maintenance},
}};

std::string minutes_text(Timestamp when) {
    return model::format_timestamp(std::chrono::floor<std::chrono::minutes>(when));
}

bool is_in_maintenance(const StoredMirror& mirror, Timestamp now) {
    return mirror.state.maintenance_until && *mirror.state.maintenance_until > now;
}

/// RFC 3339, or as browsers send a date and a time.
std::optional<Timestamp> read_time(std::string_view text) {
    const auto whole = model::parse_timestamp(text);
    return whole ? whole : model::parse_timestamp(std::string{text} + ":00Z");
}

std::string fault_of(const MassChange& change, Timestamp now) {
    if (change.act == MassAct::disable &&
        change.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
        return "Say why: the owners and the audit trail are told.";
    }
    if (const auto fault = reason_fault(change.reason)) {
        return fmt::format("The reason is {}.", *fault);
    }
    if (change.act == MassAct::review && !change.status) {
        return "Say what the review came to.";
    }
    if (change.act == MassAct::maintenance) {
        const auto judged =
            change.until ? judge_maintenance(*change.until, now) : MaintenanceFault::past;
        if (judged != MaintenanceFault::none) {
            return "Say until when, in the future and a year away at most.";
        }
    }
    return {};
}

}  // namespace

std::string_view to_string(MassAct act) noexcept {
    for (const auto& [word, value] : acts) {
        if (value == act) {
            return word;
        }
    }
    return {};
}

std::optional<MassAct> parse_mass_act(std::string_view text) noexcept {
    for (const auto& [word, value] : acts) {
        if (word == text) {
            return value;
        }
    }
    return std::nullopt;
}

boost::system::result<MassChange, std::string> read_mass_change(const Request& request,
                                                                Timestamp now) {
    const auto act = parse_mass_act(form_value(request, "action").value_or(""));
    if (!act) {
        return "Say what is to be done.";
    }
    MassChange change;
    change.act = *act;
    change.reason = form_value(request, "reason").value_or("");
    for (const auto status : all_review_statuses()) {
        if (form_value(request, "status") == to_string(status)) {
            change.status = status;
        }
    }
    change.until = read_time(form_value(request, "until").value_or(""));
    change.tells_owners = form_value(request, "notify_owner") == "true";
    if (auto fault = fault_of(change, now); !fault.empty()) {
        return fault;
    }
    return change;
}

MassEffect effect_of(const MassChange& change, const StoredMirror& mirror, Timestamp now) {
    const auto& state = mirror.state;
    switch (change.act) {
    case MassAct::enable:
        return state.enabled ? MassEffect{false, "is enabled already"}
                             : MassEffect{true, "is listed and probed again"};
    case MassAct::disable:
        return state.enabled || state.disabled_by != model::DisabledBy::admin
                   ? MassEffect{true, "is switched off until an admin enables it"}
                   : MassEffect{false, "was disabled by an admin already"};
    case MassAct::review:
        return mirror.mirror.status == *change.status
                   ? MassEffect{false, fmt::format("is {} already", to_string(*change.status))}
                   : MassEffect{true, fmt::format("is {} from now on", to_string(*change.status))};
    case MassAct::probe:
        if (model::probe_url(mirror.mirror).empty()) {
            return {false, "has no URL that is probed"};
        }
        return {true, "is probed by the next run, within some minutes"};
    case MassAct::maintenance:
        if (state.maintenance_until == change.until) {
            return {false, "is in maintenance until then already"};
        }
        return {true, fmt::format("is in maintenance until {}", minutes_text(*change.until))};
    case MassAct::end_maintenance:
        return is_in_maintenance(mirror, now) ? MassEffect{true, "is judged by its probes again"}
                                              : MassEffect{false, "is not in maintenance"};
    }
    return {};
}

std::string state_text(const StoredMirror& mirror, Timestamp now) {
    const auto& state = mirror.state;
    std::string text =
        state.enabled ? "enabled" : fmt::format("disabled by {}", to_string(state.disabled_by));
    if (is_in_maintenance(mirror, now)) {
        text += fmt::format(", in maintenance until {}", minutes_text(*state.maintenance_until));
    }
    return fmt::format("{}, {}", text, to_string(mirror.mirror.status));
}

std::string fingerprint_of(const StoredMirror& mirror) {
    const auto& state = mirror.state;
    const auto until = state.maintenance_until.value_or(Timestamp{}).time_since_epoch().count();
    return fmt::format(
        "{:016x}", model::stable_hash(
                       fmt::format("{} {} {} {} {}", state.enabled, to_string(state.disabled_by),
                                   until, to_string(mirror.mirror.status), state.disabled_reason)));
}

std::string write_seen(const std::vector<SeenMirror>& mirrors) {
    std::string text;
    for (const SeenMirror& mirror : mirrors) {
        text += mirror.name + " " + mirror.fingerprint + "\n";
    }
    return text;
}

std::optional<std::vector<SeenMirror>> read_seen(std::string_view text) {
    std::vector<SeenMirror> mirrors;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find_first_of("\r\n"));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.empty()) {
            continue;  // browsers send line ends of two letters
        }
        const auto blank = line.find(' ');
        if (blank == std::string_view::npos || mirrors.size() == mirrors_max ||
            !model::is_valid_name(line.substr(0, blank))) {
            return std::nullopt;
        }
        mirrors.push_back(
            {std::string{line.substr(0, blank)}, std::string{line.substr(blank + 1)}});
    }
    return mirrors;
}

ChangeResult make_change(const MassChange& change, model::Store& store, const StoredMirror& mirror,
                         const model::Author& author, const ChangeSettings& settings) {
    const auto& name = mirror.mirror.name;
    switch (change.act) {
    case MassAct::enable: return enable_mirror(store, name, author);
    case MassAct::disable:
        return disable_mirror(store, mirror, author,
                              {.tells_owners = change.tells_owners,
                               .id_host = settings.id_host,
                               .read_log = settings.read_log});
    case MassAct::review: return review_mirror(store, name, *change.status, author);
    case MassAct::probe: return request_probe(store, mirror, std::chrono::seconds{0}, author);
    case MassAct::maintenance: return set_maintenance(store, name, change.until, author);
    case MassAct::end_maintenance: break;
    }
    assert(change.act == MassAct::end_maintenance);
    return set_maintenance(store, name, std::nullopt, author);
}

}  // namespace service
