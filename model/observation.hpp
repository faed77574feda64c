#pragma once

#include "model/outcome.hpp"
#include "model/sha256.hpp"
#include "model/snapshot.hpp"
#include "model/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// What apt would say of one suite of a mirror.
enum class Integrity {
    whole = 1,
    syncing,         // torn, or marked as being updated, and not for longer than the grace
    torn,            // an index is not what the mirror's own Release says
    expired,         // its Valid-Until has passed
    bad_signature,   // unsigned, or not by a key of the distribution
    foreign,         // another distribution's Release, or another suite's
    not_an_archive,  // the host answers 200 to everything, or with web pages
    missing,         // there is no Release at all
    unknown,         // could not be told: no answer, no keyring
};
std::string_view to_string(Integrity) noexcept;  // "whole", "bad-signature", "not-an-archive"
std::optional<Integrity> parse_integrity(std::string_view) noexcept;

/// How bad a finding is; the values are the exit statuses of `mirrorwarden check`.
enum class Severity { good = 0, warning = 1, bad = 2, unknown = 3 };
std::string_view to_string(Severity) noexcept;  // "good", "warning", "bad", "unknown"
std::optional<Severity> parse_severity(std::string_view) noexcept;

/// One thing that a probe learnt, and everything that somebody needs to believe it.
/// The same words in the log, on screen, in JSON and in mails.
struct Finding {
    std::string rule;  // "torn-index": a key of model/rules.hpp
    Severity severity = Severity::bad;
    std::string subject;   // the suite, the address or the host that it is about
    std::string summary;   // one sentence: what is wrong
    std::string request;   // "HEAD http://…/dists/bookworm/main/binary-amd64/Packages.gz"
    std::string answer;    // "200, 11832 bytes"
    std::string expected;  // "11790 bytes, says the InRelease of 2026-11-20T08:00:00Z there"
    std::string curl;      // a line for anyone's shell that shows it
    std::string remedy;    // what usually mends it

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// How a mirror can be asked whether it still has the Release that it gave.
struct ReleaseValidators {
    std::string url;            // of what they are for
    std::string etag;           // each as the server wrote it; may be empty
    std::string last_modified;  //
    Timestamp fetched;          // when all of that Release was received

    friend bool operator==(const ReleaseValidators&, const ReleaseValidators&) = default;
};

/// The turns in which the indexes of a suite are asked for; see model/index_turns.hpp.
struct IndexTurns {
    Sha256 question;               // of everything that it would be asked for
    std::vector<Timestamp> asked;  // by part of the indexes: when it was asked for last

    friend bool operator==(const IndexTurns&, const IndexTurns&) = default;
};

struct SuiteState {
    std::string suite;
    Integrity integrity = Integrity::unknown;
    std::optional<Lag> lag;  // empty: the primary's history is not known
    std::optional<Timestamp> release_date;
    std::optional<Timestamp> torn_since;  // of the first probe in a row that found it torn
    std::optional<Sha256> text_sha256;    // of its Release
    bool is_whole_check = false;          // every index was asked for
    std::optional<ReleaseValidators> validators;
    std::optional<IndexTurns> turns;  // only where all was there, and as fresh as can be
};

/// One address of the mirror's name, connected on its own.
struct AddressState {
    std::string address;  // "192.0.2.7", "2001:db8::7"
    Outcome outcome;
};

struct CertificateState {
    std::string host;
    std::string subject;
    std::string issuer;
    Timestamp not_before;
    Timestamp not_after;
    bool lacks_intermediate = false;  // shown alone, by an issuer that is not trusted
};

/// project/trace/*: what the mirror's own tool says of its last sync.
struct TraceState {
    std::string name;  // of the file
    std::optional<Timestamp> last_sync;
    std::string upstream;
    std::string tool;  // with its version: "ftpsync 20180513"
};

/// What the daemon at the mirror's rsync URL said.
struct RsyncState {
    std::string url;
    Outcome outcome;                    // of connecting and reading its greeting
    std::optional<bool> offers_module;  // that the URL names; empty: it would not say
};

/// What was asked of a mirror, and what it cost.
struct RequestCost {
    /// "index", "freshness", "release", "pool", "trace", "address", "rsync", "deep"
    std::string kind;
    std::uint32_t requests = 0;
    std::uint64_t bytes = 0;  // of bodies and heads, as received
};

/// All that one probe learnt of one mirror beside its rows.
struct Observation {
    std::vector<SuiteState> suites;
    std::vector<AddressState> addresses;
    std::optional<CertificateState> certificate;
    std::vector<TraceState> traces;
    std::optional<RsyncState> rsync;
    std::vector<RequestCost> costs;
    std::vector<Finding> findings;  // worst first
    bool is_deep = false;
    /// Probes after the last deep one, this one included; empty: nobody counts.
    std::optional<std::uint32_t> since_deep;
    std::uint32_t deep_chance = 0;  // chose what a deep probe fetched
    bool in_maintenance = false;    // the mirror was: nobody is told of what was found then
};

/// The worst of what is known of the mirror's suites; empty if nothing is.
std::optional<Lag> worst_lag(const Observation&);
/// From the worst: not-an-archive, foreign, bad-signature, expired, torn, missing, syncing, whole.
std::optional<Integrity> worst_integrity(const Observation&);
/// The same, but unknown where suites were looked at and none of them could be told.
std::optional<Integrity> known_integrity(const Observation&);
/// good where there is no finding; unknown only where nothing is worse.
Severity worst_severity(const Observation&);

/// As JSON on one line, for the database and for people. Keys stay: suites (suite, integrity,
/// lag_seconds, lag_estimated, release_date, torn_since, text_sha256, whole_check, validators
/// (url, etag, last_modified, fetched), turns (question, asked)), addresses (address, outcome),
/// certificate (host, subject, issuer, not_before, not_after, lacks_intermediate), traces (name,
/// last_sync, upstream, tool), rsync (url, outcome, offers_module), costs (kind, requests, bytes),
/// findings (as in `Finding`), deep, since_deep, deep_chance, in_maintenance. Times are RFC 3339;
/// what is absent is null.
std::string to_json(const Observation&);
/// Reads what `to_json` wrote, of a later version too: what is missing or of another type is as
/// if empty, a word that is not known is unknown. Empty if it is no JSON object.
std::optional<Observation> parse_observation(std::string_view json);

}  // namespace model
