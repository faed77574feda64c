#include "tools/mirrorwarden/probe_report.hpp"

#include "model/timestamp.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/mirror_table.hpp"
#include "tools/mirrorwarden/observation_text.hpp"
#include "tools/mirrorwarden/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace mirrorwarden {
namespace {

/// Keys stay in the order in which people read them.
using Json = nlohmann::ordered_json;

std::vector<std::string> names_of(const ProbeReport& report, model::Change change) {
    std::vector<std::string> names;
    for (const auto& probed : report.mirrors) {
        if (probed.change == change) {
            names.push_back(probed.mirror.mirror.name);
        }
    }
    return names;
}

Json mirror_json(const ProbedMirror& probed) {
    Json outcomes = Json::object();
    for (const auto& [outcome, count] : probed.record.outcomes) {
        outcomes[outcome] = count;
    }
    return {{"name", probed.mirror.mirror.name},
            {"verdict", to_string(probed.record.verdict)},
            {"rows", probed.rows},
            {"requests", probed.record.requests},
            {"outcomes", std::move(outcomes)},
            {"freshness", to_string(probed.freshness.overall)},
            {"lag", probed.lag ? Json(probed.lag->behind.count()) : Json(nullptr)},
            {"integrity", probed.integrity ? Json(to_string(*probed.integrity)) : Json(nullptr)},
            {"why", probed.judged.why},
            {"kept", probed.is_kept}};
}

Cell verdict_cell(const ProbedMirror& probed) {
    const auto verdict = probed.record.verdict;
    return {std::string(to_string(verdict)), verdict == model::ProbeVerdict::passed ? Tone::good
                                             : verdict == model::ProbeVerdict::failed
                                                 ? Tone::bad
                                                 : Tone::faint};
}

Cell change_cell(const ProbedMirror& probed) {
    if (!probed.record.decided) {
        return {"not decided", Tone::caution};
    }
    if (probed.record.suspect) {
        return {"suspect", Tone::caution};
    }
    if (probed.is_kept) {
        return {"kept: one of the last", Tone::caution};
    }
    switch (probed.change) {
    case model::Change::disable: return {"disabled", Tone::bad};
    case model::Change::enable: return {"enabled", Tone::good};
    case model::Change::none: break;
    }
    return {};
}

/// "1 mirror", "2 mirrors".
std::string counted(std::size_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

}  // namespace

std::string dry_run_json(const ProbeWork& work) {
    Json names = Json::array();
    for (const auto& mirror : work.mirrors) {
        names.push_back(mirror.mirror.name);
    }
    Json deep = Json::array();
    for (const auto& task : work.tasks) {
        if (task.deep.is_deep) {
            deep.push_back(task.name);
        }
    }
    const Json json = {{"mirrors", std::move(names)},
                       {"requests", count_requests(work)},
                       {"deep", std::move(deep)}};
    return json::print_json(json);
}

std::string dry_run_text(const ProbeWork& work) {
    std::size_t name_width = 0;
    std::size_t requests_width = 0;
    for (const auto& task : work.tasks) {
        const auto requests = counted(task.assignment.asked->size(), "request");
        name_width = std::max(name_width, task.name.size());
        requests_width = std::max(requests_width, requests.size());
    }
    std::string text;
    for (const auto& task : work.tasks) {
        fmt::format_to(std::back_inserter(text), "{:<{}}  {:>{}} to {}{}\n", task.name, name_width,
                       counted(task.assignment.asked->size(), "request"), requests_width,
                       task.base_url, task.deep.is_deep ? ", deep" : "");
    }
    fmt::format_to(
        std::back_inserter(text), "{}, {}, and those for freshness where an index is found\n",
        counted(work.mirrors.size(), "mirror"), counted(count_requests(work), "request"));
    return text;
}

std::string report_json(const ProbeReport& report) {
    Json doubts = Json::array();
    for (const auto& doubt : report.doubts) {
        doubts.push_back({{"distribution", doubt.distribution}, {"reason", doubt.reason}});
    }
    Json unfinished = Json::array();
    for (const auto& mirror : report.unfinished) {
        unfinished.push_back({{"name", mirror.name}, {"reason", mirror.reason}});
    }
    Json mirrors = Json::array();
    for (const auto& probed : report.mirrors) {
        mirrors.push_back(mirror_json(probed));
    }
    const Json json = {{"started", model::format_timestamp(report.started)},
                       {"finished", model::format_timestamp(report.finished)},
                       {"probed", report.mirrors.size()},
                       {"disabled", names_of(report, model::Change::disable)},
                       {"enabled", names_of(report, model::Change::enable)},
                       {"suspect", !report.doubts.empty()},
                       {"interrupted", report.is_interrupted},
                       {"doubts", std::move(doubts)},
                       {"unfinished", std::move(unfinished)},
                       {"mirrors", std::move(mirrors)}};
    return json::print_json(json);
}

std::string report_text(const ProbeReport& report, const Screen& screen) {
    Table table;
    table.columns = {{.header = "MIRROR", .may_shrink = true},
                     {.header = "VERDICT"},
                     {.header = "FOUND", .alignment = Alignment::right},
                     {.header = "OF", .alignment = Alignment::right, .dispensable = 2},
                     {.header = "REQUESTS", .alignment = Alignment::right, .dispensable = 4},
                     {.header = "FRESHNESS"},
                     {.header = "LAG"},
                     {.header = "INTEGRITY", .dispensable = 1},
                     {.header = "CHANGE", .may_shrink = true},
                     {.header = "OUTCOMES", .may_shrink = true, .dispensable = 3}};
    for (const auto& probed : report.mirrors) {
        const auto& record = probed.record;
        table.rows.push_back({{probed.mirror.mirror.name},
                              verdict_cell(probed),
                              {fmt::format("{}", record.found)},
                              {fmt::format("{}", record.expected)},
                              {fmt::format("{}", record.requests)},
                              {std::string(title(probed.freshness.overall))},
                              lag_cell(probed.lag),
                              integrity_cell(probed.integrity),
                              change_cell(probed),
                              {outcomes_text(record.outcomes)}});
    }
    for (const auto& mirror : report.unfinished) {
        table.rows.push_back({{mirror.name},
                              {"unfinished", Tone::caution},
                              {},
                              {},
                              {},
                              {},
                              {},
                              {},
                              {"none: " + mirror.reason},
                              {}});
    }
    return render_table(table, screen);
}

}  // namespace mirrorwarden
