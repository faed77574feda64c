#include "model/host_findings.hpp"

#include "model/advice.hpp"
#include "model/duration_text.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace model {
namespace {

/// Who renews by itself does so with a third left.
constexpr int lifetime_parts_left_min = 4;

struct Origin {
    std::string host;  // without brackets
    std::string port;
};

Origin origin_of(std::string_view url) {
    const bool is_https = url.starts_with("https:");
    const auto slashes = url.find("//");
    auto rest = slashes == std::string_view::npos ? url : url.substr(slashes + 2);
    rest = rest.substr(0, rest.find('/'));
    const auto bracket = rest.rfind(']');
    const auto colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    auto host = rest.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    const std::string_view default_port = is_https ? "443" : "80";
    return {.host = std::string{host},
            .port = std::string{colon == std::string_view::npos ? default_port
                                                                : rest.substr(colon + 1)}};
}

/// Whatever the server said, it was reached.
bool is_alive(Outcome outcome) noexcept {
    switch (outcome.kind) {
    case OutcomeKind::ok:
    case OutcomeKind::http_status:
    case OutcomeKind::too_many_redirects:
    case OutcomeKind::redirect_to_different_file:
    case OutcomeKind::redirect_to_unknown_scheme: return true;
    default: return false;
    }
}

bool is_judged(Outcome outcome) noexcept {
    return !is_inconclusive(outcome.kind) && outcome.kind != OutcomeKind::skipped &&
           outcome.kind != OutcomeKind::name_not_resolved;
}

struct Family {
    std::vector<AddressState> dead;
    std::size_t alive = 0;

    bool is_dead() const noexcept { return !dead.empty() && alive == 0; }
};

Family family_of(const AddressFacts& facts, bool ipv6) {
    Family family;
    for (const auto& state : facts.addresses) {
        if (is_ipv6(state.address) != ipv6 || !is_judged(state.outcome)) {
            continue;
        }
        if (is_alive(state.outcome)) {
            ++family.alive;
        } else {
            family.dead.push_back(state);
        }
    }
    return family;
}

Finding dead_family(const AddressFacts& facts, const Family& family, bool ipv6) {
    std::vector<std::string> addresses;
    for (const auto& state : family.dead) {
        addresses.push_back(state.address);
    }
    const auto host = origin_of(facts.url).host;
    return make_finding(
        ipv6 ? "ipv6-dead" : "ipv4-dead",
        {.subject = host,
         .summary =
             fmt::format("{} answers over {}, but not over {} ({})", host, ipv6 ? "IPv4" : "IPv6",
                         ipv6 ? "IPv6" : "IPv4", fmt::join(addresses, ", ")),
         .request = fmt::format("HEAD {} over {}", facts.url, family.dead.front().address),
         .answer = answer_text(family.dead.front().outcome, std::nullopt, false),
         .expected = "an answer, as over the other",
         .curl = fmt::format("curl -{} -sSI {}", ipv6 ? '6' : '4', shell_quoted(facts.url))});
}

Finding dead_address(const AddressFacts& facts, const AddressState& state) {
    const auto origin = origin_of(facts.url);
    const std::string to = is_ipv6(state.address) ? '[' + state.address + ']' : state.address;
    return make_finding("address-dead",
                        {.subject = state.address,
                         .summary = fmt::format("{} of {} does not answer, other addresses do",
                                                state.address, origin.host),
                         .request = fmt::format("HEAD {} over {}", facts.url, state.address),
                         .answer = answer_text(state.outcome, std::nullopt, false),
                         .expected = "an answer, as over the others",
                         .curl = fmt::format("curl -sSI --connect-to {} {}",
                                             shell_quoted(fmt::format("::{}:{}", to, origin.port)),
                                             shell_quoted(facts.url))});
}

Evidence certificate_evidence(const CertificateFacts& facts) {
    return {.subject = origin_of(facts.url).host,
            .request = "TLS to " + facts.url,
            .answer = answer_text(facts.outcome, std::nullopt, false),
            .curl = "curl -sSIv " + shell_quoted(facts.url)};
}

std::string validity(const CertificateState& certificate) {
    return fmt::format("a certificate for {} by {}, valid from {} to {}", certificate.subject,
                       certificate.issuer, format_timestamp(certificate.not_before),
                       format_timestamp(certificate.not_after));
}

Finding certificate_not_valid(const CertificateFacts& facts) {
    auto evidence = certificate_evidence(facts);
    if (facts.certificate) {
        const auto& certificate = *facts.certificate;
        evidence.answer = validity(certificate);
        evidence.summary =
            facts.now < certificate.not_before
                ? fmt::format("the certificate of {} is not valid before {}", evidence.subject,
                              format_timestamp(certificate.not_before))
                : fmt::format("the certificate of {} expired on {}", evidence.subject,
                              format_timestamp(certificate.not_after));
    }
    evidence.expected = "one that is valid on " + format_timestamp(facts.now);
    return make_finding("certificate-expired", std::move(evidence));
}

Finding certificate_ends_soon(const CertificateFacts& facts) {
    const auto& certificate = *facts.certificate;
    auto evidence = certificate_evidence(facts);
    const auto days = days_left(certificate, facts.now);
    evidence.summary = fmt::format(
        "the certificate of {} ends in {} {}, with less than a quarter of its "
        "lifetime left",
        evidence.subject, days, days == 1 ? "day" : "days");
    evidence.answer = validity(certificate);
    evidence.expected = "one that was renewed in the first three quarters of its lifetime";
    return make_finding("certificate-ends-soon", std::move(evidence));
}

Finding chain_lacks_intermediate(const CertificateFacts& facts) {
    auto evidence = certificate_evidence(facts);
    const auto origin = origin_of(facts.url);
    evidence.summary = fmt::format(
        "{} shows its own certificate alone, and its issuer is none that systems trust: either the "
        "intermediate certificate is not sent, or nobody trusts the authority",
        evidence.subject);
    if (facts.certificate) {
        evidence.answer = validity(*facts.certificate) + ", alone";
    }
    evidence.expected = "a chain that leads to an authority that systems trust";
    return make_finding("chain-lacks-intermediate", std::move(evidence));
}

/// It may have the file, and is not to be asked now.
bool wants_rest(Outcome outcome) noexcept {
    return outcome.kind == OutcomeKind::http_status &&
           (outcome.status == 429 || outcome.status == 503);
}

}  // namespace

