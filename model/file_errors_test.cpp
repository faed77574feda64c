#include "model/file_errors.hpp"

#include "tools/cmake/catch.hpp"

using model::Doubles;
using model::file_errors_max;
using model::FileError;
using model::FileErrors;

TEST_CASE("errors are told by line, however they were found", "[model][file_errors]") {
    FileErrors errors;
    CHECK(errors.is_empty());

    errors.add(7, "second");
    errors.add(3, "first");
    errors.add(7, "third");

    CHECK_FALSE(errors.is_empty());
    CHECK(errors.take() == std::vector<FileError>{{3, "first"}, {7, "second"}, {7, "third"}});
}

TEST_CASE("of too many errors the first lines are kept", "[model][file_errors]") {
    FileErrors errors;
    for (int line = 1'000; line > 0; --line) {
        errors.add(line, "wrong");
    }

    const auto kept = errors.take();

    REQUIRE(kept.size() == file_errors_max);
    CHECK(kept.front().line == 1);
    CHECK(kept.back().line == 100);
}

TEST_CASE("what is given twice is named with both lines", "[model][file_errors]") {
    FileErrors errors;
    Doubles doubles;

    doubles.note("the mirror", "a", 9, errors);
    doubles.note("the mirror", "b", 5, errors);
    doubles.note("the mirror", "", 6, errors);
    doubles.note("the mirror", "", 7, errors);
    CHECK(errors.is_empty());
    doubles.note("the mirror", "a", 4, errors);

    CHECK(errors.take() ==
          std::vector<FileError>{{9, "the mirror \"a\" is given twice, in line 4 and in line 9"}});
}
