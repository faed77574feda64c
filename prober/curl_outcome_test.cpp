#include "prober/curl_outcome.hpp"

#include "tools/cmake/catch.hpp"

#include <curl/curl.h>

#include <cerrno>
#include <string>

using namespace std::chrono_literals;
using model::Outcome;
using model::OutcomeKind;
using prober::TransferEnd;

TEST_CASE("a failed connection is called by what the system said", "[prober][curl_outcome]") {
    const auto [system_error, expected, why] = GENERATE(table<int, OutcomeKind, std::string>({
        {ECONNREFUSED, OutcomeKind::refused, "nobody listens"},
        {ENETUNREACH, OutcomeKind::unreachable, "no route to the network"},
        {EHOSTUNREACH, OutcomeKind::unreachable, "no route to the host"},
        {EACCES, OutcomeKind::unreachable, "a rule of the firewall"},
        {ETIMEDOUT, OutcomeKind::timeout_connect, "the kernel gave up first"},
        {ECONNRESET, OutcomeKind::reset, "reset at once"},
        {EMFILE, OutcomeKind::prober_trouble, "we are out of descriptors"},
        {ENFILE, OutcomeKind::prober_trouble, "the machine is out of descriptors"},
        {ENOMEM, OutcomeKind::prober_trouble, "out of memory"},
        {ENOBUFS, OutcomeKind::prober_trouble, "out of buffers"},
        {EADDRNOTAVAIL, OutcomeKind::prober_trouble, "out of local ports"},
        {EAFNOSUPPORT, OutcomeKind::prober_trouble, "a kernel without IPv6"},
    }));
    CAPTURE(why);
    TransferEnd end;
    end.code = CURLE_COULDNT_CONNECT;
    end.system_error = system_error;

    CHECK(to_outcome(end).kind == expected);

    end.is_through_proxy = true;
    CHECK(to_outcome(end).kind == OutcomeKind::prober_trouble);
}

