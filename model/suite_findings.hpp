#pragma once

#include "model/observation.hpp"
#include "model/rules.hpp"
#include "model/signature_status.hpp"
#include "model/snapshot.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The findings about one suite of a mirror: `judge_suite` says which of them are due.
namespace model {

/// What was asked of one index of a suite, and what came back.
struct IndexFacts {
    std::string path;  // below the suite's folder: "main/binary-amd64/Packages.gz"
    std::string url;
    Outcome outcome;
    std::optional<std::uint64_t> size;  // as answered, or received; empty: it did not say
    bool is_web_page = false;           // text/html
    bool is_fetched = false;            // by GET: outcome and size are of what came
    std::optional<Sha256> sha256;       // only where all of it was fetched
};

/// What a mirror answered for the Release of one suite.
struct SuiteFacts {
    std::string suite;   // the folder below dists/
    std::string url;     // of the InRelease, or of the Release where there is no other
    Outcome outcome;     // of that
    std::string detail;  // the system's words on a failure; may be empty
    bool is_web_page = false;
    std::optional<Release> release;             // if it could be read
    std::optional<TextFault> fault;             // if it could not
    std::optional<Sha256> text_sha256;          // of the signed text
    std::optional<SignatureVerdict> signature;  // empty: there was no keyring to check it with
    std::vector<IndexFacts> indexes;            // all that were asked for
    bool is_whole_check = false;                // that is every index of the suite
    std::string marker_url;                     // of an Archive-Update-in-Progress-*; empty: none
    std::optional<Timestamp> marker_since;      // its Last-Modified, where it says so
    bool forgives_left_out = true;              // whole components and architectures
    bool answers_everything = false;            // the host answers 200 to a name that cannot exist
};

/// What the mirror's suite is judged by.
struct SuiteYardstick {
    std::string origin;    // expected in the Release; empty: any
    std::string codename;  // the same
    std::string suite;     // the same
    std::string keyring;   // a path, for the line that shows a signature's fault; may be empty
    std::span<const Snapshot> known;  // of this suite, any order; entries where they are at hand
    Timestamp now;
    std::chrono::seconds sync_grace{0};
    std::optional<Timestamp> torn_since;  // SuiteState::torn_since of the probe before
};

/// Where an index stands beside what the Release says of it.
struct IndexFault {
    const SuiteFacts& suite;
    const IndexFacts& index;
    const ReleaseEntry& entry;
    std::optional<Timestamp> other_date;  // of the known snapshot that the index belongs to
};

Finding torn_index(const IndexFault&);
Finding index_wrong_hash(const IndexFault&);
/// `is_partial`: the mirror has nothing of that component or architecture, and has others.
Finding index_missing(const IndexFault&, bool is_partial);
Finding index_unanswered(const IndexFault&);
Finding index_is_web_page(const IndexFault&);

Finding release_missing(const SuiteFacts&);
Finding release_unanswered(const SuiteFacts&);
/// Within the time limit, so that nothing is known.
Finding release_timed_out(const SuiteFacts&);
Finding release_unreadable(const SuiteFacts&);
Finding release_is_web_page(const SuiteFacts&);
Finding release_expired(const SuiteFacts&, Timestamp now);
Finding release_from_future(const SuiteFacts&, Timestamp now);
Finding foreign_release(const SuiteFacts&, const SuiteYardstick&);
/// Warns only: a Release at another folder than the one that it names.
Finding misplaced_release(const SuiteFacts&);
/// Good: SHA-512 alone serves apt as well.
Finding hashes_not_compared(const SuiteFacts&);
/// Empty for a good signature.
std::optional<Finding> signature_fault(const SuiteFacts&, const SuiteYardstick&);
Finding signature_unchecked(const SuiteFacts&);

/// `since`: when it was first seen torn or marked.
Finding syncing(const SuiteFacts&, Timestamp since, const SuiteYardstick&);
Finding stale_marker(const SuiteFacts&, Timestamp since, const SuiteYardstick&);
/// Good up to a day, a warning beyond.
Finding behind(const SuiteFacts&, const Lag&);

}  // namespace model
