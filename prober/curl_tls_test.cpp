#include "prober/testing/certificates.hpp"
#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using model::Outcome;
using model::OutcomeKind;
using prober::testing::answer_with;
using prober::testing::Certificates;
using prober::testing::LoopbackServer;
using prober::testing::Network;
using prober::testing::Reply;
using prober::testing::Then;

namespace {

prober::HttpLimits patient_limits() {
    auto limits = prober::testing::quick_limits();
    limits.connect_timeout = std::chrono::seconds{20};  // handshakes are slow under sanitizers
    return limits;
}

LoopbackServer::Options serving(const Certificates::Files& files) {
    return {.address = "127.0.0.1",
            .port = 0,
            .certificate_file = files.certificate,
            .key_file = files.key};
}

}  // namespace

TEST_CASE("a certificate is verified, and its fault is named", "[prober][curl_tls]") {
    Certificates certificates;
    Network network(
        patient_limits(),
        {.user_agent = "mirrorwarden/1", .ca_bundle = certificates.bundle(), .proxy = {}});
    Certificates strangers;
    const std::vector<std::pair<Certificates::Files, OutcomeKind>> cases{
        {certificates.issue({.name = "good", .address = "127.0.0.1", .days = 30}), OutcomeKind::ok},
        {certificates.issue({.name = "old", .address = "127.0.0.1", .days = 0}),
         OutcomeKind::tls_expired},
        {certificates.issue({.name = "other", .address = "127.9.9.9", .days = 30}),
         OutcomeKind::tls_wrong_host},
        {certificates.self_signed({.name = "own", .address = "127.0.0.1", .days = 30}),
         OutcomeKind::tls_self_signed},
        {strangers.issue({.name = "unknown", .address = "127.0.0.1", .days = 30}),
         OutcomeKind::tls_unknown_issuer},
    };
    for (const auto& [files, expected] : cases) {
        CAPTURE(files.certificate);
        const auto server = network.start_server(serving(files));
        server->serve_all({answer_with(200), Then::keep, {}});

        const auto first = network.head(server->url("/a"));
        const auto second = network.head(server->url("/b"));

        CHECK(to_string(first.outcome) == to_string(Outcome{expected}));
        CHECK(second.outcome == first.outcome);
        CHECK(second.detail == first.detail);
        // A certificate that failed once is not asked to fail again.
        CHECK(second.requests == (expected == OutcomeKind::ok ? 1 : 0));
        CHECK(server->connections().accepted == 1);
    }
}

TEST_CASE("what is no TLS at all is told from a bad certificate", "[prober][curl_tls]") {
    const auto [greeting, expected, why] = GENERATE(table<Reply, OutcomeKind, std::string>({
        {{"HTTP/1.1 400 Bad Request\r\n\r\n", Then::hold, ""}, OutcomeKind::tls_failed, "plain"},
        {{std::string(400, '\xff'), Then::hold, ""}, OutcomeKind::tls_failed, "garbage"},
        {{"", Then::reset, ""}, OutcomeKind::reset, "reset in the handshake"},
        {{"", Then::hold, ""}, OutcomeKind::timeout_connect, "silence in the handshake"},
        {{"\x16\x03\x03", Then::drip, "\x02"}, OutcomeKind::timeout_connect, "a drip of it"},
    }));
    CAPTURE(why);
    Network network;
    const auto server = network.start_server();
    server->greet(greeting);

    const auto answer = network.head(fmt::format("https://127.0.0.1:{}/file", server->port()));

    CHECK(to_string(answer.outcome) == to_string(Outcome{expected}));
}

TEST_CASE("a bundle that cannot be read is the prober's trouble", "[prober][curl_tls]") {
    Certificates certificates;
    const auto files = certificates.issue({.name = "good", .address = "127.0.0.1", .days = 30});
    Network network(
        patient_limits(),
        {.user_agent = "mirrorwarden/1", .ca_bundle = "/nowhere/bundle.pem", .proxy = {}});
    const auto server = network.start_server(serving(files));

    const auto answer = network.head(server->url("/file"));

    CHECK(answer.outcome.kind == OutcomeKind::prober_trouble);
    CHECK(answer.detail.find("/nowhere/bundle.pem") != std::string::npos);
}

TEST_CASE("a new connection to a host resumes its TLS session", "[prober][curl_tls]") {
    Certificates certificates;
    const auto files = certificates.issue({.name = "good", .address = "127.0.0.1", .days = 30});
    Network network(
        patient_limits(),
        {.user_agent = "mirrorwarden/1", .ca_bundle = certificates.bundle(), .proxy = {}});
    const auto server = network.start_server(serving(files));
    server->serve_all({answer_with(200, "Connection: close\r\n"), Then::close, {}});

    for (int i = 0; i < 3; ++i) {
        CHECK(network.head(server->url("/file")).outcome.is_ok());
    }

    CHECK(server->connections().accepted == 3);
    CHECK(server->sessions_resumed() == 2);
}

