#include "model/release_validators.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("a validator is kept where the file cannot have changed without it",
          "[model][release_validators]") {
    const std::string noon = "Sat, 21 Nov 2026 12:00:00 GMT";
    const auto now = model::parse_timestamp("2026-11-21T12:00:01Z").value();
    const auto [why, etag, last_modified, date, is_kept] =
        GENERATE_COPY(table<std::string, std::string, std::string, std::string, bool>({
            {"both, of this morning", "\"a\"", "Sat, 21 Nov 2026 08:00:00 GMT", noon, true},
            {"a date alone", "", "Sat, 21 Nov 2026 08:00:00 GMT", noon, true},
            {"a tag alone", "\"a\"", "", noon, true},
            {"a tag alone, and no clock", "\"a\"", "", "", true},
            {"changed three seconds before", "\"a\"", "Sat, 21 Nov 2026 11:59:57 GMT", noon, true},
            {"two: nginx makes its tag of that second", "\"a\"", "Sat, 21 Nov 2026 11:59:58 GMT",
             noon, false},
            {"in the same second", "", noon, noon, false},
            {"in the future", "\"a\"", "Sat, 21 Nov 2026 12:30:00 GMT", noon, false},
            {"no date of the answer", "\"a\"", "Sat, 21 Nov 2026 08:00:00 GMT", "", false},
            {"no date at all", "\"a\"", "yesterday", noon, false},
            {"a weak tag", "W/\"a\"", "Sat, 21 Nov 2026 08:00:00 GMT", noon, false},
            {"a tag as long as a letter", std::string(201, 'a'), "", noon, false},
            {"nothing", "", "", noon, false},
        }));
    CAPTURE(why);

    const auto kept = model::strong_validators(
        {.url = "http://a/InRelease", .etag = etag, .last_modified = last_modified, .date = date},
        now);

    REQUIRE(kept.has_value() == is_kept);
    if (kept) {
        CHECK(*kept == model::ReleaseValidators{"http://a/InRelease", etag, last_modified, now});
    }
}
