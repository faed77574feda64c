#include "prober/mirror_traces.hpp"

#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using prober::TraceAnswers;
using prober::testing::ScriptedHttpClient;

namespace {

const std::string base = "http://mirror.example:8080/debian/";
const std::string marker = base + "Archive-Update-in-Progress-mirror.example";
const std::string folder = base + "project/trace/";
const auto now = *model::parse_timestamp("2026-11-21T12:00:00Z");
const std::string last_modified = "Sat, 21 Nov 2026 11:30:00 GMT";

enum class Question { own_marker, any_marker, traces };

prober::asio::awaitable<TraceAnswers> ask_on_lane(prober::HttpClient& client, Question question) {
    const auto lane = co_await client.open_lane(base, 1);
    switch (question) {
    case Question::own_marker: co_return co_await prober::ask_for_marker(*lane, base, now);
    case Question::any_marker: co_return co_await prober::look_for_marker(*lane, base, now);
    case Question::traces: break;
    }
    co_return co_await prober::ask_for_traces(*lane, base);
}

TraceAnswers ask(ScriptedHttpClient& client, Question question) {
    return prober::testing::run(ask_on_lane(client, question));
}

std::string link_to(const std::string& name, const std::string& date = "21-Nov-2026 11:00") {
    return "<a href=\"" + name + "\">" + name + "</a>   " + date + "  17\n";
}

ScriptedHttpClient::File listing(const std::string& links) {
    return {.body = "<html><h1>Index of /debian</h1><pre>" + links + "</pre></html>",
            .etag = {},
            .last_modified = {},
            .is_web_page = true};
}

/// As `date -u` of ftpsync prints it.
std::string trace(const std::string& time, const std::string& more = {}) {
    return "Sat Nov 21 " + time + " UTC 2026\n" + more;
}

std::vector<std::string> names_of(const TraceAnswers& answers) {
    std::vector<std::string> names;
    for (const auto& one : answers.traces) {
        names.push_back(one.name);
    }
    return names;
}

}  // namespace

TEST_CASE("the marker of a sync has the name of the host, without its port",
          "[prober][mirror_traces]") {
    ScriptedHttpClient client;
    client.file(marker, {.body = "", .etag = {}, .last_modified = last_modified});

    const auto answers = ask(client, Question::own_marker);

    CHECK(answers.marker_url == marker);
    CHECK(answers.marker_since == now - 30min);
    CHECK(answers.cost.kind == "trace");
    CHECK(answers.cost.requests == 1);
    CHECK(client.asked() == std::vector<std::string>{marker});
}

TEST_CASE("what is no marker is none", "[prober][mirror_traces]") {
    ScriptedHttpClient client;

    SECTION("nothing is there") {}
    SECTION("an error") {
        client.answer(marker, {.kind = model::OutcomeKind::http_status, .status = 503});
    }
    SECTION("a page that says in words that there is nothing") {
        client.file(marker, listing("not found"));
    }
    const auto answers = ask(client, Question::own_marker);

    CHECK(answers.marker_url.empty());
    CHECK_FALSE(answers.marker_since.has_value());
    CHECK_FALSE(answers.was_cancelled);
}

TEST_CASE("a marker counts where nobody says how old it is", "[prober][mirror_traces]") {
    const std::string date = GENERATE("", "yesterday", "2026-11-21T11:30:00Z");
    ScriptedHttpClient client;
    client.file(marker, {.body = "", .etag = {}, .last_modified = date});

    const auto answers = ask(client, Question::own_marker);

    CHECK(answers.marker_url == marker);
    CHECK_FALSE(answers.marker_since.has_value());
}

TEST_CASE("a marker of another name of the mirror is found in the listing",
          "[prober][mirror_traces]") {
    const std::string other = "Archive-Update-in-Progress-origin.example";
    ScriptedHttpClient client;
    client.file(base, listing(link_to("dists/") + link_to("README") + link_to(other) +
                              link_to("Archive-Update-in-Progress-second.example")));
    client.file(base + other, {.body = "", .etag = {}, .last_modified = last_modified});

    const auto answers = ask(client, Question::any_marker);

    CHECK(answers.marker_url == base + other);
    CHECK(answers.marker_since == now - 30min);
    CHECK(answers.cost.requests == 2);
}