TEST_CASE("a redirect from http to https of the same host is followed", "[prober][curl_tls]") {
    Certificates certificates;
    const auto files = certificates.issue({.name = "good", .address = "127.0.0.1", .days = 30});
    Network network(
        patient_limits(),
        {.user_agent = "mirrorwarden/1", .ca_bundle = certificates.bundle(), .proxy = {}});
    const auto secure = network.start_server(serving(files));
    const auto plain = network.start_server();
    secure->serve("/file", answer_with(200), Then::keep);
    plain->serve("/file", answer_with(301, "Location: " + secure->url("/file") + "\r\n"),
                 Then::keep);

    const auto answer = network.head(plain->url("/file"));

    CHECK(answer.outcome.is_ok());
    CHECK(answer.final_url == secure->url("/file"));
}

TEST_CASE("https goes through a proxy by a tunnel, and is verified all the same",
          "[prober][curl_tls]") {
    Certificates certificates;
    Certificates strangers;
    const auto port = prober::testing::unused_port();
    Network network(patient_limits(), {.user_agent = "mirrorwarden/1",
                                       .ca_bundle = certificates.bundle(),
                                       .proxy = fmt::format("http://127.0.0.1:{}", port)});
    const auto proxy = network.start_server(
        {.address = "127.0.0.1", .port = port, .certificate_file = {}, .key_file = {}});
    const auto good = network.start_server(
        serving(certificates.issue({.name = "good", .address = "127.0.0.1", .days = 30})));
    const auto unknown = network.start_server(
        serving(strangers.issue({.name = "unknown", .address = "127.0.0.1", .days = 30})));
    good->serve("HEAD /file", answer_with(200), Then::keep);
    good->serve("GET /file", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", Then::keep);

    proxy->tunnel_to(good->port());
    const auto first = network.head(good->url("/file"));
    prober::GetRequest request;
    request.url = good->url("/file");
    request.bytes_max = 100;
    std::string body;
    request.sink = [&body](std::string_view piece) {
        body += piece;
        return true;
    };
    const auto second = network.get(std::move(request));
    const auto certificate = network.run(network.client().certificate(good->url("/file")));
    proxy->tunnel_to(unknown->port());
    const auto third = network.head(unknown->url("/file"));

    CHECK(to_string(first.outcome) == "ok");
    CHECK(second.outcome.is_ok());
    CHECK(body == "body");
    CHECK(certificate.certificate.has_value());
    CHECK(third.outcome.kind == OutcomeKind::tls_unknown_issuer);
    // HEAD and GET share a tunnel, and its handshake shows the certificate.
    CHECK(proxy->asked() ==
          std::vector<std::string>{fmt::format("CONNECT 127.0.0.1:{}", good->port()),
                                   fmt::format("CONNECT 127.0.0.1:{}", unknown->port())});
    CHECK(unknown->asked().empty());
}

TEST_CASE("a look at a host takes as many connections over https as over http",
          "[prober][curl_tls]") {
    using namespace boost::asio::experimental::awaitable_operators;
    const bool is_secure = GENERATE(false, true);
    CAPTURE(is_secure);
    Certificates certificates;
    auto limits = patient_limits();
    limits.timeout = std::chrono::seconds{20};
    Network network(limits, {.user_agent = "mirrorwarden/1",
                             .ca_bundle = certificates.bundle(),
                             .proxy = {},
                             .resolver = nullptr,
                             .honours_host_rules = true});
    const auto server = network.start_server(
        is_secure
            ? serving(certificates.issue({.name = "good", .address = "127.0.0.1", .days = 30}))
            : LoopbackServer::Options{});
    server->serve_all({answer_with(200), Then::keep, {}});
    server->serve("GET /long", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", Then::keep);
    server->serve("GET /missing", answer_with(404), Then::keep);
    server->answer_after(std::chrono::milliseconds{30});  // so that the lanes meet
    const auto ask = [&server](prober::HttpClient& client) -> boost::asio::awaitable<std::size_t> {
        const auto lane = co_await client.open_lane(server->url("/file"), 10);
        std::size_t answered = 0;
        for (const std::string target : {"/long", "/missing"}) {
            prober::GetRequest request;
            request.url = server->url(target);
            request.bytes_max = 100;
            request.sink = [](std::string_view) { return true; };
            const auto answer = co_await lane->get(std::move(request));
            answered += answer.outcome.kind == OutcomeKind::reset ? 0 : 1;
        }
        co_await client.connect_each(server->url("/file"));
        const auto shown = co_await client.certificate(server->url("/file"));
        answered += shown.certificate.has_value() ? 100 : 0;
        for (int i = 0; i < 3; ++i) {
            const auto answer = co_await lane->head(server->url("/file"));
            answered += answer.outcome.is_ok() ? 1 : 0;
        }
        co_return answered;
    };

    auto both = ask(network.client()) && ask(network.client());
    const auto [first, second] = network.run(std::move(both));

    const std::size_t expected = is_secure ? 105 : 5;  // with its certificate
    CHECK(first == expected);
    CHECK(second == expected);
    CHECK(server->connections().accepted == 2);
    CHECK(server->asked().size() == 11);  // the host's rules come first, once
}
