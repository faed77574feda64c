#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using model::Outcome;
using model::OutcomeKind;
using prober::Answer;
using prober::GetAnswer;
using prober::GetRequest;
using prober::testing::answer_with;
using prober::testing::Network;
using prober::testing::Reply;
using prober::testing::Then;

namespace {

namespace asio = boost::asio;

constexpr std::uint64_t plenty = 1'000'000;

std::string whole(const std::string& body, const std::string& more_headers = "") {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(),
                       more_headers, body);
}

/// A request whose body goes to `text`.
GetRequest request(std::string url, std::string& text, std::uint64_t bytes_max = plenty) {
    return {.url = std::move(url),
            .bytes_max = bytes_max,
            .if_none_match = {},
            .if_modified_since = {},
            .sink = [&text](std::string_view piece) {
                text += piece;
                return true;
            }};
}

/// On one lane: a HEAD, the GET, and a HEAD again.
struct Mixed {
    Answer before;
    GetAnswer got;
    Answer after;
};

asio::awaitable<Mixed> head_get_head(prober::HttpClient& client, std::string head_url,
                                     GetRequest request) {
    const auto lane = co_await client.open_lane(head_url, 3);
    Mixed mixed;
    mixed.before = co_await lane->head(head_url);
    mixed.got = co_await lane->get(std::move(request));
    mixed.after = co_await lane->head(head_url);
    co_return mixed;
}

}  // namespace