TEST_CASE("a certificate's fault is called by what OpenSSL said", "[prober][curl_outcome]") {
    // Source: OpenSSL's x509_vfy.h.
    const auto [verify_result, expected, why] = GENERATE(table<long, OutcomeKind, std::string>({
        {10, OutcomeKind::tls_expired, "CERT_HAS_EXPIRED"},
        {18, OutcomeKind::tls_self_signed, "DEPTH_ZERO_SELF_SIGNED_CERT"},
        {19, OutcomeKind::tls_self_signed, "SELF_SIGNED_CERT_IN_CHAIN"},
        {2, OutcomeKind::tls_unknown_issuer, "UNABLE_TO_GET_ISSUER_CERT"},
        {20, OutcomeKind::tls_unknown_issuer, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"},
        {21, OutcomeKind::tls_unknown_issuer, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"},
        {62, OutcomeKind::tls_wrong_host, "HOSTNAME_MISMATCH"},
        {0, OutcomeKind::tls_wrong_host, "libcurl itself compares names"},
        {9, OutcomeKind::tls_failed, "CERT_NOT_YET_VALID"},
        {23, OutcomeKind::tls_failed, "CERT_REVOKED"},
    }));
    CAPTURE(why);
    TransferEnd end;
    end.code = CURLE_PEER_FAILED_VERIFICATION;
    end.verify_result = verify_result;

    CHECK(to_outcome(end).kind == expected);
}

TEST_CASE("a timeout belongs to the connection until there is one", "[prober][curl_outcome]") {
    TransferEnd end;
    end.code = CURLE_OPERATION_TIMEDOUT;
    CHECK(to_outcome(end).kind == OutcomeKind::timeout_connect);

    end.is_connected = true;
    CHECK(to_outcome(end).kind == OutcomeKind::timeout_response);
}

TEST_CASE("memory is our own trouble, save where a header fills a buffer",
          "[prober][curl_outcome]") {
    TransferEnd end;
    end.code = CURLE_OUT_OF_MEMORY;
    CHECK(to_outcome(end).kind == OutcomeKind::prober_trouble);

    end.is_connected = true;
    CHECK(to_outcome(end).kind == OutcomeKind::invalid_answer);
}

TEST_CASE("an ftp file exists if the server knows its size", "[prober][curl_outcome]") {
    const auto [code, reply, is_size_known, expected, why] =
        GENERATE(table<int, int, bool, Outcome, std::string>({
            {CURLE_OK, 213, true, {OutcomeKind::ok}, "it told the size"},
            {CURLE_OK, 502, false, {OutcomeKind::http_status, 502}, "it knows no SIZE"},
            {CURLE_OK, 350, false, {OutcomeKind::invalid_answer}, "it told nothing"},
            {CURLE_REMOTE_FILE_NOT_FOUND, 550, false, {OutcomeKind::http_status, 550}, "no file"},
            {CURLE_REMOTE_ACCESS_DENIED, 550, false, {OutcomeKind::http_status, 550}, "no folder"},
            {CURLE_LOGIN_DENIED, 530, false, {OutcomeKind::http_status, 530}, "no guests"},
            {CURLE_WEIRD_SERVER_REPLY, 0, false, {OutcomeKind::invalid_answer}, "not ftp"},
            {CURLE_COULDNT_CONNECT, 0, false, {OutcomeKind::refused}, "nobody listens"},
        }));
    CAPTURE(why);
    TransferEnd end;
    end.is_ftp = true;
    end.code = code;
    end.status = reply;
    end.is_size_known = is_size_known;
    end.system_error = ECONNREFUSED;

    CHECK(to_outcome(end) == expected);
}

TEST_CASE("a refused HEAD is worth a GET, an honest refusal is not", "[prober][curl_outcome]") {
    using prober::KnownAnswers;
    constexpr auto by_status = OutcomeKind::http_status;
    const auto [outcome, known, expected, why] =
        GENERATE(table<Outcome, KnownAnswers, bool, std::string>({
            {{by_status, 405}, KnownAnswers::none, true, "no HEAD here"},
            {{by_status, 405}, KnownAnswers::head, true, "no HEAD there"},
            {{by_status, 501}, KnownAnswers::none, true, "HEAD is unknown"},
            {{by_status, 400}, KnownAnswers::some, true, "perhaps HEAD is what is bad"},
            {{by_status, 400}, KnownAnswers::head, false, "HEAD works, so the name is bad"},
            {{by_status, 403}, KnownAnswers::none, true, "perhaps HEAD is what is forbidden"},
            {{by_status, 403}, KnownAnswers::head, false, "HEAD works, so the file is forbidden"},
            {{by_status, 404}, KnownAnswers::some, false, "missing"},
            {{by_status, 500}, KnownAnswers::some, false, "broken"},
            {{OutcomeKind::reset}, KnownAnswers::some, true, "perhaps HEAD is what is dropped"},
            {{OutcomeKind::reset}, KnownAnswers::none, false, "nothing works there"},
            {{OutcomeKind::reset}, KnownAnswers::head, false, "HEAD works"},
            {{OutcomeKind::timeout_response}, KnownAnswers::some, false, "another time limit"},
            {{OutcomeKind::ok}, KnownAnswers::some, false, "it is there"},
        }));
    CAPTURE(why);

    CHECK(prober::is_get_worth_trying(outcome, known) == expected);
}

TEST_CASE("a timeout is believed unless the loop was late", "[prober][curl_outcome]") {
    const auto [lateness, time_limit, expected, why] =
        GENERATE(table<std::chrono::milliseconds, std::chrono::milliseconds, bool, std::string>({
            {0ms, 30s, true, "on time"},
            {250ms, 1s, true, "a quarter of a second is nothing"},
            {251ms, 1s, false, "more than a quarter of a second, and than a tenth"},
            {1s, 10s, true, "a tenth of the time limit"},
            {1001ms, 10s, false, "more than a tenth"},
            {2900ms, 30s, true, "less than a tenth of a longer one"},
        }));
    CAPTURE(why);

    CHECK(prober::is_timeout_credible(lateness, time_limit) == expected);
}
