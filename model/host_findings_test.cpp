#include "model/host_findings.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::AddressState;
using model::Outcome;
using model::OutcomeKind;

namespace {

constexpr Outcome ok{OutcomeKind::ok, 0};
constexpr Outcome refused{OutcomeKind::refused, 0};
constexpr Outcome unreachable{OutcomeKind::unreachable, 0};
constexpr Outcome not_found{OutcomeKind::http_status, 404};
constexpr Outcome ours{OutcomeKind::prober_trouble, 0};

model::Timestamp at(std::string_view text) {
    return model::parse_timestamp(text).value();
}

std::string rules_of(const std::vector<model::Finding>& findings) {
    std::string text;
    for (const auto& finding : findings) {
        text += (text.empty() ? "" : ", ") + finding.rule;
    }
    return text;
}

model::CertificateState certificate(std::string_view from, std::string_view until) {
    model::CertificateState made;
    made.host = "mirror.example";
    made.subject = "mirror.example";
    made.issuer = "An Authority";
    made.not_before = at(from);
    made.not_after = at(until);
    return made;
}

model::FileFacts file(Outcome outcome, std::optional<std::uint64_t> size) {
    model::FileFacts facts;
    facts.subject = "bookworm";
    facts.url = "http://mirror.example/pool/main/f/foo/foo_1_all.deb";
    facts.outcome = outcome;
    facts.size = size;
    facts.size_expected = 10;
    facts.sha256_expected.bytes.fill(1);
    return facts;
}

std::string rule_of(const std::optional<model::Finding>& finding) {
    return finding ? finding->rule : "";
}

}  // namespace

TEST_CASE("addresses are judged by those beside them", "[model][host_findings]") {
    struct Row {
        std::string why;
        std::vector<AddressState> addresses;
        std::string expected;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing was connected", {}, ""},
        {"all is well", {{"192.0.2.7", ok}, {"2001:db8::7", ok}}, ""},
        {"IPv6 is dead", {{"192.0.2.7", ok}, {"2001:db8::7", refused}}, "ipv6-dead"},
        {"IPv4 is dead", {{"192.0.2.7", refused}, {"2001:db8::7", ok}}, "ipv4-dead"},
        {"both are: the mirror is down, and the probe says so",
         {{"192.0.2.7", refused}, {"2001:db8::7", refused}},
         ""},
        {"one of two", {{"192.0.2.7", ok}, {"192.0.2.8", refused}}, "address-dead"},
        {"one of two of IPv6, the other is alive",
         {{"192.0.2.7", ok}, {"2001:db8::7", refused}, {"2001:db8::8", ok}},
         "address-dead"},
        {"all of IPv6 is one finding",
         {{"192.0.2.7", ok}, {"2001:db8::7", refused}, {"2001:db8::8", unreachable}},
         "ipv6-dead"},
        {"404 is alive", {{"192.0.2.7", not_found}, {"2001:db8::7", not_found}}, ""},
        {"our own trouble judges nothing", {{"192.0.2.7", ok}, {"2001:db8::7", ours}}, ""},
        {"nor makes the other family alone", {{"192.0.2.7", ours}, {"2001:db8::7", refused}}, ""},
        {"only one family", {{"2001:db8::7", refused}}, ""},
    }));
    CAPTURE(row.why);

    const auto findings = model::judge_addresses(
        {.url = "http://mirror.example/debian/", .addresses = row.addresses});

    CHECK(rules_of(findings) == row.expected);
}

TEST_CASE("a family that this machine lacks is not judged", "[model][host_findings]") {
    model::AddressFacts facts{.url = "http://mirror.example/",
                              .addresses = {{"192.0.2.7", ok}, {"2001:db8::7", unreachable}}};

    CHECK(rules_of(model::judge_addresses(facts)) == "ipv6-dead");
    facts.has_ipv6 = false;
    CHECK(model::judge_addresses(facts).empty());
}

TEST_CASE("a dead family is told with the line that shows it", "[model][host_findings]") {
    const auto findings = model::judge_addresses(
        {.url = "https://mirror.example/debian/",
         .addresses = {{"192.0.2.7", ok}, {"2001:db8::7", refused}, {"2001:db8::8", refused}}});

    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == model::Severity::warning);
    CHECK(findings[0].subject == "mirror.example");
    CHECK(findings[0].summary ==
          "mirror.example answers over IPv4, but not over IPv6 (2001:db8::7, 2001:db8::8)");
    CHECK(findings[0].curl == "curl -6 -sSI https://mirror.example/debian/");
}

TEST_CASE("a dead address is shown by connecting to it alone", "[model][host_findings]") {
    const auto findings =
        model::judge_addresses({.url = "http://mirror.example:8080/debian/",
                                .addresses = {{"2001:db8::7", ok}, {"2001:db8::8", refused}}});

    REQUIRE(findings.size() == 1);
    CHECK(findings[0].subject == "2001:db8::8");
    CHECK(findings[0].curl ==
          "curl -sSI --connect-to '::[2001:db8::8]:8080' http://mirror.example:8080/debian/");
}

