#include "model/rules.hpp"

#include "model/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace model {
namespace {

constexpr std::string_view sync_in_two_stages =
    "Sync in two stages, as ftpsync does: first pool/, then dists/, and let no other run start "
    "meanwhile. If it stays so, sync again by hand and read the sync tool's log.";
constexpr std::string_view sync_again =
    "Sync again, and see that the sync tool ended well and that the disk has room.";
constexpr std::string_view copy_as_it_is =
    "Copy InRelease, Release and Release.gpg from upstream as they are; nothing on the mirror may "
    "write or sign them.";

// By key, so that a key is easily found, and found twice never.
constexpr std::array table = {
    Rule{"address-dead", Severity::warning, "one address of the host does not answer, others do",
         "Repair the machine behind that address, or take the address out of the DNS."},
    Rule{"bad-signature", Severity::bad, "the signature does not match the Release", copy_as_it_is},
    Rule{"behind", Severity::warning, "the primary has published what the mirror does not have yet",
         "See that the sync runs several times a day, that it ends well, and that its upstream is "
         "not behind itself."},
    Rule{
        "by-hash-missing", Severity::warning,
        "the Release offers by-hash, but the index is not there under its hash",
        "Let the sync copy by-hash/ too, and keep its old files for some days: apt asks for them."},
    Rule{"certificate-ends-soon", Severity::warning,
         "less than a quarter of the certificate's lifetime is left",
         "Renew the certificate, and reload the server so that it sends the new one."},
    Rule{"certificate-expired", Severity::bad, "the certificate is not valid now",
         "Renew the certificate, and reload the server so that it sends the new one."},
    Rule{"certificate-untrusted", Severity::bad, "nobody can verify the certificate",
         "Get a certificate from an authority that systems trust; free ones do."},
    Rule{"certificate-wrong-host", Severity::bad, "the certificate is for another host name",
         "Get a certificate that names the host of the URL, or let the server choose the right one "
         "where several sites share it."},
    Rule{"chain-lacks-intermediate", Severity::bad,
         "the server shows its own certificate alone, and its issuer is none that systems trust",
         "Let the server send the whole chain (fullchain.pem, not cert.pem); browsers hide this "
         "fault, apt does not. If the issuer is an authority of one's own, get a certificate from "
         "one that systems trust."},
    Rule{"expired-key", Severity::bad, "the Release is signed by a key that has expired",
         "If the primary's Release is signed by a newer key, sync again; else give the checker the "
         "distribution's newest keyring."},
    Rule{"expired-signature", Severity::bad, "the signature of the Release has expired",
         sync_again},
    Rule{"foreign-release", Severity::bad,
         "the Release is another distribution's, or another suite's",
         "See which upstream the mirror copies, and where the URL leads."},
    Rule{"future-date", Severity::bad, "the Release is dated in the future: apt refuses it",
         "See that the clocks are right, that of the machine that checks too."},
    Rule{"hashes-not-compared", Severity::good,
         "the Release names its indexes by SHA-512 alone: only their sizes are compared",
         "Nothing needs mending; an archive that names SHA-256 too can be looked at more closely."},
    Rule{"host-rules-invalid", Severity::warning,
         "the host's mirrorwarden.txt cannot be read, so it is not followed",
         "Correct the line, or take the file away."},
    Rule{"index-missing", Severity::bad, "the Release names an index that is not there",
         sync_again},
    Rule{"index-unanswered", Severity::bad, "the server does not give out an index",
         "The server's error log says why; rights on the folder are a usual cause."},
    Rule{"index-wrong-hash", Severity::bad,
         "an index has the right size but is not what the Release says", sync_again},
    Rule{"ipv4-dead", Severity::bad, "the host answers over IPv6, but not over IPv4",
         "See that the server listens on IPv4 too, and that the A records and the firewall are "
         "right."},
    Rule{"ipv6-dead", Severity::warning, "the host answers over IPv4, but not over IPv6",
         "See that the server listens on IPv6 too, and that the firewall lets it through; or take "
         "the AAAA records out of the DNS."},
    Rule{"no-answer", Severity::unknown,
         "the server did not answer in time, so nothing can be said of it",
         "See that the machine is up and not overloaded, that its disk still answers, and that no "
         "firewall drops what visitors send. From far away, or with a network of one's own that is "
         "down, it looks the same: ask again from elsewhere."},
    Rule{"not-an-archive", Severity::bad,
         "the host answers 200 with pages of its own, so nothing that it says counts",
         "See where the URL leads: a parked domain, a login page and a start page look so. A file "
         "that is not there must be answered 404."},
    Rule{"pool-file-missing", Severity::bad, "a file that the indexes name is not in the pool",
         sync_in_two_stages},
    Rule{"pool-file-wrong-hash", Severity::bad, "a file of the pool is not what the index says",
         "Compare the mirror with its upstream by checksum (rsync -c); the disk may be failing."},
    Rule{"pool-file-wrong-size", Severity::bad,
         "a file of the pool has another size than the index "
         "says",
         sync_again},
    Rule{"release-expired", Severity::bad, "the Release's Valid-Until has passed: apt refuses it",
         "The mirror has not synced for long, or its upstream has not: see when the last sync "
         "ended well."},
    Rule{"release-missing", Severity::bad, "the suite has no Release file", sync_again},
    Rule{"release-unanswered", Severity::bad, "the server does not give out the Release file",
         "The server's error log says why; rights on the folder are a usual cause."},
    Rule{"release-unreadable", Severity::bad, "the Release file is damaged", copy_as_it_is},
    Rule{"revoked-key", Severity::bad, "the Release is signed by a key that was revoked",
         "If the primary's Release is signed by a newer key, sync again; else give the checker the "
         "distribution's newest keyring."},
    Rule{"rsync-dead", Severity::warning, "no rsync daemon answers at the rsync URL",
         "See that the daemon runs and that the firewall lets port 873 through; or take the rsync "
         "URL off the mirror."},
    Rule{"rsync-module-missing", Severity::warning, "the rsync daemon does not offer the module",
         "Add the module to rsyncd.conf, or correct the rsync URL."},
    Rule{"server-asks-to-wait", Severity::warning, "the server asked us to come back later",
         "Nothing needs mending; if it happens each day, let the server allow the prober more "
         "requests, or say less in mirrorwarden.txt."},
    Rule{"signature-unchecked", Severity::unknown,
         "the signature was not checked, because no keyring is known that can be used",
         "Name the keyring of the distribution: `keyring` in the catalogue, or --signed-by."},
    Rule{"syncing", Severity::warning, "the mirror is in the middle of a sync", sync_in_two_stages},
    Rule{"torn-index", Severity::bad,
         "an index is not the one that the Release there names: apt stops at it",
         sync_in_two_stages},
    Rule{
        "unknown-key", Severity::bad, "the Release is signed by no key of the distribution",
        "See which upstream the mirror copies; if the distribution has a new key, give the checker "
        "the distribution's newest keyring."},
    Rule{"unsigned", Severity::bad, "the Release is not signed", copy_as_it_is},
    Rule{
        "update-marker", Severity::warning,
        "a sync began long ago and its marker was never removed",
        "A sync that was killed leaves the marker behind: see that none runs, remove the file, and "
        "sync again."},
    Rule{"weak-digest", Severity::bad, "the Release is signed with a digest that is too weak",
         "Sync again; if the primary still signs with SHA-1, its admins have to change that."},
};
static_assert(std::ranges::is_sorted(table, {}, &Rule::key));

/// Severities in the order of how bad they are, which is not that of their values.
constexpr int badness(Severity severity) noexcept {
    switch (severity) {
    case Severity::bad: return 3;
    case Severity::warning: return 2;
    case Severity::unknown: return 1;
    case Severity::good: break;
    }
    return 0;
}

constexpr bool is_plain_in_shell(char letter) noexcept {
    const bool is_word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                         (letter >= '0' && letter <= '9');
    return is_word || std::string_view{"_-./:@%+,="}.find(letter) != std::string_view::npos;
}

}  // namespace

