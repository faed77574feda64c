#include "model/suite_findings.hpp"

#include "model/advice.hpp"
#include "model/duration_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace model {
namespace {

constexpr std::chrono::hours behind_good_max{24};

/// "InRelease", "Release"
std::string_view file_name(std::string_view url) {
    const auto slash = url.rfind('/');
    return slash == std::string_view::npos ? url : url.substr(slash + 1);
}

std::string dated(const SuiteFacts& suite) {
    const auto name = file_name(suite.url);
    return suite.release ? fmt::format("{} of {}", name, format_timestamp(suite.release->date))
                         : std::string{name};
}

std::string says_the_release(const IndexFault& fault) {
    return fmt::format("{}, says the {} there", bytes_text(fault.entry.size), dated(fault.suite));
}

Evidence index_evidence(const IndexFault& fault) {
    const auto& index = fault.index;
    return {.subject = fault.suite.suite,
            .request = (index.is_fetched ? "GET " : "HEAD ") + index.url,
            .answer = answer_text(index.outcome, index.size, index.is_web_page),
            .expected = says_the_release(fault),
            // A server may say one thing to HEAD and send another.
            .curl = index.is_fetched ? curl_size(index.url) : curl_head(index.url)};
}

Evidence release_evidence(const SuiteFacts& suite) {
    return {.subject = suite.suite,
            .request = "GET " + suite.url,
            .answer = answer_text(suite.outcome, std::nullopt, suite.is_web_page),
            .curl = "curl -sSL " + shell_quoted(suite.url)};
}

/// The same with what a date in the Release says.
Evidence date_evidence(const SuiteFacts& suite, std::string_view field) {
    auto evidence = release_evidence(suite);
    evidence.curl += fmt::format(" | grep ^{}:", field);
    return evidence;
}

/// "origin Debian, codename bookworm, suite stable"
std::string identity(std::string_view origin, std::string_view codename, std::string_view suite) {
    std::string text;
    const auto add = [&](std::string_view name, std::string_view value) {
        if (!value.empty()) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
        }
    };
    add("origin", origin);
    add("codename", codename);
    add("suite", suite);
    return text.empty() ? "no name at all" : text;
}

/// apt compares the size that is announced before the file comes, where it is; that of an empty
/// file counts as not announced. Else it finds out by the hash, or by too many bytes.
std::string_view words_of_apt(const IndexFacts& index) {
    if (index.size == 0U) {
        return R"("Hash Sum mismatch")";
    }
    return index.is_fetched ? R"("File has unexpected size" or "Hash Sum mismatch")"
                            : R"("File has unexpected size")";
}

std::string_view rule_of(SignatureKind kind) {
    switch (kind) {
    case SignatureKind::good: break;
    case SignatureKind::no_signature: return "unsigned";
    case SignatureKind::unknown_key: return "unknown-key";
    case SignatureKind::bad: return "bad-signature";
    case SignatureKind::expired_key: return "expired-key";
    case SignatureKind::revoked_key: return "revoked-key";
    case SignatureKind::expired_signature: return "expired-signature";
    case SignatureKind::weak_digest: return "weak-digest";
    }
    return {};
}

/// With what mends that outcome, where that is known better than the rule knows it.
Finding unanswered(std::string_view rule, Evidence evidence, Outcome outcome) {
    auto finding = make_finding(rule, std::move(evidence));
    if (const auto remedy = usual_remedy(outcome); !remedy.empty()) {
        finding.remedy = remedy;
    }
    return finding;
}

}  // namespace

Finding torn_index(const IndexFault& fault) {
    auto evidence = index_evidence(fault);
    evidence.summary =
        fmt::format("{} is not the one that the Release there names: apt stops at it with {}",
                    fault.index.path, words_of_apt(fault.index));
    if (fault.other_date) {
        evidence.summary += fmt::format("; it belongs to the Release of {}, the one there is of {}",
                                        format_timestamp(*fault.other_date),
                                        format_timestamp(fault.suite.release->date));
    }
    return make_finding("torn-index", std::move(evidence));
}

Finding index_wrong_hash(const IndexFault& fault) {
    auto evidence = index_evidence(fault);
    evidence.summary = fmt::format(
        "{} has the right size but is not what the Release says: apt stops at it with \"Hash Sum "
        "mismatch\"",
        fault.index.path);
    if (fault.other_date) {
        evidence.summary +=
            fmt::format("; it belongs to the Release of {}", format_timestamp(*fault.other_date));
    }
    evidence.request = "GET " + fault.index.url;
    evidence.answer += ", SHA-256 " + to_string(*fault.index.sha256);
    evidence.expected = fmt::format("SHA-256 {}, says the {} there", to_string(fault.entry.sha256),
                                    dated(fault.suite));
    evidence.curl = curl_sha256(fault.index.url);
    return make_finding("index-wrong-hash", std::move(evidence));
}