TEST_CASE("a certificate warns with less than a quarter of its lifetime left",
          "[model][host_findings]") {
    // Valid for 90 days: with 30 left, on 1 November, certbot renews it by itself.
    const auto [now, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"2026-09-10T00:00:00Z", "", "new"},
        {"2026-11-02T00:00:00Z", "", "about to be renewed"},
        {"2026-11-08T12:00:00Z", "", "exactly a quarter"},
        {"2026-11-08T12:00:01Z", "certificate-ends-soon", "a second less"},
        {"2026-11-30T23:59:59Z", "certificate-ends-soon", "the last second"},
        {"2026-12-01T00:00:00Z", "certificate-expired", "over"},
        {"2026-09-01T23:59:59Z", "certificate-expired", "not valid yet"},
    }));
    CAPTURE(now, why);

    const auto findings = model::judge_certificate(
        {.url = "https://mirror.example/",
         .outcome = ok,
         .certificate = certificate("2026-09-02T00:00:00Z", "2026-12-01T00:00:00Z"),
         .now = at(now)});

    CHECK(rules_of(findings) == expected);
}

TEST_CASE("what TLS failed with names the fault", "[model][host_findings]") {
    struct Row {
        OutcomeKind outcome;
        bool lacks_intermediate;
        std::string expected;
    };
    const auto row = GENERATE(values<Row>({
        {OutcomeKind::ok, false, ""},
        {OutcomeKind::tls_wrong_host, false, "certificate-wrong-host"},
        {OutcomeKind::tls_self_signed, false, "certificate-untrusted"},
        {OutcomeKind::tls_unknown_issuer, false, "certificate-untrusted"},
        {OutcomeKind::tls_unknown_issuer, true, "chain-lacks-intermediate"},
        {OutcomeKind::tls_expired, false, "certificate-expired"},
        {OutcomeKind::refused, false, ""},
        {OutcomeKind::prober_trouble, false, ""},
    }));
    CAPTURE(model::to_string(Outcome{row.outcome, 0}));
    auto shown = certificate("2026-11-01T00:00:00Z", "2027-11-01T00:00:00Z");
    shown.lacks_intermediate = row.lacks_intermediate;

    const auto findings = model::judge_certificate({.url = "https://mirror.example/",
                                                    .outcome = {row.outcome, 0},
                                                    .certificate = shown,
                                                    .now = at("2026-11-20T00:00:00Z")});

    CHECK(rules_of(findings) == row.expected);
}

TEST_CASE("days left are whole days", "[model][host_findings]") {
    const auto shown = certificate("2026-11-01T00:00:00Z", "2026-11-21T12:00:00Z");

    CHECK(model::days_left(shown, at("2026-11-20T00:00:00Z")) == 1);
    CHECK(model::days_left(shown, at("2026-11-21T00:00:00Z")) == 0);
    CHECK(model::days_left(shown, at("2026-11-22T00:00:00Z")) == -1);
}

TEST_CASE("a host that has what cannot exist is no archive", "[model][host_findings]") {
    const std::string url = "http://mirror.example/debian/there-is-no-such-file";

    CHECK_FALSE(model::judge_nonsense(url, not_found, true));
    CHECK_FALSE(model::judge_nonsense(url, refused, false));
    const auto finding = model::judge_nonsense(url, ok, true);
    REQUIRE(finding);
    CHECK(finding->rule == "not-an-archive");
    CHECK(finding->answer == "200, a web page");
    CHECK(finding->expected == "404");
}

TEST_CASE("files of the pool are judged by what the index says", "[model][host_findings]") {
    CHECK(rule_of(model::judge_pool_file(file(ok, 10))).empty());
    CHECK(rule_of(model::judge_pool_file(file(ok, {}))).empty());
    CHECK(rule_of(model::judge_pool_file(file(ok, 11))) == "pool-file-wrong-size");
    CHECK(rule_of(model::judge_pool_file(file(not_found, {}))) == "pool-file-missing");
    CHECK(rule_of(model::judge_pool_file(file(refused, {}))).empty());
    auto fetched = file(ok, 10);
    fetched.sha256 = fetched.sha256_expected;
    CHECK(rule_of(model::judge_pool_file(fetched)).empty());
    fetched.sha256->bytes[31] = 2;
    CHECK(rule_of(model::judge_pool_file(fetched)) == "pool-file-wrong-hash");
}

TEST_CASE("indexes under their hash are judged by the Release", "[model][host_findings]") {
    CHECK(rule_of(model::judge_by_hash(file(ok, 10))).empty());
    CHECK(rule_of(model::judge_by_hash(file(not_found, {}))) == "by-hash-missing");
    CHECK(rule_of(model::judge_by_hash(file(ok, 11))) == "by-hash-missing");
    CHECK(rule_of(model::judge_by_hash(file(ours, {}))).empty());
}

