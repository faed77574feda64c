#include "prober/shown_certificate.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using prober::ShownCertificate;

namespace {

ShownCertificate certificate(const std::string& subject, const std::string& issuer) {
    return {.subject = subject,
            .issuer = issuer,
            .not_before = "Nov  1 08:00:00 2026 GMT",
            .not_after = "Nov 21 08:00:00 2027 GMT"};
}

}  // namespace

TEST_CASE("a chain lacks its intermediate where its issuer is neither known nor sent",
          "[prober][shown_certificate]") {
    const auto own = certificate("CN = mirror", "CN = R3");
    const auto intermediate = certificate("CN = R3", "CN = Root");
    // Source: openssl-verification-options(1) and x509_vfy.h: 10 certificate has expired, 18
    // self-signed, 20 unable to get local issuer certificate, 21 unable to verify the first.
    const auto [why, shown, verify_result, lacks_intermediate] =
        GENERATE_REF(table<std::string, std::vector<ShownCertificate>, long, bool>({
            {"alone, by an issuer that is trusted", {own}, 0, false},
            {"alone, by nobody that we know", {own}, 20, true},
            {"the same in other words", {own}, 21, true},
            {"with its issuer, by a root that we do not know", {own, intermediate}, 20, false},
            {"with a stranger's", {own, certificate("CN = other", "CN = Root")}, 20, true},
            {"the issuer comes later", {own, certificate("a", "b"), intermediate}, 20, false},
            {"signed by itself", {certificate("CN = a", "CN = a")}, 18, false},
            {"too old, which says nothing of its issuer", {own}, 10, false},
        }));
    CAPTURE(why);

    const auto state = prober::describe_certificate("mirror.example", shown, verify_result);

    REQUIRE(state.has_value());
    CHECK(state->host == "mirror.example");
    CHECK(state->subject == shown.front().subject);
    CHECK(state->issuer == shown.front().issuer);
    CHECK(state->lacks_intermediate == lacks_intermediate);
}

TEST_CASE("the dates of a certificate are read as OpenSSL writes them",
          "[prober][shown_certificate]") {
    const auto [written, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"Nov 21 08:09:10 2026 GMT", "2026-11-21T08:09:10Z", "as most"},
        {"Feb  1 00:00:00 2028 GMT", "2028-02-01T00:00:00Z", "a day of one digit"},
        {"Feb 29 23:59:59 2028 GMT", "2028-02-29T23:59:59Z", "a leap day"},
        {"Jan  1 00:00:00 1970 GMT", "1970-01-01T00:00:00Z", "the first second that we know"},
        {"Jan 19 03:14:08 2038 GMT", "2038-01-19T03:14:08Z", "more than 31 bits of seconds"},
        {"Dec 31 23:59:59 9999 GMT", "9999-12-31T23:59:59Z",
         "RFC 5280, 4.1.2.5: never, for what has no well-defined end"},
    }));
    CAPTURE(why);
    auto own = certificate("a", "b");
    own.not_before = written;
    own.not_after = written;

    const auto state = prober::describe_certificate("host", {own}, 0);

    REQUIRE(state.has_value());
    CHECK(model::format_timestamp(state->not_before) == expected);
    CHECK(model::format_timestamp(state->not_after) == expected);
}

TEST_CASE("a certificate's names stay on one line, and short", "[prober][shown_certificate]") {
    const auto own = certificate("CN = a\nFrom: b" + std::string(1000, 'x'), "CN = \x1B[31mc");

    const auto state = prober::describe_certificate("host", {own}, 0);

    REQUIRE(state.has_value());
    CHECK(state->subject.find('\n') == std::string::npos);
    CHECK(state->subject.size() < 400);
    CHECK(state->issuer.find('\x1B') == std::string::npos);
}

TEST_CASE("a certificate without dates is none", "[prober][shown_certificate]") {
    auto no_begin = certificate("a", "b");
    no_begin.not_before = "Bad time value";  // OpenSSL's words
    auto no_end = certificate("a", "b");
    no_end.not_after = {};

    CHECK_FALSE(prober::describe_certificate("host", {}, 0).has_value());
    CHECK_FALSE(prober::describe_certificate("host", {no_begin}, 0).has_value());
    CHECK_FALSE(prober::describe_certificate("host", {no_end}, 0).has_value());
}