std::span<const Rule> rules() noexcept {
    return table;
}

const Rule* find_rule(std::string_view key) noexcept {
    const auto* const found = std::ranges::lower_bound(table, key, {}, &Rule::key);
    return found != table.end() && found->key == key ? found : nullptr;
}

Finding make_finding(std::string_view rule_key, Evidence evidence,
                     std::optional<Severity> severity) {
    const Rule* const rule = find_rule(rule_key);
    assert(rule != nullptr);
    return {.rule = std::string{rule->key},
            .severity = severity.value_or(rule->severity),
            .subject = one_line(evidence.subject),
            .summary =
                evidence.summary.empty() ? std::string{rule->meaning} : one_line(evidence.summary),
            .request = one_line(evidence.request),
            .answer = one_line(evidence.answer),
            .expected = one_line(evidence.expected),
            .curl = one_line(evidence.curl),
            .remedy = std::string{rule->remedy}};
}

void sort_findings(std::vector<Finding>& findings) {
    std::ranges::stable_sort(findings, std::ranges::greater{},
                             [](const Finding& finding) { return badness(finding.severity); });
}

std::string describe(const Finding& finding) {
    std::string text = fmt::format("{} {}", to_string(finding.severity), finding.rule);
    if (!finding.subject.empty()) {
        text += ' ' + finding.subject;
    }
    text += ": " + finding.summary;
    if (finding.request.empty()) {
        return text;
    }
    text += " (" + finding.request;
    if (!finding.answer.empty()) {
        text += ": " + finding.answer;
    }
    if (!finding.expected.empty()) {
        text += "; expected " + finding.expected;
    }
    return text + ')';
}

