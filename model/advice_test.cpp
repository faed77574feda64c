#include "model/advice.hpp"

#include "tools/cmake/catch.hpp"

#include <optional>
#include <string>
#include <string_view>

using model::advice;
using model::main_failure;
using model::Outcome;
using model::OutcomeKind;
using model::usual_remedy;

TEST_CASE("the main failure is the most frequent one that says something", "[model][advice]") {
    struct Row {
        model::OutcomeCounts outcomes;
        std::optional<Outcome> expected;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {{}, std::nullopt, "nothing was asked"},
        {{{"ok", 9}}, std::nullopt, "nothing failed"},
        {{{"ok", 9}, {"refused", 1}}, Outcome{OutcomeKind::refused, 0}, "successes do not count"},
        {{{"http-status 403", 2}, {"http-status 404", 3}},
         Outcome{OutcomeKind::http_status, 404},
         "each status for itself"},
        {{{"refused", 2}, {"reset", 2}}, Outcome{OutcomeKind::refused, 0}, "the first of equals"},
        {{{"skipped", 900}, {"timeout-connect", 30}},
         Outcome{OutcomeKind::timeout_connect, 0},
         "what was skipped was skipped because of the timeouts"},
        {{{"skipped", 900}},
         Outcome{OutcomeKind::skipped, 0},
         "another mirror of that host failed"},
        {{{"cancelled", 9}, {"prober-trouble", 9}}, std::nullopt, "says nothing of the mirror"},
        {{{"of another version", 9}}, std::nullopt, "a word that is not ours"},
    }));
    CAPTURE(row.why);

    CHECK(main_failure(row.outcomes) == row.expected);
}

TEST_CASE("the advice fits the failure", "[model][advice]") {
    struct Row {
        std::optional<Outcome> failure;
        std::string clue;
    };
    const auto row = GENERATE(values<Row>({
        {std::nullopt, "last sync"},
        {Outcome{OutcomeKind::http_status, 404}, "http://m.example/debian/dists/"},
        {Outcome{OutcomeKind::http_status, 401}, "password"},
        {Outcome{OutcomeKind::http_status, 403}, "read the files"},
        {Outcome{OutcomeKind::http_status, 429}, "limit"},
        {Outcome{OutcomeKind::http_status, 503}, "error log"},
        {Outcome{OutcomeKind::name_not_resolved, 0}, "name servers"},
        {Outcome{OutcomeKind::refused, 0}, "listen"},
        {Outcome{OutcomeKind::unreachable, 0}, "IPv6"},
        {Outcome{OutcomeKind::reset, 0}, "crash"},
        {Outcome{OutcomeKind::timeout_connect, 0}, "firewall"},
        {Outcome{OutcomeKind::timeout_response, 0}, "overloaded"},
        {Outcome{OutcomeKind::tls_expired, 0}, "renewed"},
        {Outcome{OutcomeKind::tls_self_signed, 0}, "authority"},
        {Outcome{OutcomeKind::tls_wrong_host, 0}, "host of the URL"},
        {Outcome{OutcomeKind::tls_unknown_issuer, 0}, "intermediate"},
        {Outcome{OutcomeKind::tls_failed, 0}, "TLS 1.2"},
        {Outcome{OutcomeKind::too_many_redirects, 0}, "circle"},
        {Outcome{OutcomeKind::redirect_to_different_file, 0}, "error page"},
        {Outcome{OutcomeKind::redirect_to_unknown_scheme, 0}, "http, https or ftp"},
        {Outcome{OutcomeKind::invalid_answer, 0}, "web server"},
        {Outcome{OutcomeKind::skipped, 0}, "network"},
    }));
    model::Mirror mirror;
    mirror.http_url = "http://m.example/debian/";
    CAPTURE(row.clue);

    std::string all;
    for (const std::string& item : advice(mirror, row.failure)) {
        CHECK((item.ends_with('.') || item.ends_with('?') || item.ends_with(':')));
        all += item + "\n";
    }

    CHECK(all.find(row.clue) != std::string::npos);
}

TEST_CASE("an image mirror is not asked for dists/", "[model][advice]") {
    model::Mirror mirror;
    mirror.content = model::Content::release;
    mirror.http_url = "http://cd.example/";

    const auto items = advice(mirror, Outcome{OutcomeKind::http_status, 404});

    REQUIRE_FALSE(items.empty());
    CHECK(items.front().find("CD images") != std::string::npos);
    CHECK(items.front().find("dists/") == std::string::npos);
}

TEST_CASE("550 of an ftp server is a missing file, not a server's fault", "[model][advice]") {
    model::Mirror mirror;
    mirror.ftp_url = "ftp://m.example/debian/";

    const auto items = advice(mirror, Outcome{OutcomeKind::http_status, 550});

    REQUIRE_FALSE(items.empty());
    CHECK(items.front().find("ftp://m.example/debian/dists/") != std::string::npos);
}

TEST_CASE("the remedy fits how a request ended", "[model][advice]") {
    struct Row {
        Outcome outcome;
        std::string word;  // in it
    };
    const auto row = GENERATE(values<Row>({
        {{OutcomeKind::refused, 0}, "Start the server"},
        {{OutcomeKind::unreachable, 0}, "firewall"},
        {{OutcomeKind::name_not_resolved, 0}, "DNS"},
        {{OutcomeKind::timeout_connect, 0}, "drops connections"},
        {{OutcomeKind::timeout_response, 0}, "overloaded"},
        {{OutcomeKind::reset, 0}, "error log"},
        {{OutcomeKind::redirect_to_different_file, 0}, "redirect"},
        {{OutcomeKind::tls_expired, 0}, "certificate"},
        {{OutcomeKind::tls_unknown_issuer, 0}, "intermediate"},
        {{OutcomeKind::http_status, 401}, "password"},
        {{OutcomeKind::http_status, 403}, "rights"},
        {{OutcomeKind::http_status, 429}, "limit of requests"},
        {{OutcomeKind::http_status, 503}, "error log"},
    }));
    CAPTURE(row.word);

    CHECK(usual_remedy(row.outcome).find(row.word) != std::string_view::npos);
}

TEST_CASE("no remedy is made up where the outcome does not tell", "[model][advice]") {
    const auto outcome = GENERATE(values<Outcome>({
        {OutcomeKind::ok, 0},
        {OutcomeKind::http_status, 404},
        {OutcomeKind::prober_trouble, 0},
        {OutcomeKind::cancelled, 0},
        {OutcomeKind::invalid_answer, 0},
    }));
    CAPTURE(to_string(outcome));

    CHECK(usual_remedy(outcome).empty());
}
