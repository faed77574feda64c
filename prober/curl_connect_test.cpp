#include "prober/testing/certificates.hpp"
#include "prober/testing/network.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using model::AddressState;
using model::OutcomeKind;
using prober::NameAnswer;
using prober::testing::answer_with;
using prober::testing::Certificates;
using prober::testing::LoopbackServer;
using prober::testing::Network;
using prober::testing::Then;

namespace {

NameAnswer at(std::vector<std::string> addresses) {
    return {.addresses = std::move(addresses), .failure = {}, .detail = {}};
}

/// One name leads to these addresses, and no other name anywhere.
prober::CurlSettings resolving(const std::string& name, const NameAnswer& answer) {
    return {.user_agent = "mirrorwarden/1",
            .ca_bundle = {},
            .proxy = {},
            .resolver = [name, answer](const std::string& asked) {
                return asked == name ? answer
                                     : NameAnswer{.addresses = {},
                                                  .failure = OutcomeKind::name_not_resolved,
                                                  .detail = "no such name"};
            }};
}

LoopbackServer::Options on(const std::string& address, unsigned short port = 0) {
    return {.address = address, .port = port, .certificate_file = {}, .key_file = {}};
}

LoopbackServer::Options serving(const Certificates::Files& files) {
    return {.address = "127.0.0.1",
            .port = 0,
            .certificate_file = files.certificate,
            .key_file = files.key};
}

std::vector<std::string> spell(const std::vector<AddressState>& states) {
    std::vector<std::string> lines;
    lines.reserve(states.size());
    for (const auto& state : states) {
        lines.push_back(state.address + " " + to_string(state.outcome));
    }
    return lines;
}

prober::HttpLimits patient_limits() {
    auto limits = prober::testing::quick_limits();
    limits.connect_timeout = 20s;  // handshakes are slow under sanitizers
    limits.timeout = 20s;
    return limits;
}

}  // namespace

TEST_CASE("each address of a name is asked on its own", "[prober][curl_connect]") {
    Network network(prober::testing::quick_limits(),
                    resolving("mirror.test", at({"::1", "127.0.0.1", "127.0.0.2", "127.0.0.3"})));
    const auto good = network.start_server(on("127.0.0.1"));
    const auto port = good->port();
    const auto silent = network.start_server(on("127.0.0.2", port));
    const auto wrong = network.start_server(on("127.0.0.3", port));
    good->serve("/dists/file", answer_with(200), Then::keep);
    wrong->serve("/dists/file", answer_with(404), Then::keep);
    const auto url = fmt::format("http://mirror.test:{}/dists/file", port);

    const auto answers = network.run(network.client().connect_each(url));

    // Nobody listens at ::1: IPv6 is dead, and IPv4 is fine at one address.
    CHECK(spell(answers.states) == std::vector<std::string>{"::1 refused", "127.0.0.1 ok",
                                                            "127.0.0.2 timeout-response",
                                                            "127.0.0.3 http-status 404"});
    REQUIRE(good->heads().size() == 1);
    CHECK(good->heads()[0].find(fmt::format("Host: mirror.test:{}\r\n", port)) !=
          std::string::npos);
    CHECK(good->asked() == std::vector<std::string>{"HEAD /dists/file"});
    CHECK(good->connections().open == 0);
}

TEST_CASE("an IPv6 address is reached as well", "[prober][curl_connect]") {
    Network network(prober::testing::quick_limits(), resolving("mirror.test", at({"::1"})));
    const auto server = network.start_server(on("::1"));
    server->serve("/file", answer_with(200), Then::keep);

    const auto answers = network.run(
        network.client().connect_each(fmt::format("http://mirror.test:{}/file", server->port())));

    CHECK(spell(answers.states) == std::vector<std::string>{"::1 ok"});
}

TEST_CASE("asking each address leaves a lane's own requests as they were",
          "[prober][curl_connect]") {
    Network network(prober::testing::quick_limits(),
                    resolving("mirror.test", at({"127.0.0.1", "127.0.0.2"})));
    const auto first = network.start_server(on("127.0.0.1"));
    const auto second = network.start_server(on("127.0.0.2", first->port()));
    first->serve("/file", answer_with(200), Then::keep);
    second->serve("/file", answer_with(200), Then::keep);
    const auto url = fmt::format("http://mirror.test:{}/file", first->port());

    CHECK(network.head(url).outcome.is_ok());
    CHECK(network.run(network.client().connect_each(url)).states.size() == 2);
    CHECK(network.head(url).outcome.is_ok());

    CHECK(first->asked().size() == 3);
    CHECK(second->asked().size() == 1);
}

