#include "prober/curl_client.hpp"

#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using model::Outcome;
using model::OutcomeKind;
using prober::Answer;
using prober::testing::answer_with;
using prober::testing::Network;
using prober::testing::Reply;
using prober::testing::Then;

namespace {

namespace asio = boost::asio;

asio::awaitable<std::vector<Answer>> head_each(prober::HttpClient& client,
                                               std::vector<std::string> urls) {
    const auto lane = co_await client.open_lane(urls.front(), urls.size());
    std::vector<Answer> answers;
    answers.reserve(urls.size());
    for (const auto& url : urls) {
        answers.push_back(co_await lane->head(url));
    }
    co_return answers;
}

}  // namespace

TEST_CASE("only 200 is ok; any other final status is told", "[prober][curl_client]") {
    const auto [status, expected, why] = GENERATE(table<int, Outcome, std::string>({
        {200, {OutcomeKind::ok}, "the file is there"},
        {204, {OutcomeKind::http_status, 204}, "success without a file is none"},
        {206, {OutcomeKind::http_status, 206}, "a part was not asked for"},
        {300, {OutcomeKind::http_status, 300}, "not one of the redirects"},
        {404, {OutcomeKind::http_status, 404}, "missing"},
        {503, {OutcomeKind::http_status, 503}, "down"},
        {999, {OutcomeKind::invalid_answer}, "no status that exists"},
    }));
    CAPTURE(status, why);
    Network network;
    const auto server = network.start_server();
    server->serve("/file", answer_with(status), Then::keep);

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome == expected);
    CHECK(answer.requests == 1);
    CHECK(answer.final_url.empty());
    CHECK(server->asked() == std::vector<std::string>{"HEAD /file"});
}

TEST_CASE("each fault of a server has a name of its own", "[prober][curl_client]") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const auto [reply, expected, why] = GENERATE_COPY(table<Reply, OutcomeKind, std::string>({
        {{"", Then::close, ""}, OutcomeKind::reset, "hangs up without a word"},
        {{"", Then::reset, ""}, OutcomeKind::reset, "resets without a word"},
        {{head + "Content-Le", Then::close, ""}, OutcomeKind::reset, "hangs up in the headers"},
        {{head, Then::reset, ""}, OutcomeKind::reset, "resets in the headers"},
        {{"", Then::hold, ""}, OutcomeKind::timeout_response, "never answers"},
        {{head, Then::hold, ""}, OutcomeKind::timeout_response, "stops in the headers"},
        {{head, Then::drip, "X: y\r\n"}, OutcomeKind::timeout_response, "drips headers"},
        {{"", Then::drip, "HTTP/1.1 200 OK"}, OutcomeKind::timeout_response, "drips a status"},
        {{head, Then::repeat, "X-Filler: abcdefgh\r\n"},
         OutcomeKind::invalid_answer,
         "endless headers"},
        {{head + "X: ", Then::repeat, std::string(4096, 'x')},
         OutcomeKind::invalid_answer,
         "an endless header"},
        {{"HTTP/1.1 2", Then::repeat, std::string(4096, '0')},
         OutcomeKind::invalid_answer,
         "an endless status line"},
        {{"hello\r\n\r\n", Then::close, ""}, OutcomeKind::invalid_answer, "not HTTP"},
        {{"SSH-2.0-OpenSSH_9.2\r\n", Then::hold, ""}, OutcomeKind::invalid_answer, "ssh"},
        {{"HTTP/9.9 200 OK\r\n\r\n", Then::close, ""}, OutcomeKind::invalid_answer, "no version"},
        {{"HTTP/1.1 20 OK\r\n\r\n", Then::close, ""}, OutcomeKind::invalid_answer, "no status"},
        {{"HTTP/1.1 100 Continue\r\n\r\n", Then::repeat, "HTTP/1.1 100 Continue\r\n\r\n"},
         OutcomeKind::invalid_answer,
         "continues for ever"},
        {{head + "Content-Length: 5\r\n\r\n", Then::repeat, std::string(4096, 'x')},
         OutcomeKind::ok,
         "an endless body, which nobody reads"},
        {{head + "Content-Length: 18446744073709551999\r\n\r\n", Then::close, ""},
         OutcomeKind::ok,
         "a length that is a lie"},
        {{head + "Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n", Then::close, ""},
         OutcomeKind::ok,
         "a bomb that is not opened"},
    }));
    CAPTURE(why);
    Network network;
    const auto server = network.start_server();
    server->serve("/file", reply);

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome.kind == expected);
}

