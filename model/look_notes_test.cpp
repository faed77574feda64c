#include "model/look_notes.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using Notes = std::vector<std::string>;

TEST_CASE("what a mirror says of its syncs is a line of its log", "[model][look_notes]") {
    const auto when = model::parse_timestamp("2026-11-21T08:12:05Z");
    const auto [trace, expected] = GENERATE_COPY(table<model::TraceState, std::string>({
        {{"a.example", when, "b.example", "ftpsync 20180513"},
         "trace a.example: last sync 2026-11-21T08:12:05Z, from b.example, by ftpsync 20180513"},
        {{"master", when, "", "dak"}, "trace master: last sync 2026-11-21T08:12:05Z, by dak"},
        {{"a", when, "", ""}, "trace a: last sync 2026-11-21T08:12:05Z"},
        {{"a", std::nullopt, "", ""}, "trace a"},
        {{"a", std::nullopt, "b\nc", ""}, "trace a: from b c"},
    }));
    model::Observation observation;
    observation.traces = {trace};

    CHECK(model::look_notes(observation) == Notes{expected});
}

TEST_CASE("what an rsync daemon said is a line too", "[model][look_notes]") {
    const auto [outcome, offers, expected] =
        GENERATE(table<model::OutcomeKind, std::optional<bool>, std::string>({
            {model::OutcomeKind::ok, true, "rsync rsync://a.example/b/: ok, offers the module"},
            {model::OutcomeKind::ok, false,
             "rsync rsync://a.example/b/: ok, does not offer the module"},
            {model::OutcomeKind::refused, std::nullopt, "rsync rsync://a.example/b/: refused"},
        }));
    model::Observation observation;
    observation.rsync = {
        .url = "rsync://a.example/b/", .outcome = {outcome}, .offers_module = offers};

    CHECK(model::look_notes(observation) == Notes{expected});
    CHECK(model::look_notes({}).empty());
}
