#include "model/testing/right_catalog.hpp"
#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("one wrong line of a mirror gives its error and nothing else",
          "[model][catalog_mirror]") {
    const auto [why, from, to, line, fragment] =
        GENERATE(table<std::string, std::string, std::string, int, std::string>({
            {"a zero byte", "description", R"(description = "a\u0000")", 32, "control character"},
            {"a wrong mirror name", "name = \"one\"", "name = \"one/two\"", 30, "is no name"},
            {"no distribution", "distribution =", "", 29, "distribution is missing"},
            {"no owner", "owner = \"", "", 29, "owner is missing"},
            {"an empty list of owners", "owner = \"", "owner = []", 34, "empty"},
            {"a wrong owner", "owner = \"", "owner = \"Foo Bar\"", 34, "owner: \"Foo Bar\""},
            {"no country", "country", "", 29, "country is missing"},
            {"no such country", "country", "country = \"XX\"", 35, "\"XX\" is no country"},
            {"a small country", "country", "country = \"br\"", 35, "\"br\" is no country"},
            {"no such speed", "speed", "speed = \"3M\"", 36, "\"3M\" is not one of 128K"},
            {"a number as speed", "speed", "speed = 2000", 36, "must be a text"},
            {"a wrong content", "content", "content = \"CD\"", 37,
             "is not one of ARCHIVE, RELEASE"},
            {"another scheme", "http_url", "http_url = \"https://foo.bar.com/\"", 38,
             "http_url: the URL's scheme is \"https\", not http"},
            {"an empty URL", "http_url", "http_url = \"\"", 38, "http_url: the URL is empty"},
            {"only rsync", "http_url", "", 29, "none of http_url, https_url and ftp_url"},
            {"a wrong status", "status = \"OFFICIAL\"", "status = \"official\"", 40,
             "\"official\" is not one of PENDING_REVIEW"},
            {"no flag", "enabled", "enabled = \"yes\"", 41, "must be true or false"},
        }));
    CAPTURE(why);

    model::testing::check_one_error(from, to, line, fragment);
}
