#pragma once

#include "model/judge_suite.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace model::testing {

inline constexpr std::string_view packages = "main/binary-amd64/Packages.gz";
inline constexpr std::string_view arm_packages = "main/binary-arm64/Packages.gz";
inline constexpr std::string_view sources = "main/source/Sources.gz";
inline constexpr std::string_view contrib = "contrib/binary-amd64/Packages.gz";

inline Timestamp at(std::string_view text) {
    return parse_timestamp(text).value();
}

inline Sha256 digest(std::uint8_t byte) {
    Sha256 made;
    made.bytes.fill(byte);
    return made;
}

inline ReleaseEntry entry(std::string_view path, std::uint64_t size, std::uint8_t hash) {
    return {.path = std::string{path}, .size = size, .sha256 = digest(hash)};
}

inline IndexFacts index(std::string_view path, std::optional<std::uint64_t> size,
                        Outcome outcome = {OutcomeKind::ok, 0}) {
    IndexFacts facts;
    facts.path = std::string{path};
    facts.url = "http://mirror.example/dists/bookworm/" + facts.path;
    facts.outcome = outcome;
    facts.size = size;
    return facts;
}

inline constexpr Outcome not_found{OutcomeKind::http_status, 404};

/// A mirror that is right in every way: each test spoils something.
struct Case {
    SuiteFacts facts;
    SuiteYardstick yardstick;
    std::vector<Snapshot> known;

    Case() {
        facts.suite = "bookworm";
        facts.url = "http://mirror.example/dists/bookworm/InRelease";
        facts.outcome = {OutcomeKind::ok, 0};
        facts.text_sha256 = digest(0xaa);
        facts.signature = SignatureVerdict{.kind = SignatureKind::good, .fingerprints = {"AB"}};
        Release release;
        release.origin = "Debian";
        release.suite = "stable";
        release.codename = "bookworm";
        release.date = at("2026-11-20T08:00:00Z");
        release.entries = {entry(contrib, 40, 4), entry(packages, 10, 1),
                           entry(arm_packages, 20, 2), entry(sources, 30, 3)};
        facts.release = release;
        facts.indexes = {index(contrib, 40), index(packages, 10), index(arm_packages, 20),
                         index(sources, 30)};
        yardstick.origin = "Debian";
        yardstick.codename = "bookworm";
        yardstick.suite = "stable";
        yardstick.keyring = "/keys.gpg";
        yardstick.now = at("2026-11-20T12:00:00Z");
        yardstick.sync_grace = std::chrono::hours{6};
    }

    IndexFacts& at_path(std::string_view path) {
        for (auto& facts_of_index : facts.indexes) {
            if (facts_of_index.path == path) {
                return facts_of_index;
            }
        }
        throw std::logic_error("no such index");
    }

    void know(std::string_view date, std::uint8_t text, std::vector<ReleaseEntry> entries) {
        Snapshot snapshot;
        snapshot.suite = "bookworm";
        snapshot.text_sha256 = digest(text);
        snapshot.date = at(date);
        snapshot.first_seen = snapshot.date;
        snapshot.entries = std::move(entries);
        known.push_back(std::move(snapshot));
    }

    SuiteVerdict judge() {
        yardstick.known = known;
        return judge_suite(facts, yardstick);
    }
};

/// "bad torn-index, warning syncing"
inline std::string rules_of(const SuiteVerdict& verdict) {
    std::string text;
    for (const auto& finding : verdict.findings) {
        text += (text.empty() ? "" : ", ") + std::string{to_string(finding.severity)} + ' ' +
                finding.rule;
    }
    return text;
}

}  // namespace model::testing
