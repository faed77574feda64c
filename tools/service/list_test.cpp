#include "tools/cmake/catch.hpp"
#include "tools/service/metrics.hpp"
#include "tools/service/testing/hand_made_world.hpp"
#include "tools/service/xml_text.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace service::testing;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

bool is_near(const Json& found, double expected) {
    return std::abs(found.get<double>() - expected) < 1e-6;
}

std::string text_of(const std::string& target) {
    static const auto world = hand_made_world();
    const auto response = answer(target, *world);
    INFO(target << " " << response.body.substr(0, 500));
    REQUIRE(response.status == 200);
    return response.body;
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string url(const std::string& name) {
    return "http://" + name + ".example.org/debian/\n";
}

const std::string near_url = "https://near.example.org/debian/\n";
const std::string primary_url = "http://primary.example.org/debian/\n";

}  // namespace

TEST_CASE("mirrors.txt has the enabled official mirrors, the freshest and fastest first",
          "[service][lists]") {
    CHECK(text_of("/debian/mirrors.txt") == url("far") + near_url + url("late") + url("hostile"));
    CHECK(text_of("/mirrors.txt?distribution=debian") == text_of("/debian/mirrors.txt"));
    CHECK(text_of("/ubuntu/mirrors.txt").empty());
    CHECK(text_of("/debian/mirrors.txt?content=RELEASE").empty());
}

TEST_CASE("mirrors.csv has the columns of the API's list, and its order and choice",
          "[service][lists]") {
    const auto json = Json::parse(text_of("/api/v1/mirrors?country=DE&sort=-speed"));
    const auto all = nlohmann::ordered_json::parse(text_of("/api/v1/mirrors"));
    std::string heads;
    for (const auto& [key, value] : all["mirrors"][0].items()) {
        heads += (heads.empty() ? "" : ",") + key;
    }

    const auto response = answer("/mirrors.csv?country=DE&sort=-speed", *hand_made_world());
    std::istringstream lines{response.body};
    std::string line;

    CHECK(response.content_type == "text/csv; charset=utf-8; header=present");
    REQUIRE(std::getline(lines, line));
    CHECK(line == heads + "\r");
    for (const auto& mirror : json["mirrors"]) {
        REQUIRE(std::getline(lines, line));
        CHECK(line.starts_with(mirror["name"].get<std::string>() + ","));
        CHECK(line.ends_with("\r"));
    }
    CHECK_FALSE(std::getline(lines, line));
    CHECK(text_of("/debian/mirrors.csv") == text_of("/mirrors.csv?distribution=debian"));
    CHECK(answer("/mirrors.csv?country=Germany", *hand_made_world()).status == 400);
    CHECK(answer("/arch/mirrors.csv", *hand_made_world()).status == 404);
}

