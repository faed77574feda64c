#include "tools/mirrorwarden/mirror_table.hpp"

#include "model/country.hpp"
#include "model/duration_text.hpp"
#include "model/mail_address.hpp"
#include "model/sync_state.hpp"
#include "tools/mirrorwarden/display_width.hpp"
#include "tools/mirrorwarden/observation_text.hpp"
#include "tools/mirrorwarden/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace mirrorwarden {
namespace {

using model::Freshness;

// To the second: people need no more, and columns stay narrow.
std::string moment(model::Timestamp when) {
    return model::format_timestamp(std::chrono::floor<std::chrono::seconds>(when));
}

Cell freshness_cell(Freshness freshness) {
    Tone tone = Tone::bad;
    switch (freshness) {
    case Freshness::up:
    case Freshness::one_hour_behind:
    case Freshness::two_hours_behind:
    case Freshness::six_hours_behind: tone = Tone::good; break;
    case Freshness::one_day_behind:
    case Freshness::two_days_behind: tone = Tone::caution; break;
    case Freshness::one_week_behind: tone = Tone::bad; break;
    case Freshness::unknown: tone = Tone::faint; break;
    }
    return {std::string(title(freshness)), tone};
}

Cell enabled_cell(const model::MirrorState& state) {
    std::string why;
    if (!state.enabled && state.disabled_by != model::DisabledBy::nobody) {
        why = to_string(state.disabled_by);
    }
    if (state.maintenance_until) {
        why += why.empty() ? "maintenance" : ", maintenance";
    }
    std::string text = state.enabled ? "yes" : "no";
    if (!why.empty()) {
        text += fmt::format(" ({})", why);
    }
    return {text, state.enabled ? Tone::good : Tone::bad};
}

Cell verdict_cell(const model::ProbeRecord& record) {
    if (record.suspect) {
        return {"suspect", Tone::caution};
    }
    const bool failed = record.verdict == model::ProbeVerdict::failed;
    return {std::string(to_string(record.verdict)), failed ? Tone::bad : Tone::good};
}

// How many of the indexes, or image sets, that were asked for.
Cell found_cell(const model::ProbeRecord& record) {
    return {fmt::format("{} of {}", record.found, record.expected),
            record.found == record.expected ? Tone::plain : Tone::caution};
}

std::string addresses(const std::vector<model::MailAddress>& all) {
    std::string text;
    for (const auto& address : all) {
        text += (text.empty() ? "" : ", ") + model::format_mail_address(address);
    }
    return text;
}

/// "Name:        value" lines, those without a value left out.
class Facts {
public:
    explicit Facts(const Screen& screen) : screen_(screen) {}

    void add(std::string_view name, const Cell& value) {
        if (!value.text.empty()) {
            text_ += fmt::format("{:<16}{}\n", fmt::format("{}:", name),
                                 paint(printable(value.text), value.tone, screen_));
        }
    }

    void add(std::string_view name, const std::string& value) { add(name, Cell{value}); }

    /// Prose of several lines, none of which can be taken for a fact of ours.
    void add_lines(std::string_view name, std::string_view prose) {
        prose = prose.substr(0, prose.find_last_not_of("\r\n") + 1);
        prose.remove_prefix(std::min(prose.find_first_not_of("\r\n"), prose.size()));
        for (std::string label = fmt::format("{}:", name); !prose.empty(); label.clear()) {
            const auto size = std::min(prose.find('\n'), prose.size());
            const auto line = prose.substr(0, prose.substr(0, size).find_last_not_of('\r') + 1);
            text_ += line.empty() ? "\n" : fmt::format("{:<16}{}\n", label, printable(line));
            prose.remove_prefix(std::min(size + 1, prose.size()));
        }
    }

