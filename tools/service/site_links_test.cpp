#include "tools/service/site_links.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;

TEST_CASE("a page has a folder, and each of its queries one below", "[service][site_links]") {
    const auto [path, query, expected, why] =
        GENERATE(table<std::string, QueryPairs, std::string, std::string>({
            {"/", {}, "index.html", "the first page"},
            {"/debian", {}, "debian/index.html", "a page"},
            {"/debian/mirrors",
             {{"country", "DE"}},
             "debian/mirrors/country-DE/index.html",
             "what a link of the map asks"},
            {"/debian/mirrors",
             {{"enabled", "true"}, {"freshness", "UP"}},
             "debian/mirrors/enabled-true_freshness-UP/index.html",
             "two parameters"},
            {"/mirror/a",
             {{"series", "../x%"}},
             "mirror/a/series-..=2fx=25/index.html",
             "a value stays one part of a path"},
        }));
    CAPTURE(why);

    CHECK(page_file_name(path, query) == expected);
}

TEST_CASE("what is no page keeps its name, but for what JSON and logs end in",
          "[service][site_links]") {
    const auto [path, expected] = GENERATE(table<std::string, std::string>({
        {"/debian/mirrors.txt", "debian/mirrors.txt"},
        {"/mirrorlist", "mirrorlist"},
        {"/assets/site.0123.css", "assets/site.0123.css"},
        {"/api/v1/openapi.json", "api/v1/openapi.json"},
        {"/api/v1/mirrors", "api/v1/mirrors.json"},
        {"/api/v1/mirrors/a/history", "api/v1/mirrors/a/history.json"},
        {"/api/v1/mirrors/a/probes/7/log", "api/v1/mirrors/a/probes/7/log.txt"},
        {"/mirrors/status/json", "mirrors/status.json"},
    }));

    CHECK(data_file_name(path) == expected);
}

TEST_CASE("a relative link leads from one file to another", "[service][site_links]") {
    const auto [from, to, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"index.html", "help/index.html", "help/index.html"},
        {"help/index.html", "index.html", "../index.html"},
        {"debian/index.html", "debian/mirrors/index.html", "mirrors/index.html"},
        {"mirror/ab/index.html", "mirror/ac/index.html", "../ac/index.html"},
        {"a/index.html", "a/index.html", "index.html"},
    }));

    CHECK(relative_link(from, to) == expected);
}

TEST_CASE("links of ours are put elsewhere, or taken away from their words",
          "[service][site_links]") {
    const auto relink = [](const std::string& target) -> std::optional<std::string> {
        return target == "/gone" ? std::nullopt : std::optional{"x" + target};
    };
    const auto [html, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {R"(<a href="/a?b=1&amp;c=2">)", R"(<a href="x/a?b=1&amp;c=2">)", "escaped again"},
        {R"(<script src="/s.js">)", R"(<script src="x/s.js">)", "what is loaded"},
        {R"(<a class="y" href="/gone">z</a>)", R"(<a class="y">z</a>)", "no file has it"},
        {R"(<a href="http://h/">)", R"(<a href="http://h/">)", "another host"},
        {R"(<a href="#states">)", R"(<a href="#states">)", "the same page"},
        {R"(a href=&quot;/a&quot;)", R"(a href=&quot;/a&quot;)", "text, and no link"},
    }));
    CAPTURE(why);

    CHECK(relinked(html, relink) == expected);
}