TEST_CASE("a GET brings the body, and what the server says of it", "[prober][curl_get]") {
    Network network;
    const auto server = network.start_server();
    const std::string body(200'000, 'b');
    const auto reply = whole(body,
                             "ETag: \"one\"\r\nContent-Type: Text/HTML; charset=utf-8\r\n"
                             "Last-Modified: Fri, 31 Dec 1999 23:59:59 GMT\r\n"
                             "Date: Sat, 01 Jan 2000 00:00:00 GMT\r\n");
    server->serve("/file", reply, Then::keep);
    std::string got;

    const auto answer = network.get(request(server->url("/file"), got));

    CHECK(answer.outcome.is_ok());
    CHECK(got == body);
    CHECK(answer.body_bytes == 200'000);
    CHECK(answer.bytes == reply.size());
    CHECK_FALSE(answer.is_cut);
    CHECK(answer.content_length == 200'000U);
    CHECK(answer.is_web_page);
    CHECK(answer.etag == "\"one\"");
    CHECK(answer.last_modified == "Fri, 31 Dec 1999 23:59:59 GMT");
    CHECK(answer.date == "Sat, 01 Jan 2000 00:00:00 GMT");
    CHECK(server->asked() == std::vector<std::string>{"GET /file"});
}

TEST_CASE("no more of a body is read than is wanted", "[prober][curl_get]") {
    Network network;
    const auto server = network.start_server();
    server->serve("/endless", Reply{"HTTP/1.1 200 OK\r\n\r\n", Then::repeat, "0123456789012345"});
    server->serve("/ten", whole("0123456789"), Then::keep);
    std::string got;

    SECTION("by its size") {
        const auto answer = network.get(request(server->url("/endless"), got, 15));

        CHECK(answer.outcome.is_ok());
        CHECK(got == "012345678901234");
        CHECK(answer.is_cut);
        CHECK(answer.detail.empty());
    }
    SECTION("by the sink") {
        auto wish = request(server->url("/endless"), got);
        wish.sink = [&got](std::string_view piece) {
            got += piece;
            return false;
        };

        const auto answer = network.get(std::move(wish));

        CHECK(answer.outcome.is_ok());
        CHECK(answer.is_cut);
        CHECK(answer.body_bytes == got.size());
    }
    SECTION("and a body of just the size is whole") {
        const auto answer = network.get(request(server->url("/ten"), got, 10));

        CHECK(answer.outcome.is_ok());
        CHECK(got == "0123456789");
        CHECK_FALSE(answer.is_cut);
    }
}

TEST_CASE("what a sink throws comes out of get", "[prober][curl_get]") {
    Network network;
    const auto server = network.start_server();
    server->serve("/file", whole("text"), Then::keep);
    std::string got;
    auto wish = request(server->url("/file"), got);
    wish.sink = [](std::string_view) -> bool { throw std::runtime_error("disk full"); };

    CHECK_THROWS_WITH(network.get(std::move(wish)), "disk full");
    CHECK(network.head(server->url("/file")).outcome.is_ok());
}

TEST_CASE("only the body of a 200 reaches the sink", "[prober][curl_get]") {
    const std::string page(3000, 'p');
    const auto [reply, expected, why] = GENERATE_COPY(table<Reply, Outcome, std::string>({
        {{"HTTP/1.1 404 No\r\nContent-Length: 3000\r\n\r\n" + page, Then::keep, ""},
         {OutcomeKind::http_status, 404},
         "an error page"},
        {{"HTTP/1.1 404 No\r\n\r\n", Then::repeat, page},
         {OutcomeKind::http_status, 404},
         "an endless one"},
        {{"HTTP/1.1 404 No\r\n\r\n", Then::hold, ""},
         {OutcomeKind::http_status, 404},
         "one that never comes"},
        {{"HTTP/1.1 404 No\r\nContent-Length: 3000\r\n\r\nshort", Then::close, ""},
         {OutcomeKind::http_status, 404},
         "one that is shorter than it says"},
        {{"HTTP/1.1 206 Part\r\nContent-Length: 3000\r\n\r\n" + page, Then::keep, ""},
         {OutcomeKind::http_status, 206},
         "a part that nobody asked for"},
        {{"HTTP/1.1 304 Same\r\n\r\n", Then::keep, ""},
         {OutcomeKind::http_status, 304},
         "no body at all"},
        {{"HTTP/1.1 200 OK\r\nContent-Le", Then::close, ""}, {OutcomeKind::reset}, "half a head"},
        {{"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n", Then::keep, ""},
         {OutcomeKind::http_status, 405},
         "a GET that is refused is not asked twice"},
    }));
    CAPTURE(why);
    Network network;
    const auto server = network.start_server();
    server->serve("/file", reply);
    std::string got;

    const auto answer = network.get(request(server->url("/file"), got));

    CHECK(to_string(answer.outcome) == to_string(expected));
    CHECK(got.empty());
    CHECK(answer.body_bytes == 0);
    CHECK_FALSE(answer.is_cut);
    CHECK(answer.requests == 1);
}

TEST_CASE("a body that breaks off is told", "[prober][curl_get]") {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n";
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd";
    const auto [reply, expected, why] = GENERATE_COPY(table<Reply, OutcomeKind, std::string>({
        {{head + "short", Then::close, ""}, OutcomeKind::reset, "it ends early"},
        {{head + "short", Then::reset, ""}, OutcomeKind::reset, "it is reset"},
        {{head + "short", Then::hold, ""}, OutcomeKind::timeout_response, "it stops"},
        {{head + "short", Then::drip, "x"}, OutcomeKind::timeout_response, "50 bytes a second"},
        {{chunked, Then::close, ""}, OutcomeKind::reset, "half a chunk"},
        {{chunked + "\r\nZZ\r\n", Then::close, ""}, OutcomeKind::reset, "no chunk"},
        {{"HTTP/1.1 200 OK\r\n", Then::drip, "X: y\r\n"},
         OutcomeKind::timeout_response,
         "a drip of headers"},
        {{"", Then::hold, ""}, OutcomeKind::timeout_response, "no answer"},
    }));
    CAPTURE(why);
    Network network;
    const auto server = network.start_server();
    server->serve("/file", reply);
    std::string got;

    const auto answer = network.get(request(server->url("/file"), got));

    CHECK(to_string(answer.outcome) == to_string(Outcome{expected}));
    CHECK_FALSE(answer.detail.empty());
    CHECK_FALSE(answer.is_cut);
}

TEST_CASE("a large body may take longer than a request", "[prober][curl_get]") {
    auto limits = prober::testing::quick_limits();
    Network network(limits);
    const auto server = network.start_server();
    // A thousand bytes each 20 ms: a second, where a request may take 300 ms.
    const std::string piece(1000, 'x');
    std::string body;
    for (int i = 0; i < 50; ++i) {
        body += piece;
    }
    server->serve("/slow",
                  Reply{"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n", Then::trickle, body});
    std::string got;
    const auto started = std::chrono::steady_clock::now();

    const auto answer = network.get(request(server->url("/slow"), got));

    CHECK(to_string(answer.outcome) == "ok");
    CHECK(got.size() == 50'000);
    CHECK(std::chrono::steady_clock::now() - started > 600ms);
}

TEST_CASE("no body takes longer than a body may", "[prober][curl_get]") {
    auto limits = prober::testing::quick_limits();
    limits.body_timeout = 700ms;
    Network network(limits);
    const auto server = network.start_server();
    server->serve("/slow",
                  Reply{"HTTP/1.1 200 OK\r\n\r\n", Then::trickle, std::string(1'000'000, 'x')});
    std::string got;

    const auto answer = network.get(request(server->url("/slow"), got));

    CHECK(answer.outcome.kind == OutcomeKind::timeout_response);
    CHECK(got.size() > 1000);
    CHECK(got.size() < 500'000);
}

TEST_CASE("a GET can name what is known already", "[prober][curl_get]") {
    Network network;
    const auto server = network.start_server();
    server->serve("HEAD /head", answer_with(200), Then::keep);
    server->serve("GET /file", "HTTP/1.1 304 Same\r\nETag: \"b\"\r\n\r\n", Then::keep);
    std::string got;
    auto wish = request(server->url("/file"), got);
    wish.if_none_match = "\"a\"";
    wish.if_modified_since = "Fri, 31 Dec 1999 23:59:59 GMT";

    const auto mixed =
        network.run(head_get_head(network.client(), server->url("/head"), std::move(wish)));

    CHECK(mixed.got.outcome == Outcome{OutcomeKind::http_status, 304});
    CHECK(mixed.got.etag == "\"b\"");
    REQUIRE(server->heads().size() == 3);
    CHECK(server->heads()[1].find("\r\nIf-None-Match: \"a\"\r\n") != std::string::npos);
    CHECK(server->heads()[1].find("\r\nIf-Modified-Since: Fri, 31 Dec 1999 23:59:59 GMT\r\n") !=
          std::string::npos);
    // The HEADs around it are alike, on one connection.
    CHECK(server->heads()[0] == server->heads()[2]);
    CHECK(server->heads()[2].find("If-") == std::string::npos);
    CHECK(server->connections().accepted == 1);
}

TEST_CASE("a validator cannot smuggle in a header", "[prober][curl_get]") {
    Network network;
    const auto server = network.start_server();
    server->serve_all({answer_with(404), Then::keep, {}});
    std::string got;
    auto wish = request(server->url("/file"), got);
    wish.if_none_match = "\"a\"\r\nCookie: b";

    network.get(std::move(wish));

    REQUIRE(server->heads().size() == 1);
    CHECK(server->heads()[0].find("Cookie") == std::string::npos);
    CHECK(server->heads()[0].find("If-None-Match") == std::string::npos);
}

TEST_CASE("a HEAD after a GET is as if there had been none", "[prober][curl_get]") {
    Network network;
    const auto server = network.start_server();
    server->serve("HEAD /head", answer_with(200), Then::keep);
    const auto [reply, expected, why] = GENERATE(table<Reply, Outcome, std::string>({
        {{whole(std::string(100'000, 'x')), Then::keep, ""}, {OutcomeKind::ok}, "whole"},
        {{"HTTP/1.1 200 OK\r\n\r\n", Then::repeat, std::string(4096, 'x')},
         {OutcomeKind::ok},
         "cut"},
        {{answer_with(404), Then::keep, ""}, {OutcomeKind::http_status, 404}, "missing"},
        {{whole("half").substr(0, 40), Then::close, ""}, {OutcomeKind::reset}, "broken off"},
        {{whole("half").substr(0, 40), Then::hold, ""}, {OutcomeKind::timeout_response}, "slow"},
    }));
    CAPTURE(why);
    server->serve("GET /file", reply);
    std::string got;

    const auto mixed = network.run(
        head_get_head(network.client(), server->url("/head"), request(server->url("/file"), got)));

    CHECK(to_string(mixed.got.outcome) == to_string(expected));
    CHECK(mixed.before.outcome.is_ok());
    CHECK(mixed.after.outcome.is_ok());
    CHECK(mixed.after.requests == 1);
    CHECK(mixed.after.detail.empty());
    CHECK(mixed.after.content_length == 0U);
    CHECK(server->asked() == std::vector<std::string>{"HEAD /head", "GET /file", "HEAD /head"});
    CHECK(server->heads().front() == server->heads().back());
}

TEST_CASE("a HEAD still has the time limit of a HEAD after a GET", "[prober][curl_get]") {
    Network network;
    const auto server = network.start_server();
    server->serve("GET /file", whole("text"), Then::keep);
    std::string got;
    const auto started = std::chrono::steady_clock::now();

    const auto mixed = network.run(head_get_head(network.client(), server->url("/silent"),
                                                 request(server->url("/file"), got)));

    CHECK(mixed.after.outcome.kind == OutcomeKind::timeout_response);
    CHECK(std::chrono::steady_clock::now() - started < 4s);  // and not that of a body, 5 s
}

TEST_CASE("a redirect is followed by GET too, and only its end is the body", "[prober][curl_get]") {
    Network network;
    const auto first = network.start_server();
    const auto second = network.start_server(
        {.address = "127.0.0.2", .port = 0, .certificate_file = {}, .key_file = {}});
    const auto location = second->url("/there/file");
    first->serve("/file",
                 fmt::format("HTTP/1.1 302 Go\r\nLocation: {}\r\nETag: \"no\"\r\n"
                             "Content-Length: 5\r\n\r\nthere",
                             location),
                 Then::keep);
    second->serve("/there/file", whole("body"), Then::keep);
    first->serve("/elsewhere",
                 answer_with(302, "Location: http://a.example/not-the-file\r\nETag: \"no\"\r\n"),
                 Then::keep);
    std::string got;

    const auto answer = network.get(request(first->url("/file"), got));
    const auto refused = network.get(request(first->url("/elsewhere"), got));

    CHECK(answer.outcome.is_ok());
    CHECK(got == "body");
    CHECK(answer.final_url == location);
    CHECK(answer.etag.empty());
    CHECK(answer.requests == 2);
    CHECK(refused.outcome.kind == OutcomeKind::redirect_to_different_file);
}

TEST_CASE("an answer says when to come again", "[prober][curl_get]") {
    using Wait = std::optional<std::chrono::seconds>;
    const auto [status, header, expected, why] =
        GENERATE(table<int, std::string, Wait, std::string>({
            {429, "Retry-After: 120\r\n", 120s, "too many requests"},
            {503, "Retry-After: 7\r\n", 7s, "out of service"},
            {503, "", std::nullopt, "it does not say"},
            {429, "Retry-After: soon\r\n", std::nullopt, "not a time"},
            {404, "Retry-After: 7\r\n", std::nullopt, "means nothing there"},
        }));
    CAPTURE(why);
    Network network;
    const auto server = network.start_server();
    server->serve("/file", answer_with(status, header), Then::keep);
    std::string got;

    const auto other = network.start_server();  // the first may have put us off
    other->serve("/file", answer_with(status, header), Then::keep);
    CHECK(network.head(server->url("/file")).retry_after == expected);
    CHECK(network.get(request(other->url("/file"), got)).retry_after == expected);
}