    std::string take() { return std::move(text_); }

private:
    const Screen& screen_;
    std::string text_;
};

std::string probes_text(int count, std::string_view adjective) {
    return fmt::format("{} {} probe{}", count, adjective, count == 1 ? "" : "s");
}

/// When mirrors of the distribution are switched off and on, what is usual left out.
void add_policy(Facts& facts, const model::Distribution& distribution) {
    const std::string reasons =
        distribution.disable_when.empty()
            ? ""
            : fmt::format(" for {}", fmt::join(distribution.disable_when, ", "));
    facts.add("Switched off",
              "after " + probes_text(distribution.failures_before_disable, "failed") + reasons);
    facts.add("Switched on",
              "after " + probes_text(distribution.successes_before_enable, "passed"));
    if (distribution.never_below > 0) {
        facts.add("Left on", fmt::format("the last {} of a country", distribution.never_below));
    }
    if (distribution.deep_every > 0) {
        facts.add("Deep probe", distribution.deep_every == 1
                                    ? "every one"
                                    : fmt::format("one in {}", distribution.deep_every));
    }
}

/// What the owner's script said; empty where it says nothing.
Cell sync_cell(const json::MirrorDetails& details) {
    if (!details.sync) {
        return {};
    }
    const auto& sync = *details.sync;
    switch (model::state_of(sync, details.now)) {
    case model::SyncState::complete: return {"complete since " + moment(*sync.completed)};
    case model::SyncState::under_way: return {"under way since " + moment(sync.started)};
    case model::SyncState::never_ended: break;
    }
    return {"never ended, began " + moment(sync.started), Tone::bad};
}

std::string mirror_facts(const json::MirrorDetails& details, const Screen& screen) {
    const auto& overview = details.overview;
    const auto& mirror = overview.mirror.mirror;
    const auto& state = overview.mirror.state;
    Facts facts(screen);
    facts.add("Name", mirror.name);
    facts.add("Display name", mirror.display_name);
    facts.add_lines("Description", mirror.description);
    facts.add("Distribution", mirror.distribution);
    facts.add("Owner", addresses(mirror.owners));
    const auto country = model::country_name(mirror.country);
    facts.add("Country",
              country.empty() ? mirror.country : fmt::format("{} ({})", country, mirror.country));
    facts.add("Speed", std::string(title(mirror.speed)));
    facts.add("Content", std::string(to_string(mirror.content)));
    facts.add("http", mirror.http_url);
    facts.add("https", mirror.https_url);
    facts.add("ftp", mirror.ftp_url);
    facts.add("rsync", mirror.rsync_url);
    facts.add("Status", std::string(to_string(mirror.status)));
    facts.add("Official", is_official(mirror)         ? "yes"
                          : mirror.official_candidate ? "no (candidate)"
                                                      : "no");
    facts.add("Enabled", enabled_cell(state));
    facts.add("Disabled for", state.enabled ? std::string() : state.disabled_reason);
    if (state.maintenance_until) {
        facts.add("Maintenance", "until " + moment(*state.maintenance_until));
    }
    facts.add("Sync", sync_cell(details));
    facts.add("Freshness", freshness_cell(overview.freshness.overall));
    facts.add("  of packages", freshness_cell(overview.freshness.architecture));
    facts.add("  of sources", freshness_cell(overview.freshness.source));
    facts.add("Whiteboard", mirror.whiteboard);
    facts.add("Known since", moment(state.created_at));
    return facts.take();
}

std::string rows_text(const std::vector<model::ContentRow>& rows, const Screen& screen) {
    Table table{.columns = {{"SERIES"}, {"POCKET"}, {"COMPONENT"}, {"ARCH"}, {"FRESHNESS"}},
                .rows = {}};
    for (const auto& row : rows) {
        table.rows.push_back({{row.bucket.series},
                              {std::string(to_string(row.bucket.pocket))},
                              {row.bucket.component},
                              {row.bucket.architecture},
                              freshness_cell(row.freshness)});
    }
    return render_table(table, screen);
}

std::string images_text(const std::vector<model::ImageRow>& images, const Screen& screen) {
    Table table{.columns = {{"SERIES"}, {"FLAVOUR"}}, .rows = {}};
    for (const auto& row : images) {
        table.rows.push_back({{row.series}, {row.flavour}});
    }
    return render_table(table, screen);
}

std::string audit_text(const std::vector<model::AuditEntry>& audit, const Screen& screen) {
    Table table{.columns = {{"WHEN"}, {"WHO"}, {"WHAT"}, {"WHY", Alignment::left, true}},
                .rows = {}};
    for (const auto& entry : audit) {
        table.rows.push_back({{moment(entry.when)}, {entry.who}, {entry.what}, {entry.why}});
    }
    return render_table(table, screen);
}

std::string delivery_text(const model::OutboxEntry& entry) {
    switch (entry.state) {
    case model::DeliveryState::waiting: return moment(entry.next_attempt);
    case model::DeliveryState::uncertain: return "when retried";
    case model::DeliveryState::sent: break;
    }
    return "-";
}

Tone delivery_tone(model::DeliveryState state) {
    return state == model::DeliveryState::sent        ? Tone::good
           : state == model::DeliveryState::uncertain ? Tone::bad
                                                      : Tone::plain;
}

}  // namespace

std::string mirror_list_text(const std::vector<json::MirrorLine>& mirrors, const Screen& screen) {
    Table table{.columns = {{"NAME", Alignment::left, true},
                            {"DISTRIBUTION", Alignment::left, true, 1},
                            {"COUNTRY", Alignment::left, false, 3},
                            {"SPEED", Alignment::right, false, 7},
                            {"CONTENT", Alignment::left, false, 6},
                            {"STATUS", Alignment::left, false, 5},
                            {"ENABLED"},
                            {"FRESHNESS"},
                            {"LAG"},
                            {"INTEGRITY"},
                            {"FOUND", Alignment::right, false, 4},
                            {"LAST PROBE", Alignment::left, false, 2}},
                .rows = {}};
    for (const auto& [overview, observation] : mirrors) {
        const auto& mirror = overview.mirror.mirror;
        table.rows.push_back(
            {{mirror.name},
             {mirror.distribution},
             {mirror.country},
             {std::string(to_string(mirror.speed))},
             {std::string(to_string(mirror.content))},
             {std::string(to_string(mirror.status))},
             enabled_cell(overview.mirror.state),
             freshness_cell(overview.freshness.overall),
             lag_cell(model::worst_lag(observation)),
             integrity_cell(model::known_integrity(observation)),
             overview.last_probe ? found_cell(overview.last_probe->record) : Cell{"-", Tone::faint},
             overview.last_probe ? Cell{moment(overview.last_probe->record.finished)}
                                 : Cell{"never", Tone::faint}});
    }
    return render_table(table, screen);
}