TEST_CASE("what a server refuses is not called missing", "[model][host_findings]") {
    const auto answered = [](int status) {
        return file({model::OutcomeKind::http_status, status}, {});
    };

    for (const int status : {429, 503}) {  // it wants a rest, which is told by itself
        CHECK_FALSE(model::judge_pool_file(answered(status)));
        CHECK_FALSE(model::judge_by_hash(answered(status)));
    }
    for (const int status : {403, 500}) {
        CHECK_FALSE(model::judge_by_hash(answered(status)));  // nor what the mirror has
        const auto finding = model::judge_pool_file(answered(status));
        REQUIRE(finding);
        CHECK(finding->summary ==
              "the server does not give out a file of the pool that the indexes name");
        CHECK(finding->remedy.find("Sync in two stages") == std::string::npos);
    }
    CHECK(rule_of(model::judge_pool_file(answered(410))) == "pool-file-missing");
    CHECK(rule_of(model::judge_by_hash(answered(550))) == "by-hash-missing");
}

TEST_CASE("an rsync daemon is judged by its greeting and its modules", "[model][host_findings]") {
    struct Row {
        Outcome outcome;
        std::optional<std::vector<std::string>> modules;
        std::string expected;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {ok, std::vector<std::string>{"debian", "iso"}, "", "there it is"},
        {ok, std::vector<std::string>{"iso"}, "rsync-module-missing", "another one is"},
        {ok, std::vector<std::string>{}, "rsync-module-missing", "none is"},
        {ok, std::nullopt, "", "the daemon keeps its list to itself"},
        {refused, std::nullopt, "rsync-dead", "nobody listens"},
        {ours, std::nullopt, "", "our own trouble"},
    }));
    CAPTURE(row.why);

    const auto finding = model::judge_rsync({.url = "rsync://mirror.example/debian/",
                                             .outcome = row.outcome,
                                             .module = "debian",
                                             .modules = row.modules});

    CHECK(rule_of(finding) == row.expected);
}

TEST_CASE("what an rsync daemon said is kept in few words", "[model][host_findings]") {
    const auto state = [](Outcome outcome, std::optional<std::vector<std::string>> modules) {
        return model::rsync_state({.url = "rsync://mirror.example/debian/",
                                   .outcome = outcome,
                                   .module = "debian",
                                   .modules = std::move(modules)});
    };

    CHECK(state(ok, std::vector<std::string>{"debian"}).value().offers_module == true);
    CHECK(state(ok, std::vector<std::string>{}).value().offers_module == false);
    CHECK_FALSE(state(ok, std::nullopt).value().offers_module.has_value());
    CHECK(state(refused, std::nullopt).value().outcome == refused);
    CHECK_FALSE(state(ours, std::nullopt).has_value());
    CHECK_FALSE(state({OutcomeKind::skipped}, std::nullopt).has_value());
}

TEST_CASE("a host that was not asked is told so", "[model][host_findings]") {
    const auto finding = model::host_not_asked("http://mirror.example/debian/");

    CHECK(finding.rule == "no-answer");
    CHECK(finding.severity == model::Severity::unknown);
    CHECK(finding.subject == "mirror.example");
    CHECK(finding.curl == "curl -sSIL --max-time 30 http://mirror.example/debian/");
}

TEST_CASE("a certificate shown alone may lack its intermediate or be a private one's",
          "[model][host_findings]") {
    model::CertificateState certificate;
    certificate.not_before = {};
    certificate.not_after = model::Timestamp{std::chrono::hours{24}};
    certificate.lacks_intermediate = true;

    const auto findings =
        model::judge_certificate({.url = "https://mirror.example/",
                                  .outcome = {OutcomeKind::tls_unknown_issuer},
                                  .certificate = certificate,
                                  .now = model::Timestamp{std::chrono::hours{1}}});

    REQUIRE(findings.size() == 1);
    CHECK(findings.front().rule == "chain-lacks-intermediate");
    CHECK(findings.front().summary ==
          "mirror.example shows its own certificate alone, and its issuer is none that systems "
          "trust: either the intermediate certificate is not sent, or nobody trusts the "
          "authority");
}

TEST_CASE("a host's manners are told", "[model][host_findings]") {
    const auto waiting = model::server_asks_to_wait("http://mirror.example/debian/", 429,
                                                    std::chrono::seconds{3600});
    CHECK(waiting.rule == "server-asks-to-wait");
    CHECK(waiting.summary == "mirror.example asked us to come back in 1 h");
    CHECK(waiting.answer == "429, Retry-After 3600");

    const auto invalid = model::host_rules_invalid(
        "http://mirror.example/.well-known/mirrorwarden.txt", "line 3: no such word");
    CHECK(invalid.rule == "host-rules-invalid");
    CHECK(invalid.summary == "mirrorwarden.txt cannot be followed: line 3: no such word");
}