std::string shell_quoted(std::string_view text) {
    if (!text.empty() && std::ranges::all_of(text, is_plain_in_shell)) {
        return std::string{text};
    }
    std::string quoted = "'";
    for (const char letter : text) {
        if (letter == '\'') {
            quoted += R"('\'')";
        } else {
            quoted += letter;
        }
    }
    return quoted + '\'';
}

std::string curl_head(std::string_view url) {
    return "curl -sSIL " + shell_quoted(url);
}

std::string curl_in_time(std::string_view url) {
    return "curl -sSIL --max-time 30 " + shell_quoted(url);
}

std::string curl_size(std::string_view url) {
    return "curl -sSL " + shell_quoted(url) + " | wc -c";
}

std::string curl_sha256(std::string_view url) {
    return "curl -sSL " + shell_quoted(url) + " | sha256sum";
}

std::string curl_gpgv(std::string_view url, std::string_view keyring) {
    const std::string verify = keyring.empty()
                                   ? "gpg --weak-digest SHA1 --verify"
                                   : "gpgv --weak-digest SHA1 --keyring " + shell_quoted(keyring);
    if (url.ends_with("/Release")) {
        const std::string signature = std::string{url} + ".gpg";
        return fmt::format("curl -sSL -o Release.gpg {} && curl -sSL {} | {} Release.gpg -",
                           shell_quoted(signature), shell_quoted(url), verify);
    }
    return fmt::format("curl -sSL {} | {} -", shell_quoted(url), verify);
}

std::string answer_text(Outcome outcome, std::optional<std::uint64_t> size, bool is_web_page) {
    if (outcome.kind == OutcomeKind::http_status) {
        return std::to_string(outcome.status);
    }
    if (!outcome.is_ok()) {
        return fmt::format("{}: {}", to_string(outcome), explain(outcome.kind));
    }
    return fmt::format("200{}{}", is_web_page ? ", a web page" : "",
                       size ? ", " + bytes_text(*size) : "");
}

std::string bytes_text(std::uint64_t bytes) {
    return bytes == 1 ? "1 byte" : fmt::format("{} bytes", bytes);
}

}  // namespace model