TEST_CASE("only a listing is believed to list, and only what lies there is asked for",
          "[prober][mirror_traces]") {
    const auto name = std::string("Archive-Update-in-Progress-origin.example");
    ScriptedHttpClient client;

    SECTION("no listing is given") {
        client.answer(base, {.kind = model::OutcomeKind::http_status, .status = 403});
    }
    SECTION("it is no web page") {
        client.file(base, link_to(name));
    }
    SECTION("nothing in it is a marker") {
        client.file(base, listing(link_to("README") + link_to("An-" + name)));
    }
    SECTION("its link leads elsewhere") {
        client.file(base,
                    listing(link_to("http://evil.example/" + name) + link_to("//evil/" + name) +
                            link_to("../" + name) + link_to("/" + name) + link_to(name + "?x")));
    }
    const auto answers = ask(client, Question::any_marker);

    CHECK(answers.marker_url.empty());
    CHECK(client.asked() == std::vector<std::string>{base});
}

TEST_CASE("the traces that tell most are read: the host's, the newest, and the archive's",
          "[prober][mirror_traces]") {
    ScriptedHttpClient client;
    client.file(folder,
                listing(link_to("_traces", "21-Nov-2026 11:59") + link_to("ftp-master.example") +
                        link_to("master", "20-Nov-2026 08:00") +
                        link_to("mirror.example", "19-Nov-2026 08:00") +
                        link_to("origin.example", "21-Nov-2026 11:30")));
    client.file(folder + "mirror.example",
                trace("11:00:00", "Used ftpsync version: 20180513\nUpstream-mirror: a.example\n"));
    client.file(folder + "origin.example", trace("11:20:00"));
    client.file(folder + "master", trace("08:00:00"));

    const auto answers = ask(client, Question::traces);

    REQUIRE(names_of(answers) ==
            std::vector<std::string>{"mirror.example", "origin.example", "master"});
    CHECK(answers.traces[0].last_sync == now - 1h);
    CHECK(answers.traces[0].tool == "ftpsync 20180513");
    CHECK(answers.traces[0].upstream == "a.example");
    CHECK(answers.cost.requests == 4);
    CHECK(answers.cost.bytes > 0);
}

TEST_CASE("without a listing the names of traces are guessed", "[prober][mirror_traces]") {
    ScriptedHttpClient client;
    client.answer(folder, {.kind = model::OutcomeKind::http_status, .status = 403});
    client.file(folder + "master", trace("08:00:00"));

    const auto answers = ask(client, Question::traces);

    CHECK(names_of(answers) == std::vector<std::string>{"master"});
    CHECK(client.asked() ==
          std::vector<std::string>{folder, folder + "mirror.example", folder + "master"});
}

TEST_CASE("what is no trace is passed over", "[prober][mirror_traces]") {
    ScriptedHttpClient client;
    client.file(folder + "master", trace("08:00:00"));

    SECTION("a web page in its place") {
        client.file(folder + "mirror.example", listing("<p>Welcome</p>"));
    }
    SECTION("an empty file") {
        client.file(folder + "mirror.example", "");
    }
    SECTION("an answer that did not come whole") {
        client.file(folder + "mirror.example", trace("11:00:00"));
        client.answer(folder + "mirror.example", {.kind = model::OutcomeKind::reset});
    }
    const auto answers = ask(client, Question::traces);

    CHECK(names_of(answers) == std::vector<std::string>{"master"});
}

TEST_CASE("no more of anything is read than a trace or a listing can have",
          "[prober][mirror_traces]") {
    const std::string endless(1'000'000, ' ');
    ScriptedHttpClient client;
    client.file(base, listing(endless));
    client.file(folder, listing(endless));
    client.file(folder + "mirror.example", trace("11:00:00", endless));
    client.file(marker, endless);

    ask(client, Question::own_marker);
    ask(client, Question::any_marker);
    const auto answers = ask(client, Question::traces);

    CHECK(names_of(answers) == std::vector<std::string>{"mirror.example"});
    CHECK(answers.cost.bytes < 262'144 + 2 * 65'536 + 10'000);
    for (const auto& request : client.gets()) {
        CAPTURE(request.url);
        CHECK(request.bytes_max <= (request.url.ends_with('/') ? 262'144U : 65'536U));
    }
}

TEST_CASE("a run that ends is told from a mirror that has nothing", "[prober][mirror_traces]") {
    const auto question = GENERATE(Question::own_marker, Question::any_marker, Question::traces);
    ScriptedHttpClient client;
    client.cancel();

    const auto answers = ask(client, question);

    CHECK(answers.was_cancelled);
    CHECK(answers.traces.empty());
    CHECK(answers.marker_url.empty());
}