Finding index_missing(const IndexFault& fault, bool is_partial) {
    auto evidence = index_evidence(fault);
    evidence.summary =
        fault.index.path +
        (is_partial ? " is named by the Release but is not there, nor is anything else of its "
                      "component or architecture: apt fails for who asks for it"
                    : " is named by the Release but is not there: apt fails to fetch it");
    return make_finding("index-missing", std::move(evidence),
                        is_partial ? Severity::warning : Severity::bad);
}

Finding index_unanswered(const IndexFault& fault) {
    auto evidence = index_evidence(fault);
    evidence.summary = fmt::format("the server does not give out {}", fault.index.path);
    return unanswered("index-unanswered", std::move(evidence), fault.index.outcome);
}

Finding index_is_web_page(const IndexFault& fault) {
    auto evidence = index_evidence(fault);
    evidence.summary =
        fmt::format("{} is a web page, so nothing that this host says counts", fault.index.path);
    return make_finding("not-an-archive", std::move(evidence));
}

Finding release_missing(const SuiteFacts& suite) {
    auto evidence = release_evidence(suite);
    evidence.summary = fmt::format(
        "dists/{} has no Release file: apt says \"does not have a Release file\"", suite.suite);
    evidence.expected = "200";
    evidence.curl = curl_head(suite.url);
    return make_finding("release-missing", std::move(evidence));
}

Finding release_unanswered(const SuiteFacts& suite) {
    auto evidence = release_evidence(suite);
    evidence.expected = "200";
    evidence.curl = curl_head(suite.url);
    return unanswered("release-unanswered", std::move(evidence), suite.outcome);
}

Finding release_timed_out(const SuiteFacts& suite) {
    auto evidence = release_evidence(suite);
    if (!suite.detail.empty()) {
        evidence.answer += " (" + suite.detail + ")";
    }
    evidence.expected = "a Release file";
    evidence.curl = curl_in_time(suite.url);
    return make_finding("no-answer", std::move(evidence));
}

Finding release_unreadable(const SuiteFacts& suite) {
    auto evidence = release_evidence(suite);
    const std::string where =
        suite.fault->line > 0 ? fmt::format("line {}: ", suite.fault->line) : "";
    evidence.summary = fmt::format("the {} of {} is damaged: {}{}", file_name(suite.url),
                                   suite.suite, where, suite.fault->what);
    evidence.expected = "a Release file";
    return make_finding("release-unreadable", std::move(evidence));
}

Finding release_is_web_page(const SuiteFacts& suite) {
    auto evidence = release_evidence(suite);
    evidence.summary = fmt::format(
        "the {} of {} is a web page, so nothing that this host says "
        "counts",
        file_name(suite.url), suite.suite);
    evidence.expected = "a Release file";
    evidence.curl = curl_head(suite.url);
    return make_finding("not-an-archive", std::move(evidence));
}

Finding release_expired(const SuiteFacts& suite, Timestamp now) {
    auto evidence = date_evidence(suite, "Valid-Until");
    const auto ago = std::chrono::floor<std::chrono::seconds>(now - *suite.release->valid_until);
    evidence.summary = fmt::format("the {} of {} expired {} ago: apt refuses it as expired",
                                   file_name(suite.url), suite.suite, duration_text(ago));
    evidence.answer += ", Valid-Until " + format_timestamp(*suite.release->valid_until);
    evidence.expected = "a Valid-Until that has not passed";
    return make_finding("release-expired", std::move(evidence));
}

Finding release_from_future(const SuiteFacts& suite, Timestamp now) {
    auto evidence = date_evidence(suite, "Date");
    const auto ahead = std::chrono::floor<std::chrono::seconds>(suite.release->date - now);
    evidence.summary = fmt::format(
        "the {} of {} is dated {} from now: apt refuses it as not valid "
        "yet",
        file_name(suite.url), suite.suite, duration_text(ahead));
    evidence.answer += ", Date " + format_timestamp(suite.release->date);
    evidence.expected = "a Date that has passed";
    return make_finding("future-date", std::move(evidence));
}