TEST_CASE("text in mirrors.csv stays in its cell and is no formula", "[service][lists]") {
    const auto [name, expected] = GENERATE(table<std::string, std::string>({
        {"plain", "plain"},
        {"one, two", "\"one, two\""},
        {"a \"b\"", "\"a \"\"b\"\"\""},
        {"=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"a=b", "a=b"},
    }));
    CAPTURE(name);
    auto world = std::make_shared<service::World>(*hand_made_world());
    auto facts = std::make_shared<service::MirrorFacts>(*world->mirrors.front());
    facts->mirror.mirror.display_name = name;
    world->mirrors = {facts};

    const std::string body = answer("/mirrors.csv", *world).body;

    CHECK(says(body, "\r\n" + facts->mirror.mirror.name + "," + expected + ","));
}

TEST_CASE("where there are several distributions, one must be named", "[service][lists]") {
    const auto world = hand_made_world();
    CHECK(answer("/mirrors.txt", *world).status == 400);

    auto one = std::make_shared<service::World>(*world);
    one->distributions.pop_back();

    CHECK(answer("/mirrors.txt", *one).body == answer("/debian/mirrors.txt", *world).body);
}

TEST_CASE("a country's list is its own, or its continent's and the primary's", "[service][lists]") {
    const auto [country, expected] = GENERATE(table<std::string, std::string>({
        {"DE", near_url + url("late") + url("hostile")},
        {"US", url("far")},
        // France has one that is not official.
        {"FR", near_url + url("late") + url("hostile") + primary_url},
        // Brazil's is disabled.
        {"BR", primary_url},
        {"CA", url("far") + primary_url},
    }));
    CAPTURE(country);

    CHECK(text_of("/debian/mirrors/" + country + ".txt") == expected);
}

TEST_CASE("apt's list gives stale mirrors packages only, and partial ones what they have",
          "[service][lists]") {
    // Source: apt-transport-mirror(1).
    CHECK(text_of("/debian/mirrorlist") ==
          "http://far.example.org/debian/\tpriority:1 type:deb arch:all arch:amd64\n"
          "https://near.example.org/debian/\tpriority:1\n"
          "http://late.example.org/debian/\tpriority:5 type:deb\n"
          "http://hostile.example.org/debian/\tpriority:6 type:deb\n"
          "http://primary.example.org/debian/\tpriority:9\n");
    // Where nobody else has indexes, those that have some are asked.
    auto alone = std::make_shared<service::World>(*hand_made_world());
    alone->distributions[0].primary_url.clear();
    std::erase_if(alone->mirrors, [](const auto& facts) {
        return facts->mirror.mirror.name == "near" || facts->mirror.mirror.name == "hostile";
    });
    CHECK(answer("/debian/mirrorlist", *alone).body ==
          "http://far.example.org/debian/\tpriority:1 arch:all arch:amd64\n"
          "http://late.example.org/debian/\tpriority:5\n");
    CHECK(text_of("/debian/mirrorlist?country=BR") ==
          "http://primary.example.org/debian/\tpriority:9\n");
}

TEST_CASE("a metalink names the file at each mirror", "[service][lists]") {
    const auto text = text_of("/debian/metalink?file=pool/main/a%20%26%3Cb%3E.deb");

    CHECK(says(text, "<file name=\"pool/main/a &amp;&lt;b&gt;.deb\">"));
    CHECK(says(text,
               "<url location=\"us\" priority=\"1\">"
               "http://far.example.org/debian/pool/main/a%20&amp;%3Cb%3E.deb</url>"));
    CHECK(says(text, "<url priority=\"5\">http://primary.example.org/debian/pool/"));
}

TEST_CASE("archweb's readers find what they look for", "[service][lists]") {
    const Json json = Json::parse(text_of("/debian/mirrors/status/json"));

    CHECK(json.at("version") == 3);
    CHECK(json.at("cutoff") == 7 * 86'400);
    CHECK(json.at("num_checks") == 7);
    CHECK(json.at("last_check") == "2026-01-10T11:01:30Z");
    REQUIRE(json.at("urls").size() == 7);
    const Json& late = json.at("urls")[2];
    CHECK(late.at("url") == "http://late.example.org/debian/");
    CHECK(late.at("protocol") == "http");
    CHECK(late.at("last_sync") == "2026-01-09T09:00:00Z");
    CHECK(late.at("completion_pct") == 1.0);
    CHECK(late.at("delay") == 26 * 3'600);
    CHECK(is_near(late.at("duration_avg"), 90.0 / 12));
    CHECK(is_near(late.at("duration_stddev"), 0.0));
    CHECK(is_near(late.at("score"), 26 + 7.5));
    CHECK(late.at("active") == true);
    CHECK(late.at("country") == "Germany");
    CHECK(late.at("country_code") == "DE");
    CHECK(late.at("isos") == false);
    CHECK(late.at("ipv4") == true);
    CHECK(late.at("ipv6") == false);
    CHECK(json.at("urls")[4].at("protocol") == "https");
    const Json& off = json.at("urls")[5];
    CHECK(off.at("active") == false);
    CHECK(is_near(off.at("completion_pct"), 6.0 / 7));
    CHECK(off.at("score").is_null());
}

TEST_CASE("mirmon's state has seven fields a line", "[service][lists]") {
    const auto text = text_of("/debian/mirmon.state");

    // 2026-01-10 12:00 is 1768046400; the last probe was an hour before.
    CHECK(says(text,
               "https://near.example.org/debian/ 1768042800 ok 1768042800 ssssssssss "
               "1768046400-xxxxssssssssss 1768042800\n"));
    CHECK(says(text, "http://late.example.org/debian/ 1767949200 ok 1768042800 "));
    CHECK(says(text, "http://off.example.org/debian/ undef no_time 1767956400 sssssssssf "));
    CHECK(says(text,
               "http://unprobed.example.org/debian/ undef undef undef undef "
               "1768046400-xxxxxxxxxxxxxx undef\n"));
}

TEST_CASE("the masterlist has a stanza for each listed mirror", "[service][lists]") {
    const auto text = text_of("/debian/Mirrors.masterlist");

    CHECK(says(text,
               "Site: near.example.org\nType: leaf\nArchive-architecture: amd64 arm64 source\n"
               "Archive-http: /debian/\nArchive-https: /debian/\nCountry: DE Germany\n"
               "Sponsor: Mirror near\n\n"));
    CHECK_FALSE(says(text, "off.example.org"));
    CHECK(std::ranges::count(text, '\n') == 4 * 7 + 1);
}

TEST_CASE("a badge says how the mirror is", "[service][lists]") {
    CHECK(says(text_of("/badge/near.svg"), "<title>near: up to date</title>"));
    CHECK(says(text_of("/badge/late.svg"), "<title>late: 1 d 2 h behind</title>"));
    CHECK(says(text_of("/badge/off.svg"), "<title>off: disabled</title>"));
    CHECK(says(text_of("/badge/unprobed.svg"), "<title>unprobed: not probed yet</title>"));
}

TEST_CASE("metrics have a sample for each mirror", "[service][lists]") {
    const auto text = text_of("/metrics");

    CHECK(says(text, "# TYPE mirrorwarden_mirror_enabled gauge\n"));
    CHECK(says(text,
               "mirrorwarden_mirror_enabled{mirror=\"off\",distribution=\"debian\","
               "country=\"BR\"} 0\n"));
    CHECK(says(text,
               "mirrorwarden_mirror_lag_seconds{mirror=\"late\",distribution=\"debian\","
               "country=\"DE\"} 93600\n"));
    CHECK(says(text,
               "mirrorwarden_mirror_requests{mirror=\"near\",distribution=\"debian\","
               "country=\"DE\",outcome=\"http-status 404\"} 2\n"));
    CHECK(says(text,
               "mirrorwarden_mirror_probe_duration_seconds{mirror=\"near\","
               "distribution=\"debian\",country=\"DE\"} 90\n"));
    CHECK(says(text,
               "mirrorwarden_mirror_certificate_left_seconds{mirror=\"hostile\","
               "distribution=\"debian\",country=\"DE\"} 86400\n"));
    CHECK(text.ends_with("\n# EOF\n"));
}

TEST_CASE("metrics say when each job last ended well, and how long it took", "[service][lists]") {
    service::World world = *hand_made_world();
    world.scripts = {
        {.name = "probe", .host = "prober-1", .started = noon - 90s, .completed = noon},
        {.name = "a\"b\\c\nd", .host = "x", .started = noon, .completed = noon + 250ms}};

    const auto text = service::metrics({}, world, noon).body;

    CHECK(says(text, "# TYPE mirrorwarden_script_last_success_timestamp_seconds gauge\n"));
    CHECK(says(text,
               "mirrorwarden_script_last_success_timestamp_seconds{script=\"probe\","
               "host=\"prober-1\"} 1768046400\n"));
    CHECK(says(text,
               "mirrorwarden_script_duration_seconds{script=\"probe\",host=\"prober-1\"} 90\n"));
    CHECK(says(text,
               "mirrorwarden_script_duration_seconds{script=\"a\\\"b\\\\c d\",host=\"x\"} 0.25\n"));
}

TEST_CASE("metrics of the process stand beside the others", "[service][lists]") {
    const auto world = hand_made_world();
    service::Request request;
    request.fields = {{"accept", "application/openmetrics-text;version=1.0.0,text/plain"}};

    const auto response = service::metrics_response(
        request, *world, noon, {{"mirrorwarden_loop_lag_seconds", "How late the loop is", 0.25}});

    CHECK(response.content_type == "application/openmetrics-text; version=1.0.0; charset=utf-8");
    CHECK(says(response.body,
               "# HELP mirrorwarden_loop_lag_seconds How late the loop is\n"
               "# TYPE mirrorwarden_loop_lag_seconds gauge\nmirrorwarden_loop_lag_seconds 0.25\n"));
}

TEST_CASE("text is escaped for XML, and long text is cut", "[service][lists]") {
    const auto [text, expected] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"<a b=\"c\" d='e'>&", "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;"},
        {"\x01\x1f\x7f\xff", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xef\xbf\xbe", "\xef\xbf\xbd"},
        {"tab\there\nline", "tab\there\nline"},
        {"caf\xc3\xa9 \xe2\x80\xae", "caf\xc3\xa9 \xe2\x80\xae"},
        {"12345678901234567890123", "12345678901234567890…"},
    }));

    CHECK(service::xml_text(text, 20) == expected);
}

