#include "model/directory_listing.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::choose_traces;
using model::ListedFile;
using model::parse_listing;

namespace {

model::Timestamp at(std::string_view text) {
    return model::parse_timestamp(text).value();
}

std::vector<std::string> names_of(const std::vector<ListedFile>& files) {
    std::vector<std::string> names;
    names.reserve(files.size());
    for (const auto& file : files) {
        names.push_back(file.name);
    }
    return names;
}

using Names = std::vector<std::string>;

// As each server writes it for a folder with "a.example", "master" and a folder "old".
const std::string apache =
    "<table><tr><th><a href=\"?C=N;O=D\">Name</a></th></tr>\n"
    "<tr><td><a href=\"/debian/project/\">Parent Directory</a></td><td>&nbsp;</td></tr>\n"
    "<tr><td valign=\"top\"><img src=\"/icons/unknown.gif\" alt=\"[   ]\"></td>"
    "<td><a href=\"a.example\">a.example</a></td>"
    "<td align=\"right\">2026-11-21 08:12  </td><td align=\"right\">1.4K</td></tr>\n"
    "<tr><td><a href=\"master\">master</a></td><td align=\"right\">2026-11-20 20:31  </td></tr>\n"
    "<tr><td><a href=\"old/\">old/</a></td><td align=\"right\">2019-01-02 03:04  </td></tr>\n"
    "</table>";
const std::string apache_plain =
    "<pre><a href=\"?C=N;O=D\">Name</a>  <a href=\"?C=M;O=A\">Last modified</a><hr>"
    "<a href=\"/debian/project/\">Parent Directory</a>                 -   \n"
    "<a href=\"a.example\">a.example</a>               2026-11-21 08:12  1.4K  \n"
    "<a href=\"master\">master</a>                  2026-11-20 20:31  231   \n"
    "<a href=\"old/\">old/</a>                    2019-01-02 03:04    -   \n</pre>";
const std::string nginx =
    "<html>\r\n<head><title>Index of /debian/project/trace/</title></head>\r\n"
    "<pre><a href=\"../\">../</a>\r\n"
    "<a href=\"old/\">old/</a>                        02-Jan-2019 03:04                   -\r\n"
    "<a href=\"a.example\">a.example</a>              21-Nov-2026 08:12                1402\r\n"
    "<a href=\"master\">master</a>                    20-Nov-2026 20:31                 231\r\n"
    "</pre>";
const std::string lighttpd =
    "<tr class=\"d\"><td class=\"n\"><a href=\"../\">..</a>/</td><td class=\"m\">&nbsp;</td></tr>\n"
    "<tr><td class=\"n\"><a href=\"a.example\">a.example</a></td>"
    "<td class=\"m\">2026-Nov-21 08:12:05</td><td class=\"s\">1.3K</td></tr>\n"
    "<tr><td class=\"n\"><a href=\"master\">master</a></td>"
    "<td class=\"m\">2026-Nov-20 20:31:59</td></tr>\n";
const std::string caddy =
    "<a href=\"./a.example\"><span class=\"name\">a.example</span></a></td>\n"
    "<td class=\"timestamp\"><time datetime=\"2026-11-21T08:12:05Z\">11/21/2026</time></td>"
    "<td><a href=\"./master\"><span class=\"name\">master</span></a></td>";
const std::string python =
    "<ul>\n<li><a href=\"a.example\">a.example</a></li>\n<li><a href=\"master\">master</a></li>\n"
    "<li><a href=\"old/\">old/</a></li>\n</ul>";

}  // namespace

TEST_CASE("the listing that each web server makes is read", "[model][directory_listing]") {
    const auto [page, has_times, server] = GENERATE(table<std::string, bool, std::string>({
        {apache, true, "Apache"},
        {apache_plain, true, "Apache without tables"},
        {nginx, true, "nginx"},
        {lighttpd, true, "lighttpd"},
        {caddy, false, "Caddy"},
        {python, false, "http.server of Python"},
    }));
    CAPTURE(server);

    const auto files = parse_listing(page, 100);

    REQUIRE(names_of(files) == Names{"a.example", "master"});
    if (has_times) {
        CHECK(files[0].modified == at("2026-11-21T08:12:00Z"));
        CHECK(files[1].modified == at("2026-11-20T20:31:00Z"));
    } else {
        CHECK_FALSE(files[0].modified.has_value());
    }
}