Finding foreign_release(const SuiteFacts& suite, const SuiteYardstick& yardstick) {
    auto evidence = release_evidence(suite);
    const auto& release = *suite.release;
    const std::string found = identity(release.origin, release.codename, release.suite);
    const std::string expected = identity(yardstick.origin, yardstick.codename, yardstick.suite);
    evidence.summary =
        fmt::format("the {} of {} is another one's: {}", file_name(suite.url), suite.suite, found);
    evidence.answer += ", " + found;
    evidence.expected = expected;
    evidence.curl += " | grep -E '^(Origin|Suite|Codename):'";
    return make_finding("foreign-release", std::move(evidence));
}

Finding misplaced_release(const SuiteFacts& suite) {
    auto evidence = release_evidence(suite);
    const auto& release = *suite.release;
    const std::string found = identity({}, release.codename, release.suite);
    evidence.summary = fmt::format(
        "the {} at dists/{} names another suite: {}; apt warns of a "
        "conflicting distribution",
        file_name(suite.url), suite.suite, found);
    evidence.answer += ", " + found;
    evidence.expected = fmt::format("codename or suite {}", suite.suite);
    evidence.curl += " | grep -E '^(Suite|Codename):'";
    return make_finding("foreign-release", std::move(evidence), Severity::warning);
}

Finding hashes_not_compared(const SuiteFacts& suite) {
    auto evidence = release_evidence(suite);
    evidence.summary = fmt::format(
        "the {} of {} names its indexes by SHA-512 alone: apt takes that, here only their sizes "
        "are compared",
        file_name(suite.url), suite.suite);
    evidence.answer += ", no field SHA256";
    evidence.curl += " | grep ^SHA";
    return make_finding("hashes-not-compared", std::move(evidence));
}

std::optional<Finding> signature_fault(const SuiteFacts& suite, const SuiteYardstick& yardstick) {
    if (!suite.signature || suite.signature->kind == SignatureKind::good) {
        return std::nullopt;
    }
    const auto rule = rule_of(suite.signature->kind);
    auto evidence = release_evidence(suite);
    evidence.summary =
        fmt::format("{} ({} of {})", find_rule(rule)->meaning, file_name(suite.url), suite.suite);
    evidence.expected = "a good signature by a key of the distribution";
    evidence.curl = curl_gpgv(suite.url, yardstick.keyring);
    return make_finding(rule, std::move(evidence));
}

Finding signature_unchecked(const SuiteFacts& suite) {
    auto evidence = release_evidence(suite);
    evidence.expected = "a good signature by a key of the distribution";
    evidence.curl = curl_gpgv(suite.url, {});
    return make_finding("signature-unchecked", std::move(evidence));
}

Finding syncing(const SuiteFacts& suite, Timestamp since, const SuiteYardstick& yardstick) {
    const bool is_marked = !suite.marker_url.empty();
    Evidence evidence{
        .subject = suite.suite,
        .summary = fmt::format("{} is in the middle of a sync, {} since {}; it has {} for that",
                               suite.suite, is_marked ? "marked so" : "seen so",
                               format_timestamp(std::chrono::floor<std::chrono::seconds>(since)),
                               duration_text(yardstick.sync_grace))};
    if (is_marked) {
        evidence.request = "HEAD " + suite.marker_url;
        evidence.answer = "200";
        evidence.expected = "404 when the sync has ended";
        evidence.curl = curl_head(suite.marker_url);
    }
    return make_finding("syncing", std::move(evidence));
}

Finding stale_marker(const SuiteFacts& suite, Timestamp since, const SuiteYardstick& yardstick) {
    const auto age = std::chrono::floor<std::chrono::seconds>(yardstick.now - since);
    return make_finding(
        "update-marker",
        {.subject = suite.suite,
         .summary = fmt::format("a sync began {} ago and its marker was never removed",
                                duration_text(age)),
         .request = "HEAD " + suite.marker_url,
         .answer = "200, since " + format_timestamp(since),
         .expected = fmt::format("404 after {} at the latest", duration_text(yardstick.sync_grace)),
         .curl = curl_head(suite.marker_url)});
}

Finding behind(const SuiteFacts& suite, const Lag& lag) {
    auto evidence = date_evidence(suite, "Date");
    evidence.summary = fmt::format("{} is {}{} behind the primary archive", suite.suite,
                                   lag.is_estimated ? "about " : "", duration_text(lag.behind));
    if (lag.is_estimated) {
        evidence.summary += ", judged by its Date: the primary was never seen with this Release";
    }
    evidence.answer += ", Date " + format_timestamp(suite.release->date);
    evidence.expected = "the newest Release of the primary";
    return make_finding("behind", std::move(evidence),
                        lag.behind <= behind_good_max ? Severity::good : Severity::warning);
}

}  // namespace model
