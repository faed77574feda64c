#include "model/catalog.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::is_official;
using model::Mirror;
using model::probe_url;
using model::ReviewStatus;

TEST_CASE("a mirror is official by its owner's wish and by review", "[model][catalog]") {
    const auto [why, candidate, status, expected] =
        GENERATE(table<std::string, bool, ReviewStatus, bool>({
            {"both", true, ReviewStatus::official, true},
            {"the owner does not want it", false, ReviewStatus::official, false},
            {"new", true, ReviewStatus::pending_review, false},
            {"reviewed and not taken", true, ReviewStatus::unofficial, false},
            {"known to be broken", true, ReviewStatus::broken, false},
        }));
    CAPTURE(why);
    Mirror mirror;
    mirror.official_candidate = candidate;
    mirror.status = status;

    CHECK(is_official(mirror) == expected);
}

TEST_CASE("a mirror just made is not official", "[model][catalog]") {
    CHECK_FALSE(is_official(Mirror{}));
}

TEST_CASE("the URL that is probed is https, else http, else ftp", "[model][catalog]") {
    Mirror mirror;
    mirror.rsync_url = "rsync://m.example/";
    CHECK(probe_url(mirror).empty());

    mirror.ftp_url = "ftp://m.example/";
    CHECK(probe_url(mirror) == "ftp://m.example/");

    mirror.http_url = "http://m.example/";
    CHECK(probe_url(mirror) == "http://m.example/");

    mirror.https_url = "https://m.example/";
    CHECK(probe_url(mirror) == "https://m.example/");
}
