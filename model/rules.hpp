#pragma once

#include "model/observation.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace model {

/// A thing that can be wrong with a mirror. `key` is for machines and never changes.
struct Rule {
    std::string_view key;  // "torn-index"
    Severity severity = Severity::bad;
    std::string_view meaning;  // one sentence: what a finding of this rule says
    std::string_view remedy;   // what usually mends it, a sentence or two
};

/// Every rule that a finding can name, by key.
std::span<const Rule> rules() noexcept;
/// Null if there is no such rule.
const Rule* find_rule(std::string_view key) noexcept;

/// What somebody needs to believe a finding. Texts from outside may be in it: they
/// are made one line each.
struct Evidence {
    std::string subject = {};  // the suite, the address or the host that it is about
    std::string summary = {};  // one sentence, no full stop; empty: the rule's meaning
    std::string request = {};  // "HEAD http://…"
    std::string answer = {};
    std::string expected = {};
    std::string curl = {};
};

/// A finding of that rule, which exists; with another severity than the rule's
/// only where one is given.
Finding make_finding(std::string_view rule_key, Evidence evidence,
                     std::optional<Severity> severity = std::nullopt);

/// Worst first; of equally bad ones as they were.
void sort_findings(std::vector<Finding>&);

/// One line of plain text about it, the same in the log and on screen:
/// "bad torn-index bookworm: … (HEAD http://…: 200, 11832 bytes; expected 11790 bytes)".
std::string describe(const Finding&);

/// One word of a POSIX shell's command line, whatever is in it.
std::string shell_quoted(std::string_view);

/// `curl -sSIL URL`: what a HEAD that follows redirects gets.
std::string curl_head(std::string_view url);
/// The same, which gives up after 30 seconds.
std::string curl_in_time(std::string_view url);
/// `curl -sSL URL | wc -c`: how many bytes really come.
std::string curl_size(std::string_view url);
/// `curl -sSL URL | sha256sum`.
std::string curl_sha256(std::string_view url);
/// `curl -sSL URL | gpgv --weak-digest SHA1 --keyring KEYRING -`, for apt believes no SHA-1;
/// without a keyring `… | gpg --weak-digest SHA1 --verify -`.
/// For a Release file its Release.gpg beside it is fetched too.
std::string curl_gpgv(std::string_view url, std::string_view keyring);

/// "200, 11832 bytes", "200, a web page, 512 bytes", "http-status 404": what came back.
std::string answer_text(Outcome, std::optional<std::uint64_t> size, bool is_web_page);

/// "11790 bytes"
std::string bytes_text(std::uint64_t bytes);

}  // namespace model