TEST_CASE("a server that refuses to be reached is told apart", "[prober][curl_client]") {
    Network network;
    const prober::testing::DeafPort deaf(network.context().get_executor());
    const std::vector<std::pair<std::string, OutcomeKind>> cases{
        {fmt::format("http://127.0.0.1:{}/", prober::testing::unused_port()), OutcomeKind::refused},
        {deaf.url("/file"), OutcomeKind::timeout_connect},
        {"http://no-such-host.invalid/file", OutcomeKind::name_not_resolved},
        {"http://255.255.255.255/file", OutcomeKind::unreachable},
        {"http://[::1/file", OutcomeKind::invalid_answer},
        {"gopher://127.0.0.1/file", OutcomeKind::invalid_answer},
        {"", OutcomeKind::invalid_answer},
    };
    for (const auto& [url, expected] : cases) {
        CAPTURE(url);

        const auto answer = network.head(url);

        CHECK(to_string(answer.outcome) == to_string(Outcome{expected}));
        CHECK_FALSE(answer.detail.empty());
    }
}

TEST_CASE("a server that resets each connection as it comes is told", "[prober][curl_client]") {
    Network network;
    const auto server = network.start_server();
    server->greet({.bytes = "", .then = Then::reset, .tail = {}});

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome.kind == OutcomeKind::reset);
}

TEST_CASE("a lane keeps its connection for all its requests", "[prober][curl_client]") {
    Network network;
    const auto server = network.start_server();
    server->serve("/here", answer_with(200), Then::keep);
    server->serve_all({answer_with(404), Then::keep, {}});
    const std::vector<std::string> urls{server->url("/here"), server->url("/a"),
                                        server->url("/here"), server->url("/b")};

    const auto answers = network.run(head_each(network.client(), urls));

    CHECK(answers.at(0).outcome.is_ok());
    CHECK(answers.at(1).outcome == Outcome{OutcomeKind::http_status, 404});
    CHECK(answers.at(2).outcome.is_ok());
    CHECK(server->connections().accepted == 1);
    CHECK(server->asked().size() == 4);
}

TEST_CASE("a connection that the server closed while idle is replaced", "[prober][curl_client]") {
    Network network;
    const auto server = network.start_server();
    server->serve("/file", answer_with(200), Then::close);
    const std::vector<std::string> urls(5, server->url("/file"));

    const auto answers = network.run(head_each(network.client(), urls));

    for (const auto& answer : answers) {
        CHECK(answer.outcome.is_ok());
    }
    CHECK(server->connections().accepted == 5);
}

TEST_CASE("a HEAD that is refused is asked again as GET", "[prober][curl_client]") {
    const auto [head, get, expected, why] = GENERATE(table<int, int, Outcome, std::string>({
        {405, 200, {OutcomeKind::ok}, "method not allowed"},
        {501, 200, {OutcomeKind::ok}, "not implemented"},
        {403, 200, {OutcomeKind::ok}, "forbidden, but only for HEAD"},
        {400, 200, {OutcomeKind::ok}, "a bad request, but only as HEAD"},
        {403, 404, {OutcomeKind::http_status, 404}, "the GET tells the truth"},
        {403, 403, {OutcomeKind::http_status, 403}, "forbidden altogether"},
    }));
    CAPTURE(head, get, why);
    Network network;
    const auto server = network.start_server();
    server->serve("HEAD /file", answer_with(head), Then::keep);
    // Whoever read this body would never come back.
    server->serve("GET /file", {fmt::format("HTTP/1.1 {} So\r\n\r\n", get), Then::repeat,
                                std::string(4096, 'x')});
    server->serve("/next", answer_with(200), Then::keep);

    const auto answers =
        network.run(head_each(network.client(), {server->url("/file"), server->url("/next")}));

    CHECK(answers.at(0).outcome == expected);
    CHECK(answers.at(0).requests == 2);
    CHECK(answers.at(0).detail.empty());
    CHECK(answers.at(1).outcome.is_ok());
    CHECK(server->asked() == std::vector<std::string>{"HEAD /file", "GET /file", "HEAD /next"});
}

TEST_CASE("a HEAD that is dropped is asked again as GET where other requests are answered",
          "[prober][curl_client]") {
    using Targets = std::vector<std::string>;
    const auto [first, expected, asked] = GENERATE(table<int, Outcome, Targets>({
        {405, {OutcomeKind::ok}, {"HEAD /first", "GET /first", "HEAD /file", "GET /file"}},
        {200, {OutcomeKind::reset}, {"HEAD /first", "HEAD /file"}},
        {0, {OutcomeKind::reset}, {"HEAD /first", "HEAD /file"}},
    }));
    CAPTURE(first);
    Network network;
    const auto server = network.start_server();
    server->serve("HEAD /first", first == 0 ? "" : answer_with(first));
    server->serve("GET /first", answer_with(404));
    server->serve("HEAD /file", "");
    server->serve("GET /file", answer_with(200));

    const auto answers =
        network.run(head_each(network.client(), {server->url("/first"), server->url("/file")}));

    CHECK(answers.at(1).outcome == expected);
    CHECK(server->asked() == asked);
}