TEST_CASE("a host's only address is not asked again", "[prober][curl_connect]") {
    const auto [status, then, expected, why] = GENERATE(table<int, Then, std::string, std::string>({
        {200, Then::keep, "ok", "it answers"},
        {404, Then::keep, "ok", "it answers, whatever it says of one file"},
        {200, Then::reset, "ok", "it answered, and hangs up"},
        {0, Then::reset, "reset", "it has never answered"},
    }));
    CAPTURE(why);
    Network network(prober::testing::quick_limits(), resolving("mirror.test", at({"127.0.0.1"})));
    const auto server = network.start_server(on("127.0.0.1"));
    server->serve_all({status == 0 ? "" : answer_with(status), then, {}});
    const auto url = fmt::format("http://mirror.test:{}/file", server->port());
    network.head(url);
    const auto asked_before = server->asked().size();

    const auto answers = network.run(network.client().connect_each(url));

    CHECK(spell(answers.states) == std::vector<std::string>{"127.0.0.1 " + expected});
    CHECK(answers.requests == 0);
    CHECK(server->asked().size() == asked_before);
}

TEST_CASE("a host that was given up costs no further time limits", "[prober][curl_connect]") {
    Network network(prober::testing::quick_limits(),
                    resolving("mirror.test", at({"127.0.0.1", "127.0.0.2"})));
    const auto server = network.start_server(on("127.0.0.1"));
    const auto other = network.start_server(on("127.0.0.2", server->port()));
    const auto url = fmt::format("http://mirror.test:{}/silent", server->port());
    const auto secure_url = fmt::format("https://mirror.test:{}/silent", other->port());
    network.head(url);
    network.head(url);
    const auto accepted_before = server->connections().accepted;

    const auto answers = network.run(network.client().connect_each(url));
    const auto certificate = network.run(network.client().certificate(secure_url));

    CHECK(spell(answers.states) ==
          std::vector<std::string>{"127.0.0.1 skipped", "127.0.0.2 skipped"});
    CHECK(answers.requests == 0);
    CHECK_FALSE(certificate.certificate.has_value());
    CHECK(certificate.connections == 0);
    CHECK(server->connections().accepted == accepted_before);
    CHECK(other->connections().accepted == 0);
}

TEST_CASE("who holds a host's only lane can ask each address", "[prober][curl_connect]") {
    auto limits = prober::testing::quick_limits();
    limits.requests_max = 1;
    limits.requests_per_host_max = 1;
    limits.timeout = 5s;
    Network network(limits);
    const auto server = network.start_server();
    server->serve("/file", answer_with(200), Then::keep);
    const auto on_own_lane = [](prober::HttpClient& client,
                                std::string url) -> boost::asio::awaitable<std::size_t> {
        const auto lane = co_await client.open_lane(url, 1);
        co_await lane->head(url);
        const auto answers = co_await client.connect_each(url);
        co_await client.certificate(url);
        const auto answer = co_await lane->head(url);
        co_return answers.states.size() + (answer.outcome.is_ok() ? 1 : 0);
    };

    CHECK(network.run(on_own_lane(network.client(), server->url("/file"))) == 2);
    CHECK(server->connections().open_max == 1);
}

TEST_CASE("not more than eight addresses of a family are asked", "[prober][curl_connect]") {
    std::vector<std::string> many;
    for (int i = 1; i <= 20; ++i) {
        many.push_back(fmt::format("127.0.1.{}", i));
    }
    many.emplace_back("::1");
    Network network(prober::testing::quick_limits(), resolving("mirror.test", at(many)));
    const auto port = prober::testing::unused_port();

    const auto answers =
        network.run(network.client().connect_each(fmt::format("http://mirror.test:{}/file", port)));

    REQUIRE(answers.states.size() == 9);
    CHECK(answers.states.front().address == "127.0.1.1");
    CHECK(answers.states[7].address == "127.0.1.8");
    CHECK(answers.states.back().address == "::1");
}

TEST_CASE("a name without an address says why", "[prober][curl_connect]") {
    Network network(prober::testing::quick_limits(), resolving("mirror.test", at({"127.0.0.1"})));

    const auto answers = network.run(network.client().connect_each("http://no.test/file"));

    CHECK(spell(answers.states) == std::vector<std::string>{" name-not-resolved"});
}

