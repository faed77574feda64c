#include "tools/workers/report_answer.hpp"

#include "tools/cmake/catch.hpp"

using workers::AcquiredBranch;
using workers::Arrival;
using workers::judge;
using workers::read_acquired;
using workers::SaidBefore;
using workers::words_of;

TEST_CASE("an answer is taken, waited for, or believed for ever", "[workers][report_answer]") {
    using Row = std::tuple<const char*, int, Arrival>;
    const auto [why, status, expected] = GENERATE(table<const char*, int, Arrival>({
        Row{"done", 200, Arrival::arrived},
        Row{"made", 201, Arrival::arrived},
        Row{"taken", 202, Arrival::arrived},
        Row{"no answer at all", 0, Arrival::later},
        Row{"the service asks for time", 429, Arrival::later},
        Row{"too slow a client", 408, Arrival::later},
        Row{"the database is away", 503, Arrival::later},
        Row{"a proxy without its service", 502, Arrival::later},
        Row{"our service is broken now", 500, Arrival::later},
        Row{"the token is not known", 401, Arrival::not_allowed},
        Row{"the token is not for this", 403, Arrival::not_allowed},
        Row{"no such branch", 404, Arrival::refused},
        Row{"an attempt that is over", 409, Arrival::refused},
        Row{"wrong fields", 422, Arrival::refused},
        Row{"too long", 413, Arrival::refused},
        Row{"somewhere else: the token stays here", 302, Arrival::refused},
        Row{"no such method there, ever", 501, Arrival::refused},
    }));
    CAPTURE(why);

    CHECK(judge({.status = status, .body = {}, .detail = {}}, SaidBefore::no) == expected);
}

TEST_CASE("a conflict after a try without an answer means that it had arrived",
          "[workers][report_answer]") {
    CHECK(judge({.status = 409, .body = {}, .detail = {}}, SaidBefore::perhaps) ==
          Arrival::arrived);
    CHECK(judge({.status = 404, .body = {}, .detail = {}}, SaidBefore::perhaps) ==
          Arrival::refused);
}

TEST_CASE("the service's own words are told, and others as what they are",
          "[workers][report_answer]") {
    CHECK(words_of({.status = 409, .body = R"({"detail":"It is over."})", .detail = {}}) ==
          "It is over. (409)");
    CHECK(words_of({.status = 502, .body = "<h1>Bad\x1b gateway</h1>", .detail = {}}) ==
          "status 502, in words that are not the service's: \"<h1>Bad  gateway</h1>\"");
    CHECK(words_of({.status = 0, .body = {}, .detail = "Connection refused"}) ==
          "Connection refused");
    CHECK(words_of({.status = 0, .body = {}, .detail = {}}) == "no answer came");
    CHECK(words_of({.status = 500, .body = R"({"detail":7})", .detail = {}}).find("status 500") ==
          0);
}

TEST_CASE("an attempt is read from what a start is answered", "[workers][report_answer]") {
    CHECK(workers::attempt_of(R"({"branch":{"id":7},"attempt":"abc"})") == "abc");
    CHECK(workers::attempt_of(R"({"attempt":null})").empty());
    CHECK(workers::attempt_of("[]").empty());
    CHECK(workers::attempt_of("not JSON").empty());
}

TEST_CASE("an acquired branch is read, or nothing is due, or the answer is none",
          "[workers][report_answer]") {
    const auto acquired = read_acquired(
        R"({"branch":{"id":7,"name":"a/b","url":"https://x/","type":"MIRRORED"},"attempt":"t"})");
    REQUIRE(acquired.has_value());
    REQUIRE(acquired->has_value());
    CHECK(**acquired ==
          AcquiredBranch{
              .id = model::BranchId{7}, .name = "a/b", .url = "https://x/", .attempt = "t"});

    const auto nothing = read_acquired(R"({"branch":null})");
    REQUIRE(nothing.has_value());
    CHECK_FALSE(nothing->has_value());

    const auto* const wrong = GENERATE(
        "", "[]", "{}", R"({"branch":7,"attempt":"t"})", R"({"branch":{"id":"7"},"attempt":"t"})",
        R"({"branch":{"id":0},"attempt":"t"})", R"({"branch":{"id":-1},"attempt":"t"})",
        R"({"branch":{"id":1e300},"attempt":"t"})", R"({"branch":{"id":7,"url":"x"}})");
    CAPTURE(wrong);
    CHECK(read_acquired(wrong).has_error());
}