bool is_ipv6(std::string_view address) noexcept {
    return address.find(':') != std::string_view::npos;
}

std::vector<Finding> judge_addresses(const AddressFacts& facts) {
    const Family ipv4 = facts.has_ipv4 ? family_of(facts, false) : Family{};
    const Family ipv6 = facts.has_ipv6 ? family_of(facts, true) : Family{};
    std::vector<Finding> findings;
    if (ipv4.alive + ipv6.alive == 0) {
        return findings;
    }
    if (ipv6.is_dead()) {
        findings.push_back(dead_family(facts, ipv6, true));
    }
    if (ipv4.is_dead()) {
        findings.push_back(dead_family(facts, ipv4, false));
    }
    for (const auto* family : {&ipv4, &ipv6}) {
        for (const auto& state : family->is_dead() ? std::vector<AddressState>{} : family->dead) {
            findings.push_back(dead_address(facts, state));
        }
    }
    sort_findings(findings);
    return findings;
}

std::vector<Finding> judge_certificate(const CertificateFacts& facts) {
    std::vector<Finding> findings;
    const auto& certificate = facts.certificate;
    const bool is_outside =
        certificate && (facts.now < certificate->not_before || facts.now >= certificate->not_after);
    if (is_outside || facts.outcome.kind == OutcomeKind::tls_expired) {
        findings.push_back(certificate_not_valid(facts));
    } else if (certificate) {
        const auto lifetime = certificate->not_after - certificate->not_before;
        if (certificate->not_after - facts.now < lifetime / lifetime_parts_left_min) {
            findings.push_back(certificate_ends_soon(facts));
        }
    }
    auto evidence = certificate_evidence(facts);
    if (certificate && certificate->lacks_intermediate) {
        findings.push_back(chain_lacks_intermediate(facts));
    } else if (facts.outcome.kind == OutcomeKind::tls_wrong_host) {
        evidence.expected = fmt::format("a certificate that names {}", evidence.subject);
        findings.push_back(make_finding("certificate-wrong-host", std::move(evidence)));
    } else if (facts.outcome.kind == OutcomeKind::tls_self_signed ||
               facts.outcome.kind == OutcomeKind::tls_unknown_issuer) {
        evidence.expected = "a certificate by an authority that systems trust";
        findings.push_back(make_finding("certificate-untrusted", std::move(evidence)));
    }
    sort_findings(findings);
    return findings;
}

std::int64_t days_left(const CertificateState& certificate, Timestamp now) noexcept {
    return std::chrono::floor<std::chrono::days>(certificate.not_after - now).count();
}

std::optional<Finding> judge_nonsense(const std::string& url, Outcome outcome, bool is_web_page) {
    if (!outcome.is_ok()) {
        return std::nullopt;
    }
    const auto host = origin_of(url).host;
    return make_finding(
        "not-an-archive",
        {.subject = host,
         .summary = fmt::format("{} answers 200 for a name that cannot exist, so nothing that it "
                                "says counts",
                                host),
         .request = "HEAD " + url,
         .answer = answer_text(outcome, std::nullopt, is_web_page),
         .expected = "404",
         .curl = curl_head(url)});
}

