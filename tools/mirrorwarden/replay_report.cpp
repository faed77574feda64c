#include "tools/mirrorwarden/replay_report.hpp"

#include "model/duration_text.hpp"
#include "model/json_parts.hpp"
#include "model/policy_setting.hpp"
#include "tools/mirrorwarden/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace mirrorwarden {
namespace {

using Json = nlohmann::ordered_json;

std::string moment(model::Timestamp when) {
    return model::format_timestamp(std::chrono::floor<std::chrono::seconds>(when));
}

Cell enabled_cell(const model::Course& course) {
    return course.enabled_at_end ? Cell{"on", Tone::good} : Cell{"off", Tone::bad};
}

Cell off_cell(const model::Course& course) {
    return course.off == std::chrono::seconds{0} ? Cell{"never", Tone::faint}
                                                 : Cell{model::duration_text(course.off)};
}

struct Event {
    model::Timestamp when;
    std::string mirror;
    std::string what;
    std::string why;
};

void add_events(std::vector<Event>& events, const model::ReplayedCourses& mirror) {
    const auto add = [&](const std::vector<model::Switch>& switches, std::string_view on,
                         std::string_view off) {
        for (const auto& change : switches) {
            events.push_back({.when = change.when,
                              .mirror = mirror.name,
                              .what = std::string{change.enabled ? on : off},
                              .why = change.why});
        }
    };
    add(mirror.was.switches, "was switched on", "was switched off");
    add(mirror.would_be.switches, "would be switched on", "would be switched off");
}

std::string mirrors_text(const ReplayReport& report, const Screen& screen) {
    Table table{.columns = {{"MIRROR", Alignment::left, true},
                            {"PROBES", Alignment::right},
                            {"IS"},
                            {"WOULD BE"},
                            {"WAS OFF"},
                            {"WOULD BE OFF"}},
                .rows = {}};
    for (const auto& mirror : report.result.mirrors) {
        if (mirror.differs()) {
            table.rows.push_back({{mirror.name},
                                  {fmt::to_string(mirror.probes)},
                                  enabled_cell(mirror.was),
                                  enabled_cell(mirror.would_be),
                                  off_cell(mirror.was),
                                  off_cell(mirror.would_be)});
        }
    }
    return table.rows.empty() ? "" : "\n" + render_table(table, screen);
}

std::string events_text(const ReplayReport& report, const Screen& screen) {
    std::vector<Event> events;
    for (const auto& mirror : report.result.mirrors) {
        if (mirror.differs()) {
            add_events(events, mirror);
        }
        for (const auto& kept : mirror.kept) {
            events.push_back({.when = kept.when,
                              .mirror = mirror.name,
                              .what = "would be kept, as one of the last",
                              .why = kept.why});
        }
    }
    std::ranges::stable_sort(events, {}, &Event::when);
    Table table{.columns = {{"WHEN"},
                            {"MIRROR", Alignment::left, true},
                            {"WHAT"},
                            {"WHY", Alignment::left, true}},
                .rows = {}};
    for (const auto& event : events) {
        table.rows.push_back({{moment(event.when)}, {event.mirror}, {event.what}, {event.why}});
    }
    return table.rows.empty() ? "" : "\n" + render_table(table, screen);
}

Json switches_json(const std::vector<model::Switch>& switches) {
    Json json = Json::array();
    for (const auto& change : switches) {
        json.push_back({{"when", model::format_timestamp(change.when)},
                        {"enabled", change.enabled},
                        {"by_admin", change.by_admin},
                        {"why", model::json_parts::text_or_null(change.why)}});
    }
    return json;
}

Json course_json(const model::Course& course) {
    return {{"enabled", course.enabled_at_end},
            {"off_seconds", course.off.count()},
            {"changes", switches_json(course.switches)}};
}

Json policy_json(const model::Policy& policy) {
    Json reasons = Json::array();
    for (const auto& reason : policy.disable_when) {
        reasons.push_back(to_string(reason));
    }
    return {{"disable_when", std::move(reasons)},
            {"failures_before_disable", policy.failures_before_disable},
            {"successes_before_enable", policy.successes_before_enable},
            {"never_below", policy.never_below}};
}

}  // namespace

std::string replay_text(const ReplayReport& report, const Screen& screen) {
    const auto& mirrors = report.result.mirrors;
    const auto others = std::ranges::count_if(mirrors, &model::ReplayedCourses::differs);
    std::string text = fmt::format(
        "{}: {} of {} mirrors would have been on or off at other times\n"
        "Policy: {}\n"
        "From {} to {}: {} {}\n",
        report.distribution, others, mirrors.size(), model::policy_text(report.policy),
        moment(report.since), moment(report.until), report.result.probes,
        report.result.probes == 1 ? "probe" : "probes");
    if (report.result.doubtful_runs > 0) {
        text += fmt::format("In {} {} so many mirrors failed that nothing would be decided\n",
                            report.result.doubtful_runs,
                            report.result.doubtful_runs == 1 ? "run" : "runs");
    }
    return text + mirrors_text(report, screen) + events_text(report, screen);
}

Json replay_json(const ReplayReport& report) {
    Json mirrors = Json::array();
    for (const auto& mirror : report.result.mirrors) {
        mirrors.push_back({{"name", mirror.name},
                           {"probes", mirror.probes},
                           {"differs", mirror.differs()},
                           {"was", course_json(mirror.was)},
                           {"would_be", course_json(mirror.would_be)},
                           {"kept", switches_json(mirror.kept)}});
    }
    return {{"distribution", report.distribution},
            {"since", model::format_timestamp(report.since)},
            {"until", model::format_timestamp(report.until)},
            {"policy", policy_json(report.policy)},
            {"probes", report.result.probes},
            {"doubtful_runs", report.result.doubtful_runs},
            {"mirrors", std::move(mirrors)}};
}

}  // namespace mirrorwarden
