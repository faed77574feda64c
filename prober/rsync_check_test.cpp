#include "prober/rsync_check.hpp"

#include "prober/testing/network.hpp"
#include "prober/testing/rsync_daemon.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;
using model::Outcome;
using model::OutcomeKind;
using model::RsyncFacts;
using prober::testing::Network;
using prober::testing::Reply;
using prober::testing::RsyncDaemon;
using prober::testing::Then;

namespace {

constexpr prober::RsyncLimits limits{.timeout = 20s, .bytes_max = 10'000};
constexpr prober::RsyncLimits hasty{.timeout = 300ms, .bytes_max = 10'000};

RsyncFacts check(Network& network, const std::string& url,
                 const prober::RsyncLimits& within = limits) {
    return network.run(prober::check_rsync(url, within, prober::resolve_with_system));
}

}  // namespace

TEST_CASE("a real rsync daemon lists its modules", "[prober][rsync_check]") {
    const RsyncDaemon daemon("debian", "hidden");
    Network network;

    SECTION("one that it lists") {
        const auto facts = check(network, daemon.url("debian/dists/"));

        CHECK(to_string(facts.outcome) == "ok");
        CHECK(facts.module == "debian");
        CHECK(facts.modules == std::vector<std::string>{"debian"});
        CHECK_FALSE(judge_rsync(facts).has_value());
    }
    SECTION("one that it has, and keeps out of its list") {
        const auto facts = check(network, daemon.url("hidden"));

        CHECK(facts.outcome.is_ok());
        CHECK_FALSE(judge_rsync(facts).has_value());
    }
    SECTION("one that it does not have") {
        const auto facts = check(network, daemon.url("ubuntu/"));

        CHECK(facts.outcome.is_ok());
        CHECK(facts.modules == std::vector<std::string>{"debian"});
        const auto finding = judge_rsync(facts);
        REQUIRE(finding.has_value());
        CHECK(finding->rule == "rsync-module-missing");
    }
}

TEST_CASE("a daemon that is not there, or none, is told", "[prober][rsync_check]") {
    const std::string hello = "@RSYNCD: 31.0\n";
    const auto [reply, expected, why] = GENERATE_COPY(table<Reply, OutcomeKind, std::string>({
        {{"SSH-2.0-OpenSSH_9.2\r\n", Then::hold, ""}, OutcomeKind::invalid_answer, "ssh"},
        {{"HTTP/1.1 400 Bad\r\n\r\n", Then::close, ""}, OutcomeKind::invalid_answer, "http"},
        {{"@RSYNCD:", Then::close, ""}, OutcomeKind::reset, "half a greeting"},
        {{"", Then::close, ""}, OutcomeKind::reset, "not a word"},
        {{"", Then::hold, ""}, OutcomeKind::timeout_response, "silence"},
        {{"", Then::repeat, std::string(4096, 'x')}, OutcomeKind::invalid_answer, "endless"},
        {{hello + "@ERROR: no list\n", Then::hold, ""}, OutcomeKind::ok, "a list that is refused"},
        {{hello + "a \tb\n", Then::hold, ""}, OutcomeKind::ok, "a list that breaks off"},
        {{hello, Then::repeat, "a \tb\n"}, OutcomeKind::ok, "a list without an end"},
    }));
    CAPTURE(why);
    Network network;
    const auto server = network.start_server();
    server->greet(reply);

    const auto facts =
        check(network, fmt::format("rsync://127.0.0.1:{}/debian/", server->port()), hasty);

    CHECK(to_string(facts.outcome) == to_string(Outcome{expected}));
    CHECK_FALSE(facts.modules.has_value());
}

TEST_CASE("a list with a message of the day is read", "[prober][rsync_check]") {
    Network network;
    const auto server = network.start_server();
    server->greet(
        {"@RSYNCD: 31.0 sha512 md5\nWelcome!\n\ndebian         \tAll of it\ncd \t\n"
         "@RSYNCD: EXIT\n",
         Then::close, ""});

    const auto facts =
        check(network, fmt::format("rsync://127.0.0.1:{}/cd/", server->port()), hasty);

    CHECK(facts.outcome.is_ok());
    CHECK(facts.modules == std::vector<std::string>{"debian", "cd"});
}

TEST_CASE("an rsync daemon that cannot be reached is told", "[prober][rsync_check]") {
    Network network;
    const std::vector<std::pair<std::string, OutcomeKind>> cases{
        {fmt::format("rsync://127.0.0.1:{}/debian/", prober::testing::unused_port()),
         OutcomeKind::refused},
        {fmt::format("rsync://[::1]:{}/debian/", prober::testing::unused_port()),
         OutcomeKind::refused},
        {"rsync://no-such-host.invalid/debian/", OutcomeKind::name_not_resolved},
        {"rsync://127.0.0.1/", OutcomeKind::invalid_answer},
        {"rsync://127.0.0.1:0/debian/", OutcomeKind::invalid_answer},
        {"rsync://127.0.0.1:x/debian/", OutcomeKind::invalid_answer},
        {"rsync://127.0.0.1/#list", OutcomeKind::invalid_answer},
        {"http://127.0.0.1/debian/", OutcomeKind::invalid_answer},
        {"rsync://127.0.0.1/a\nb/", OutcomeKind::invalid_answer},
    };
    for (const auto& [url, expected] : cases) {
        CAPTURE(url);

        CHECK(to_string(check(network, url).outcome) == to_string(Outcome{expected}));
    }
}