std::optional<Finding> judge_pool_file(const FileFacts& facts) {
    Evidence evidence{.subject = facts.subject,
                      .request = "HEAD " + facts.url,
                      .answer = answer_text(facts.outcome, facts.size, false),
                      .expected = bytes_text(facts.size_expected) + ", says the index",
                      .curl = curl_head(facts.url)};
    if (is_gone(facts.outcome)) {
        return make_finding("pool-file-missing", std::move(evidence));
    }
    if (facts.outcome.kind == OutcomeKind::http_status && !wants_rest(facts.outcome)) {
        evidence.summary = "the server does not give out a file of the pool that the indexes name";
        auto finding = make_finding("pool-file-missing", std::move(evidence));
        if (const auto remedy = usual_remedy(facts.outcome); !remedy.empty()) {
            finding.remedy = remedy;
        }
        return finding;
    }
    if (!facts.outcome.is_ok()) {
        return std::nullopt;  // that the host is failing is said elsewhere
    }
    if (facts.size && *facts.size != facts.size_expected) {
        return make_finding("pool-file-wrong-size", std::move(evidence));
    }
    if (facts.sha256 && *facts.sha256 != facts.sha256_expected) {
        evidence.request = "GET " + facts.url;
        evidence.answer += ", SHA-256 " + to_string(*facts.sha256);
        evidence.expected =
            fmt::format("SHA-256 {}, says the index", to_string(facts.sha256_expected));
        evidence.curl = curl_sha256(facts.url);
        return make_finding("pool-file-wrong-hash", std::move(evidence));
    }
    return std::nullopt;
}

std::optional<Finding> judge_by_hash(const FileFacts& facts) {
    const bool is_missing = is_gone(facts.outcome);
    const bool is_other =
        facts.outcome.is_ok() && ((facts.size && *facts.size != facts.size_expected) ||
                                  (facts.sha256 && *facts.sha256 != facts.sha256_expected));
    if (!is_missing && !is_other) {
        return std::nullopt;
    }
    Evidence evidence{.subject = facts.subject,
                      .request = "HEAD " + facts.url,
                      .answer = answer_text(facts.outcome, facts.size, false),
                      .expected = bytes_text(facts.size_expected) + ", says the Release",
                      .curl = curl_head(facts.url)};
    if (is_other) {
        evidence.summary = "the file under an index's hash is not that index";
    }
    return make_finding("by-hash-missing", std::move(evidence));
}

std::optional<Finding> judge_rsync(const RsyncFacts& facts) {
    if (!is_judged(facts.outcome) && facts.outcome.kind != OutcomeKind::name_not_resolved) {
        return std::nullopt;
    }
    const auto host = origin_of(facts.url).host;
    Evidence evidence{.subject = host,
                      .request = "RSYNC " + facts.url,
                      .answer = answer_text(facts.outcome, std::nullopt, false),
                      .expected = "a daemon's greeting, @RSYNCD:",
                      .curl = "rsync --list-only " + shell_quoted(facts.url)};
    if (!facts.outcome.is_ok()) {
        return make_finding("rsync-dead", std::move(evidence));
    }
    if (!facts.modules || std::ranges::find(*facts.modules, facts.module) != facts.modules->end()) {
        return std::nullopt;
    }
    evidence.summary = fmt::format("the rsync daemon of {} does not offer the module {}", host,
                                   in_quotes(facts.module));
    evidence.answer = fmt::format("modules {}", fmt::join(*facts.modules, ", "));
    if (facts.modules->empty()) {
        evidence.answer = "no modules";
    }
    evidence.expected = "the module " + facts.module;
    return make_finding("rsync-module-missing", std::move(evidence));
}

std::optional<RsyncState> rsync_state(const RsyncFacts& facts) {
    if (is_inconclusive(facts.outcome.kind) || facts.outcome.kind == OutcomeKind::skipped) {
        return std::nullopt;
    }
    RsyncState state{.url = facts.url, .outcome = facts.outcome, .offers_module = {}};
    if (facts.outcome.is_ok() && facts.modules) {
        state.offers_module =
            std::ranges::find(*facts.modules, facts.module) != facts.modules->end();
    }
    return state;
}

Finding host_not_asked(const std::string& url) {
    const auto host = origin_of(url).host;
    return make_finding("no-answer",
                        {.subject = host,
                         .summary = fmt::format(
                             "{} was not asked, because it had not answered others in time", host),
                         .request = "GET " + url,
                         .answer = answer_text({OutcomeKind::skipped}, std::nullopt, false),
                         .expected = "an answer",
                         .curl = curl_in_time(url)});
}

Finding server_asks_to_wait(const std::string& url, int status, std::chrono::seconds wait) {
    const auto host = origin_of(url).host;
    return make_finding(
        "server-asks-to-wait",
        {.subject = host,
         .summary = fmt::format("{} asked us to come back in {}", host, duration_text(wait)),
         .request = "HEAD " + url,
         .answer = fmt::format("{}, Retry-After {}", status, wait.count()),
         .expected = "200",
         .curl = curl_head(url)});
}

Finding host_rules_invalid(const std::string& url, const std::string& what) {
    return make_finding("host-rules-invalid",
                        {.subject = origin_of(url).host,
                         .summary = fmt::format("mirrorwarden.txt cannot be followed: {}", what),
                         .request = "GET " + url,
                         .answer = "200",
                         .curl = "curl -sSL " + shell_quoted(url)});
}

}  // namespace model
