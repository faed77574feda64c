#include "tools/cmake/catch.hpp"
#include "tools/service/page_files.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/request_target.hpp"
#include "tools/service/router.hpp"
#include "tools/service/testing/hand_made_world.hpp"

#include <algorithm>

using namespace service;
using service::testing::hand_made_world;
using service::testing::noon;

namespace {

Response page(const std::string& target, const World& world, const std::string& base_path = "") {
    const auto routes = all_routes();
    auto parsed = parse_target(base_path + target, base_path);
    Request request;
    request.method = "GET";
    request.path = parsed->path;
    request.query = parsed->query;
    request.base_path = base_path;
    const RouteMatch match = find_route(routes, "GET", request.path);
    REQUIRE(match.route != nullptr);
    REQUIRE(match.route->read);
    request.captures = match.captures;
    return match.route->read(request, world, noon);
}

std::string html(const std::string& target) {
    static const auto world = hand_made_world();
    auto response = page(target, *world);
    INFO(target);
    REQUIRE(response.status == 200);
    CHECK(response.content_type == "text/html; charset=utf-8");
    return response.body;
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The elements that are open at the end; "x" where one is closed that is not open.
std::vector<std::string> left_open(const std::string& text) {
    static const std::vector<std::string> empty_elements = {"meta", "link", "input", "br"};
    std::vector<std::string> open;
    for (auto at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
        const bool is_end = text[at + 1] == '/';
        const auto begin = at + (is_end ? 2 : 1);
        const auto name = text.substr(begin, text.find_first_of(" >/", begin) - begin);
        const auto end = text.find('>', at);
        if (name == "!doctype" || text[end - 1] == '/' ||
            std::ranges::find(empty_elements, name) != empty_elements.end()) {
            continue;
        }
        if (!is_end) {
            open.push_back(name);
        } else if (!open.empty() && open.back() == name) {
            open.pop_back();
        } else {
            return {"x", name};
        }
    }
    return open;
}

const std::vector<std::string> targets = {"/",
                                          "/debian",
                                          "/ubuntu",
                                          "/debian/mirrors",
                                          "/ubuntu/mirrors",
                                          "/debian/mirrors?sort=-lag&country=DE",
                                          "/debian/countries",
                                          "/debian/disabled",
                                          "/mirror/near",
                                          "/mirror/far?span=year",
                                          "/mirror/off?span=day&series=bookworm",
                                          "/mirror/unprobed",
                                          "/mirror/hostile",
                                          "/compare",
                                          "/compare?a=near&b=hostile",
                                          "/help"};

}  // namespace

TEST_CASE("each page is whole, in one language, and without inline code", "[service][pages]") {
    const auto target = GENERATE(from_range(targets));
    CAPTURE(target);
    const auto text = html(target);

    CHECK(says(text, "<html lang=\"en\">"));
    CHECK(says(text, "<main id=\"main\">"));
    CHECK(left_open(text).empty());
    CHECK_FALSE(says(text, "<script>"));
    CHECK_FALSE(says(text, "style="));
    CHECK_FALSE(says(text, "{{"));
    CHECK_FALSE(says(text, "secret"));
}

TEST_CASE("hostile text is text on every page", "[service][pages]") {
    const auto target = GENERATE(as<std::string>{}, "/mirror/hostile", "/debian",
                                 "/compare?a=near&b=hostile", "/debian/disabled");
    CAPTURE(target);
    const auto text = html(target);

    CHECK_FALSE(says(text, "alert(\""));
    CHECK_FALSE(says(text, "\x01"));
    CHECK_FALSE(says(text, "\xff"));
    // It is cut, too.
    CHECK_FALSE(says(text, std::string(3'000, 'A')));
}

TEST_CASE("a hostile reason stands on the mirror's page as it is", "[service][pages]") {
    CHECK(says(html("/mirror/hostile"), "<bdi>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"));
}

TEST_CASE("what is asked for wrongly is answered by a page", "[service][pages]") {
    const auto world = hand_made_world();
    const auto [target, status, words] = GENERATE(table<std::string, int, std::string>({
        {"/nothing", 404, "There is no distribution or page &quot;nothing&quot;."},
        {"/%3Cscript%3E", 404, "&lt;script&gt;"},
        {"/nothing/mirrors", 404, "nothing"},
        {"/mirror/nothing", 404, "There is no mirror &quot;nothing&quot;."},
        {"/compare?a=nothing&b=near", 404, "nothing"},
        {"/debian/mirrors?sort=beauty", 400, "sort"},
        {"/debian/mirrors?distribution=ubuntu", 400, "distribution"},
        {"/debian?colour=red", 400, "colour"},
        {"/mirror/near?span=century", 400, "span"},
        {"/mirror/near?series=woody", 400, "series"},
    }));
    CAPTURE(target);

    const auto response = page(target, *world);

    CHECK(response.status == status);
    CHECK(response.content_type == "text/html; charset=utf-8");
    CHECK(response.keeping == Keeping::nowhere);
    CHECK(says(response.body, words));
    CHECK(left_open(response.body).empty());
}

TEST_CASE("every link of every page stays below the base path", "[service][pages]") {
    const auto world = hand_made_world();
    const auto target = GENERATE(from_range(targets));
    CAPTURE(target);
    const std::string text = page(target, *world, "/branch1/ubuntu").body;
    for (const std::string attribute : {" href=\"", " action=\"", " src=\""}) {
        for (auto at = text.find(attribute); at != std::string::npos;
             at = text.find(attribute, at + 1)) {
            const auto link = text.substr(at + attribute.size(), 60);
            CAPTURE(link);
            const bool is_mirror = says(link, ".example.org/") &&
                                   (link.starts_with("http://") || link.starts_with("https://"));
            CHECK((link.starts_with("/branch1/ubuntu/") || link.starts_with("#") || is_mirror));
        }
    }
}

TEST_CASE("the table of mirrors shows what filters ask for", "[service][pages]") {
    const auto all = html("/debian/mirrors");
    CHECK(says(all, "6 mirrors, 11.1 Gbps together"));
    CHECK(says(all, "Germany <span class=\"who\">3 mirrors, 1.102 Gbps</span>"));
    // What is disabled gives nobody anything.
    CHECK(says(all, "Brazil <span class=\"who\">1 mirror, 0</span>"));
    CHECK(all.find("/mirror/near\"") < all.find("/mirror/late\""));

    const auto some = html("/debian/mirrors?country=&freshness=ONEDAYBEHIND&sort=name");
    CHECK(says(some, "/mirror/late\""));
    CHECK_FALSE(says(some, "/mirror/near\""));
    CHECK(says(some, "<option value=\"ONEDAYBEHIND\" selected>"));
    CHECK(says(some, "aria-sort=\"ascending\""));
    CHECK(says(some, "mirrors?freshness=ONEDAYBEHIND&amp;sort=-name\""));
}

TEST_CASE("the overview counts mirrors by state", "[service][pages]") {
    const auto text = html("/debian");
    CHECK(says(text,
               "enabled=false\"><span class=\"bad\">Disabled</span></a></th>"
               "<td class=\"number\">1</td>"));
    CHECK(says(text,
               "freshness=UP\"><span class=\"good\">Up to date</span></a></th>"
               "<td class=\"number\">2</td>"));
    // near, far and late, and hostile's suite is none of the archive's.
    CHECK(says(text, "3 enabled mirrors carry it"));
    CHECK(says(text, "off</a>: <bdi>Disabled</bdi>: <bdi>nothing was there</bdi>"));
}

TEST_CASE("the only distribution is the first page", "[service][pages]") {
    auto one = std::make_shared<World>(*hand_made_world());
    one->distributions.pop_back();
    CHECK(says(page("/", *one).body, "<h1>Mirrors of Debian</h1>"));
    CHECK(says(html("/"), "<a href=\"/ubuntu\">Ubuntu</a>"));
}

TEST_CASE("a mirror's page says what is wrong and how to use it", "[service][pages]") {
    CHECK(says(html("/mirror/near"), "The last probe found nothing wrong."));
    CHECK(says(html("/mirror/unprobed"), "Nobody has looked yet."));
    CHECK(says(html("/mirror/off"), "<strong>Disabled</strong> by prober"));
    CHECK(says(html("/mirror/hostile"), "/help#torn-index\""));
    CHECK(says(html("/mirror/near"), "deb https://near.example.org/debian/ sid main\n"));
}

TEST_CASE("a mirror's page says what its owner's script said of its sync", "[service][pages]") {
    const auto under_way = html("/mirror/late");
    const auto never_ended = html("/mirror/off");

    CHECK(says(html("/mirror/near"), "<dt>Sync</dt><dd>complete <time"));
    CHECK(says(under_way, "<dt>Sync</dt><dd>under way, began <time"));
    CHECK(!says(under_way, "never ended"));
    CHECK(says(never_ended, "<dt>Sync</dt><dd><strong>never ended</strong>: began <time"));
    CHECK(says(never_ended, "2 d ago"));
    CHECK(!says(html("/mirror/far"), "<dt>Sync</dt>"));
}

TEST_CASE("an asset is kept for a year under a name of its own", "[service][pages]") {
    const auto world = hand_made_world();
    const auto style = page("/assets/" + asset_name(page_file("site.css")), *world);
    CHECK(style.status == 200);
    CHECK(style.content_type == "text/css; charset=utf-8");
    CHECK(style.keeping == Keeping::pinned);
    CHECK(page("/assets/site.css", *world).status == 404);
    CHECK(page("/assets/part_head.html", *world).status == 404);
}

TEST_CASE("bandwidth is in the unit that fits", "[service][pages]") {
    const auto [kilobits, text] = GENERATE(table<std::uint64_t, std::string>({
        {0, "0"},
        {512, "512 Kbps"},
        {45'000, "45 Mbps"},
        {2'500'000, "2.5 Gbps"},
        {1'000'000'000, "1 Tbps"},
    }));
    CHECK(bandwidth_text(kilobits) == text);
}