std::string mirror_details_text(const json::MirrorDetails& details, const Screen& screen) {
    std::string text = mirror_facts(details, screen);
    text += observation_text(details.observation, details.now, screen);
    if (!details.rows.empty()) {
        text += "\nIndexes that it has\n" + rows_text(details.rows, screen);
    }
    if (!details.images.empty()) {
        text += "\nImage sets that it has\n" + images_text(details.images, screen);
    }
    text += details.probes.empty() ? "\nNever probed\n"
                                   : "\nLast probes\n" + probe_list_text(details.probes, screen);
    if (!details.audit.empty()) {
        text += "\nWhat was changed\n" + audit_text(details.audit, screen);
    }
    return text;
}

std::string outcomes_text(const model::OutcomeCounts& outcomes) {
    std::string text;
    for (const auto& [name, count] : outcomes) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
    }
    return text;
}

std::string probe_list_text(const std::vector<model::StoredProbe>& probes, const Screen& screen) {
    Table table{.columns = {{"STARTED"},
                            {"VERDICT"},
                            {"FOUND", Alignment::right},
                            {"REQUESTS", Alignment::right},
                            {"OUTCOMES", Alignment::left, true}},
                .rows = {}};
    for (const auto& probe : probes) {
        const auto& record = probe.record;
        table.rows.push_back({{moment(record.started)},
                              verdict_cell(record),
                              found_cell(record),
                              {fmt::to_string(record.requests)},
                              {outcomes_text(record.outcomes)}});
    }
    return render_table(table, screen);
}

std::string outbox_text(const std::vector<model::OutboxEntry>& entries, const Screen& screen) {
    Table table{.columns = {{"ID", Alignment::right},
                            {"STATE"},
                            {"TO", Alignment::left, true},
                            {"SUBJECT", Alignment::left, true},
                            {"CREATED", Alignment::left, false, 2},
                            {"ATTEMPTS", Alignment::right, false, 3},
                            {"NEXT ATTEMPT", Alignment::left, false, 1},
                            {"LAST ERROR", Alignment::left, true}},
                .rows = {}};
    for (const auto& entry : entries) {
        table.rows.push_back({{fmt::to_string(model::to_integer(entry.id))},
                              {std::string(to_string(entry.state)), delivery_tone(entry.state)},
                              {model::format_mail_address(entry.message.to)},
                              {entry.message.subject},
                              {moment(entry.created)},
                              {fmt::to_string(entry.attempts)},
                              {delivery_text(entry)},
                              {entry.last_error}});
    }
    return render_table(table, screen);
}

std::string distribution_text(const model::Distribution& distribution,
                              const std::vector<std::string>& mirrors, const Screen& screen) {
    Facts facts(screen);
    std::vector<std::string_view> pockets;
    for (const auto pocket : distribution.pockets) {
        pockets.push_back(to_string(pocket));
    }
    facts.add("Distribution", distribution.name);
    facts.add("Title", distribution.title);
    facts.add("Primary", distribution.primary_url);
    facts.add("Freshness", std::string(to_string(distribution.freshness_rule)));
    facts.add("Pockets", fmt::format("{}", fmt::join(pockets, ", ")));
    facts.add("Admins", addresses(distribution.admins));
    facts.add("Keyring", distribution.keyring);
    facts.add("Sync may take", model::duration_text(distribution.sync_grace));
    add_policy(facts, distribution);
    facts.add("Manifest", distribution.manifest);
    facts.add("Mirrors", fmt::format("{}", fmt::join(mirrors, ", ")));

    Table table{.columns = {{"SERIES"},
                            {"VERSION"},
                            {"STATUS"},
                            {"COMPONENTS", Alignment::left, true},
                            {"ARCHITECTURES", Alignment::left, true},
                            {"UNOFFICIAL", Alignment::left, true}},
                .rows = {}};
    for (const auto& series : distribution.series) {
        table.rows.push_back(
            {{series.name},
             {series.version},
             {std::string(to_string(series.status))},
             {fmt::format("{}", fmt::join(series.components, " "))},
             {fmt::format("{}", fmt::join(series.architectures, " "))},
             {fmt::format("{}", fmt::join(series.unofficial_architectures, " "))}});
    }
    return facts.take() + (table.rows.empty() ? "" : "\n" + render_table(table, screen));
}

}  // namespace mirrorwarden