TEST_CASE("an address in a URL is its only one", "[prober][curl_connect]") {
    Network network;
    const auto server = network.start_server();
    server->serve("HEAD /file", answer_with(405), Then::keep);
    server->serve("GET /file", answer_with(200), Then::keep);

    const auto answers = network.run(network.client().connect_each(server->url("/file")));

    // And a HEAD that is refused is asked again, as everywhere.
    CHECK(spell(answers.states) == std::vector<std::string>{"127.0.0.1 ok"});
}

TEST_CASE("addresses are not asked for once a run is over", "[prober][curl_connect]") {
    Network network;
    const auto server = network.start_server();
    network.client().cancel();

    const auto answers = network.run(network.client().connect_each(server->url("/file")));

    CHECK(spell(answers.states) == std::vector<std::string>{"127.0.0.1 cancelled"});
    CHECK(server->asked().empty());
}

TEST_CASE("a certificate is read, be it valid or not", "[prober][curl_connect]") {
    Certificates certificates;
    Certificates strangers;
    Network network(
        patient_limits(),
        {.user_agent = "mirrorwarden/1", .ca_bundle = certificates.bundle(), .proxy = {}});
    const auto [make, subject, issuer, days, lacks_intermediate, why] =
        GENERATE_REF(table<std::function<Certificates::Files()>, std::string, std::string, int,
                           bool, std::string>({
            {[&] {
                 return certificates.issue({"good", "127.0.0.1", 20});
             },
             "good", "authority", 20, false, "valid"},
            {[&] {
                 return certificates.issue({"soon", "127.0.0.1", 1});
             },
             "soon", "authority", 1, false, "ends soon"},
            {[&] {
                 return certificates.issue({"old", "127.0.0.1", 0});
             },
             "old", "authority", 0, false, "has ended"},
            {[&] {
                 return certificates.issue({"other", "127.9.9.9", 20});
             },
             "other", "authority", 20, false, "of another host"},
            {[&] {
                 return certificates.self_signed({"own", "127.0.0.1", 20});
             },
             "own", "own", 20, false, "its own issuer"},
            {[&] {
                 return certificates.issue_by_intermediate({"whole", "127.0.0.1", 20},
                                                           Certificates::Chain::whole);
             },
             "whole", "intermediate", 20, false, "a whole chain"},
            {[&] {
                 return certificates.issue_by_intermediate(
                     {"torn", "127.0.0.1", 20}, Certificates::Chain::without_intermediate);
             },
             "torn", "intermediate", 20, true, "the intermediate is not sent"},
            {[&] {
                 return strangers.issue_by_intermediate({"strange", "127.0.0.1", 20},
                                                        Certificates::Chain::whole);
             },
             "strange", "intermediate", 20, false, "whole, of an authority that nobody knows"},
        }));
    const bool has_lane_asked = GENERATE(false, true);
    CAPTURE(why, has_lane_asked);
    const auto server = network.start_server(serving(make()));
    server->serve_all({answer_with(200), Then::keep, {}});
    const bool is_trusted = !has_lane_asked || network.head(server->url("/file")).outcome.is_ok();

    const auto answer = network.run(network.client().certificate(server->url("/file")));

    const auto& state = answer.certificate;
    REQUIRE(state.has_value());
    CHECK(state->host == "127.0.0.1");
    CHECK(state->subject.find(subject) != std::string::npos);
    CHECK(state->issuer.find(issuer) != std::string::npos);
    CHECK(state->not_after - state->not_before == 24h * days);
    CHECK(std::chrono::abs(state->not_before - std::chrono::system_clock::now()) < 1h);
    CHECK(state->lacks_intermediate == lacks_intermediate);
    if (has_lane_asked) {
        // The handshake that was made anyway tells; after one that OpenSSL broke off, one more.
        CHECK(answer.connections <= (is_trusted ? 0 : 1));
        CHECK(server->connections().accepted == 1 + answer.connections);
    } else {
        CHECK(answer.connections == server->connections().accepted);
        CHECK(server->asked().empty());  // shaking hands is enough
    }
}

TEST_CASE("no certificate is no certificate", "[prober][curl_connect]") {
    Network network;
    const auto plain = network.start_server();
    plain->serve_all({answer_with(200), Then::keep, {}});
    const auto port = prober::testing::unused_port();
    for (const auto& url :
         {plain->url("/file"), fmt::format("https://127.0.0.1:{}/file", plain->port()),
          fmt::format("https://127.0.0.1:{}/file", port), std::string("https://no.invalid/file"),
          std::string("nonsense")}) {
        CAPTURE(url);

        CHECK_FALSE(network.run(network.client().certificate(url)).certificate.has_value());
    }
}