TEST_CASE("only plain names of the folder itself are taken", "[model][directory_listing]") {
    const auto [link, expected, why] = GENERATE(table<std::string, Names, std::string>({
        {"<a href=\"a\">", {"a"}, "a name"},
        {"<A HREF='a'>", {"a"}, "written in another way"},
        {"<a href=\"a\"></a><a href=\"a\">", {"a"}, "twice: once"},
        {"<a href=\"a~1+b_c-d.e\">", {"a~1+b_c-d.e"}, "all that a name may have"},
        {"<a href=\"https://evil.example/a\">", {}, "another host"},
        {"<a href=\"//evil.example\">", {}, "another host, shortly"},
        {"<a href=\"/a\">", {}, "another folder"},
        {"<a href=\"../a\">", {}, "the folder above"},
        {"<a href=\"..\">", {}, "the same"},
        {"<a href=\".htaccess\">", {}, "what is hidden"},
        {"<a href=\"a/\">", {}, "a folder"},
        {"<a href=\"a/b\">", {}, "deeper"},
        {"<a href=\"?C=N;O=D\">", {}, "how to sort it"},
        {"<a href=\"#top\">", {}, "a place in the page"},
        {"<a href=\"javascript:alert(1)\">", {}, "a script"},
        {"<a href=\"a%2Fb\">", {}, "an escape"},
        {"<a href=\"a b\">", {}, "a blank"},
        {"<a href=\"a\r\nX: y\">", {}, "a line break, which a request must not get"},
        {"<a href=\"\">", {}, "nothing"},
        {"<a href=a>", {}, "without quotes: nobody's listing"},
        {"<a href=\"a", {"a"}, "cut off: the name is asked for, and is there or not"},
        {"<a href=", {}, "cut off before it"},
        {"<a href=\"" + std::string(201, 'a') + "\">", {}, "too long"},
        {"", {}, "no page"},
    }));
    CAPTURE(why);

    CHECK(names_of(parse_listing(link, 100)) == expected);
}

TEST_CASE("of an endless listing a handful is taken", "[model][directory_listing]") {
    std::string page;
    for (int i = 0; i < 10'000; ++i) {
        page += "<a href=\"file" + std::to_string(i) + "\">x</a>\n";
    }

    CHECK(names_of(parse_listing(page, 3)) == Names{"file0", "file1", "file2"});
}

TEST_CASE("a time that is none is no time", "[model][directory_listing]") {
    const auto [text, why] = GENERATE(table<std::string, std::string>({
        {"2026-13-01 08:12", "a thirteenth month"},
        {"31-Feb-2026 08:12", "no such day"},
        {"2026-11-21 24:00", "no such hour"},
        {"2026-11-21 08:60", "no such minute"},
        {"2026-11-21", "a day without its hour"},
        {"08:12 2026-11-21", "the wrong way round"},
        {"99999999999-11-21 08:12", "a year beyond counting"},
        {"-- ::", "signs"},
        {std::string(2000, ' ') + "2026-11-21 08:12", "too far away to belong to it"},
    }));
    CAPTURE(why);

    const auto files = parse_listing("<a href=\"a\">a</a> " + text, 10);

    REQUIRE(files.size() == 1);
    CHECK_FALSE(files[0].modified.has_value());
}

TEST_CASE("the traces that tell most are chosen", "[model][directory_listing]") {
    const auto old = at("2026-11-20T20:31:00Z");
    const auto fresh = at("2026-11-21T08:12:00Z");
    const auto [files, expected, why] =
        GENERATE_COPY(table<std::vector<ListedFile>, Names, std::string>({
            {{}, {}, "an empty folder"},
            {{{"a.example", fresh}, {"b.example", old}, {"master", old}},
             {"a.example", "master"},
             "its own is the newest"},
            {{{"a.example", old}, {"b.example", fresh}, {"c.example", old}, {"master", old}},
             {"a.example", "b.example", "master"},
             "another name of the same machine has synced since"},
            {{{"b.example", old}, {"c.example", fresh}, {"master", old}},
             {"c.example", "master"},
             "the URL's host has none of its own: who synced last is it"},
            {{{"b.example", std::nullopt}, {"master", std::nullopt}},
             {"master"},
             "no times: nothing to choose by"},
            {{{"_traces", fresh}, {"a.example", old}},
             {"a.example"},
             "a list that the sync tool keeps"},
            {{{"master", fresh}}, {"master"}, "once"},
        }));
    CAPTURE(why);

    CHECK(choose_traces(files, "a.example") == expected);
}