TEST_CASE("hostile text is text in every format", "[service][lists]") {
    const std::string target = GENERATE(
        as<std::string>{}, "/api/v1/mirrors", "/api/v1/mirrors/hostile",
        "/api/v1/mirrors/hostile/history", "/api/v1/mirrors/hostile/events", "/api/v1/events",
        "/api/v1/distributions/debian", "/debian/mirrors.txt", "/debian/mirrorlist",
        "/debian/mirrors.csv", "/debian/metalink?file=%3Cscript%3E", "/debian/mirrors/status/json",
        "/debian/mirmon.state", "/debian/Mirrors.masterlist", "/feeds/all.atom",
        "/feeds/mirror/hostile.atom", "/feeds/country/DE.atom", "/feeds/distribution/debian.atom",
        "/badge/hostile.svg", "/metrics");
    CAPTURE(target);
    const auto world = hand_made_world();

    auto response = answer(target, *world);
    if (response.content_type.starts_with("text/csv")) {
        std::erase(response.body, '\r');  // its lines end so
    }

    CHECK(response.status == 200);
    CHECK(response.body.find('\xff') == std::string::npos);
    CHECK(response.body.find('\x01') == std::string::npos);
    CHECK(response.body.find('\r') == std::string::npos);
    if (response.content_type == "application/json") {
        CHECK_FALSE(Json::parse(response.body, nullptr, false).is_discarded());
    } else if (response.content_type.find("xml") != std::string::npos) {
        CHECK(response.body.find("<script") == std::string::npos);
        CHECK(response.body.find("]]>") == std::string::npos);
        CHECK(response.body.size() < 30'000);
    } else {
        // No line of text came from it: that would be a mirror, a field or a sample of its own.
        CHECK(response.body.find("\n# EOF\n") ==
              (target == "/metrics" ? response.body.size() - 7 : std::string::npos));
    }
}
