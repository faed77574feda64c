#include "model/json_parts.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/archive_refresh.hpp"
#include "tools/mirrorwarden/table.hpp"

#include <fmt/format.h>

namespace mirrorwarden {
namespace {

using model::json_parts::Json;
using model::json_parts::time_or_null;
using Result = SuiteReport::Result;

Cell result_cell(const SuiteReport& suite) {
    switch (suite.result) {
    case Result::baseline:
    case Result::changed: return {std::string(to_string(suite.result)), Tone::good};
    case Result::unchanged: return {"unchanged"};
    case Result::absent: return {"absent", Tone::faint};
    case Result::faulty: break;
    }
    return {std::string(suite.fault ? to_string(suite.fault->kind) : "faulty"), Tone::bad};
}

std::string number_or_nothing(const SuiteReport& suite, std::size_t number) {
    const bool is_read = suite.result == Result::baseline || suite.result == Result::changed;
    return is_read ? fmt::format("{}", number) : std::string{};
}

Json suite_json(const SuiteReport& suite) {
    return {{"suite", suite.suite},
            {"result", to_string(suite.result)},
            {"reason", suite.fault ? Json(to_string(suite.fault->kind)) : Json(nullptr)},
            {"message", suite.fault ? Json(suite.fault->what) : Json(nullptr)},
            {"date", time_or_null(suite.date)},
            {"valid_until", time_or_null(suite.valid_until)},
            {"indexes", suite.indexes},
            {"packages", suite.packages},
            {"published", suite.published},
            {"superseded", suite.superseded},
            {"requests", suite.requests},
            {"bytes", suite.bytes}};
}

}  // namespace

std::string refresh_text(const std::vector<ArchiveReport>& reports, const Screen& screen) {
    Table table;
    table.columns = {{"DISTRIBUTION"},
                     {"SUITE"},
                     {"RESULT"},
                     {"DATE"},
                     {"INDEXES", Alignment::right, false, 3},
                     {"PACKAGES", Alignment::right, false, 2},
                     {"PUBLISHED", Alignment::right},
                     {"SUPERSEDED", Alignment::right, false, 1},
                     {"REQUESTS", Alignment::right, false, 4}};
    for (const auto& report : reports) {
        for (const auto& suite : report.suites) {
            table.rows.push_back({{report.distribution},
                                  {suite.suite},
                                  result_cell(suite),
                                  {suite.date ? model::format_timestamp(*suite.date) : ""},
                                  {number_or_nothing(suite, suite.indexes)},
                                  {number_or_nothing(suite, suite.packages)},
                                  {number_or_nothing(suite, suite.published)},
                                  {number_or_nothing(suite, suite.superseded)},
                                  {fmt::format("{}", suite.requests)}});
        }
    }
    return render_table(table, screen);
}

std::string refresh_json(const std::vector<ArchiveReport>& reports) {
    Json distributions = Json::array();
    for (const auto& report : reports) {
        Json suites = Json::array();
        for (const auto& suite : report.suites) {
            suites.push_back(suite_json(suite));
        }
        distributions.push_back({{"name", report.distribution}, {"suites", std::move(suites)}});
    }
    return json::print_json({{"distributions", std::move(distributions)}});
}

}  // namespace mirrorwarden
