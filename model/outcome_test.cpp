#include "model/outcome.hpp"

#include "tools/cmake/catch.hpp"

#include <set>
#include <string>

using model::Outcome;
using model::OutcomeKind;
using model::parse_outcome;
using model::to_string;

namespace {

struct Row {
    OutcomeKind kind;
    std::string name;
    bool timeout;
    bool tls;
    bool inconclusive;
};

const std::vector<Row>& rows() {
    static const std::vector<Row> all = {
        {OutcomeKind::ok, "ok", false, false, false},
        {OutcomeKind::http_status, "http-status 404", false, false, false},
        {OutcomeKind::name_not_resolved, "name-not-resolved", false, false, false},
        {OutcomeKind::refused, "refused", false, false, false},
        {OutcomeKind::unreachable, "unreachable", false, false, false},
        {OutcomeKind::reset, "reset", false, false, false},
        {OutcomeKind::timeout_connect, "timeout-connect", true, false, false},
        {OutcomeKind::timeout_response, "timeout-response", true, false, false},
        {OutcomeKind::tls_expired, "tls-expired", false, true, false},
        {OutcomeKind::tls_self_signed, "tls-self-signed", false, true, false},
        {OutcomeKind::tls_wrong_host, "tls-wrong-host", false, true, false},
        {OutcomeKind::tls_unknown_issuer, "tls-unknown-issuer", false, true, false},
        {OutcomeKind::tls_failed, "tls-failed", false, true, false},
        {OutcomeKind::too_many_redirects, "too-many-redirects", false, false, false},
        {OutcomeKind::redirect_to_different_file, "redirect-to-different-file", false, false,
         false},
        {OutcomeKind::redirect_to_unknown_scheme, "redirect-to-unknown-scheme", false, false,
         false},
        {OutcomeKind::invalid_answer, "invalid-answer", false, false, false},
        {OutcomeKind::skipped, "skipped", false, false, false},  // the host's own fault
        {OutcomeKind::cancelled, "cancelled", false, false, true},
        {OutcomeKind::prober_trouble, "prober-trouble", false, false, true},
    };
    return all;
}

Outcome outcome_of(const Row& row) {
    return {.kind = row.kind, .status = row.kind == OutcomeKind::http_status ? 404 : 0};
}

}  // namespace

TEST_CASE("every outcome has one name that reads back", "[model][outcome]") {
    std::set<std::string> names;
    for (const Row& row : rows()) {
        CAPTURE(row.name);

        CHECK(to_string(outcome_of(row)) == row.name);
        CHECK(parse_outcome(row.name) == outcome_of(row));
        names.insert(row.name);
    }
    CHECK(names.size() == 20);
}

TEST_CASE("parse_outcome refuses what to_string never writes", "[model][outcome]") {
    const auto [text, why] = GENERATE(table<std::string, std::string>({
        {"", "empty"},
        {"OK", "another case"},
        {"ok ", "a trailing blank"},
        {"ok 200", "only http-status has a status"},
        {"http-status", "no status"},
        {"http-status ", "no status after the blank"},
        {"http-status x", "no number"},
        {"http-status 404 ", "more after the number"},
        {"http-status 99999999999", "out of range"},
        {"lost", "no such word"},
    }));
    CAPTURE(text, why);

    CHECK_FALSE(parse_outcome(text).has_value());
}

TEST_CASE("outcomes know their families", "[model][outcome]") {
    for (const Row& row : rows()) {
        CAPTURE(row.name);

        CHECK(model::is_timeout(row.kind) == row.timeout);
        CHECK(model::is_tls_failure(row.kind) == row.tls);
        CHECK(model::is_inconclusive(row.kind) == row.inconclusive);
        CHECK(outcome_of(row).is_ok() == (row.name == "ok"));
    }
}

TEST_CASE("a file is gone where its server says so", "[model][outcome]") {
    const auto [kind, status, is_gone] = GENERATE(table<OutcomeKind, int, bool>({
        {OutcomeKind::http_status, 404, true},
        {OutcomeKind::http_status, 410, true},
        {OutcomeKind::http_status, 550, true},  // by ftp
        {OutcomeKind::http_status, 403, false},
        {OutcomeKind::http_status, 503, false},
        {OutcomeKind::ok, 0, false},
        {OutcomeKind::skipped, 0, false},
    }));
    const Outcome outcome{.kind = kind, .status = status};
    CAPTURE(to_string(outcome));

    CHECK(model::is_gone(outcome) == is_gone);
}

TEST_CASE("every outcome is explained in words of its own", "[model][outcome]") {
    std::set<std::string_view> seen;
    for (const Row& row : rows()) {
        const std::string_view text = model::explain(row.kind);
        CAPTURE(row.name, text);

        REQUIRE_FALSE(text.empty());
        CHECK(text.back() != '.');
        CHECK(seen.insert(text).second);
    }
}