TEST_CASE("a 403 is believed on a port whose HEADs have worked", "[prober][curl_client]") {
    Network network;
    const auto server = network.start_server();
    server->serve("/good", answer_with(200), Then::keep);
    server->serve("/secret", answer_with(403), Then::keep);

    const auto answers =
        network.run(head_each(network.client(), {server->url("/good"), server->url("/secret")}));

    CHECK(answers.at(1).outcome == Outcome{OutcomeKind::http_status, 403});
    CHECK(answers.at(1).requests == 1);
}

TEST_CASE("a 403 to HEAD is asked again on each port of a host", "[prober][curl_client]") {
    Network network;
    const auto good = network.start_server();
    const auto other = network.start_server();
    good->serve("/file", answer_with(200), Then::keep);
    other->serve("/file", answer_with(403), Then::keep);

    const auto answers =
        network.run(head_each(network.client(), {good->url("/file"), other->url("/file")}));

    CHECK(answers.at(0).requests == 1);
    CHECK(answers.at(1).requests == 2);
}

TEST_CASE("a host that lets two requests time out and answers none is skipped",
          "[prober][curl_client]") {
    Network network;
    const auto server = network.start_server();
    const std::vector<std::string> urls(5, server->url("/silent"));

    const auto answers = network.run(head_each(network.client(), urls));

    CHECK(answers.at(0).outcome.kind == OutcomeKind::timeout_response);
    CHECK(answers.at(1).outcome.kind == OutcomeKind::timeout_response);
    for (const auto& rest : {answers.at(2), answers.at(3), answers.at(4)}) {
        CHECK(rest.outcome.kind == OutcomeKind::skipped);
        CHECK(rest.requests == 0);
    }
    CHECK(server->asked().size() == 2);
}

TEST_CASE("requests say who we are", "[prober][curl_client]") {
    Network network(
        prober::testing::quick_limits(),
        {.user_agent = "mirrorwarden/1 (+http://a.example)", .ca_bundle = {}, .proxy = {}});
    const auto server = network.start_server();
    server->serve("/file", answer_with(200), Then::keep);

    network.head(server->url("/file"));

    REQUIRE(server->heads().size() == 1);
    CHECK(server->heads().front().find("\r\nUser-Agent: mirrorwarden/1 (+http://a.example)\r\n") !=
          std::string::npos);
}

TEST_CASE("names are looked up and given to libcurl", "[prober][curl_client]") {
    Network network;
    const auto server = network.start_server();
    server->serve("/file", answer_with(200), Then::keep);
    const auto url = fmt::format("http://localhost:{}/file", server->port());

    const auto answer = network.head(url);

    CHECK(to_string(answer.outcome) == "ok");
}

TEST_CASE("a HEAD tells size and type", "[prober][curl_client]") {
    const std::string ok = "HTTP/1.1 200 OK\r\n";
    using Length = std::optional<std::uint64_t>;
    const auto [reply, length, is_page, why] =
        GENERATE_COPY(table<std::string, Length, bool, std::string>({
            {ok + "Content-Length: 11832\r\n\r\n", 11832U, false, "a size"},
            {ok + "\r\n", std::nullopt, false, "no size"},
            {ok + "Content-Length: 18446744073709551999\r\n\r\n", std::nullopt, false, "no number"},
            {ok + "Content-Type: text/html\r\n\r\n", std::nullopt, true, "a page"},
            {ok + "content-type:TEXT/HTML;charset=x\r\n\r\n", std::nullopt, true, "any case"},
            {ok + "Content-Type: text/plain\r\n\r\n", std::nullopt, false, "a text"},
            {ok + "Content-Type:\r\n\r\n", std::nullopt, false, "no type"},
            {ok + "X-Content-Type: text/html\r\n\r\n", std::nullopt, false, "another header"},
        }));
    CAPTURE(why);
    Network network;
    const auto server = network.start_server();
    server->serve("/file", reply, Then::keep);

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome.is_ok());
    CHECK(answer.content_length == length);
    CHECK(answer.is_web_page == is_page);
    CHECK(answer.bytes == reply.size());
}

TEST_CASE("size and type come from a HEAD's second try as well", "[prober][curl_client]") {
    Network network;
    const auto server = network.start_server();
    server->serve("HEAD /file", answer_with(405, "Content-Type: text/html\r\n"), Then::keep);
    server->serve("GET /file",
                  Reply{"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n", Then::repeat, "x"});

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome.is_ok());
    CHECK(answer.content_length == 70'000U);
    CHECK_FALSE(answer.is_web_page);
}
