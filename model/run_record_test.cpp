#include "model/run_record.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::RunOutcome;

TEST_CASE("the end of a run has one word, and one number in the database", "[model][run_record]") {
    // The words of the manual; the numbers are in databases that people have.
    const auto [outcome, word, number] = GENERATE(table<RunOutcome, std::string, int>({
        {RunOutcome::done, "done", 1},
        {RunOutcome::suspect, "suspect", 2},
        {RunOutcome::unfinished, "unfinished", 3},
        {RunOutcome::interrupted, "interrupted", 4},
        {RunOutcome::lost, "lost", 5},
    }));

    CHECK(to_string(outcome) == word);
    CHECK(static_cast<int>(outcome) == number);
}

TEST_CASE("a number of a later version has a word, too", "[model][run_record]") {
    CHECK(to_string(static_cast<RunOutcome>(6)) == "unknown");
}
