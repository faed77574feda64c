#pragma once

#include "prober/log_reader.hpp"
#include "prober/run.hpp"
#include "prober/testing/example_plan.hpp"
#include "prober/testing/scripted_http_client.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace prober::testing {

inline const std::string tiny_base = "http://mirror.example/tiny/";
inline const std::string tiny_suite = tiny_base + "dists/new/";
inline const std::string tiny_packages = "main/binary-amd64/Packages.gz";
inline const std::string tiny_sources = "main/source/Sources.gz";

inline constexpr model::Outcome ok{.kind = model::OutcomeKind::ok};
inline constexpr model::Outcome not_found{.kind = model::OutcomeKind::http_status, .status = 404};
inline constexpr model::Outcome forbidden{.kind = model::OutcomeKind::http_status, .status = 403};

/// The suite "new" of `tiny_distribution`, signed and complete.
ScriptedHttpClient whole_mirror();

/// Looked at, as `mirrorwarden probe` does it; the look is told that it was torn at
/// `torn_since`.
MirrorTask looked_at(std::optional<model::Timestamp> torn_since = std::nullopt);

struct Probed {
    std::vector<model::ProbeResult> results;
    std::vector<UnfinishedMirror> unfinished;

    const model::Observation& observation() const { return results.at(0).observation; }
    std::string log() const {
        const auto text = decompress_log(results.at(0).log_gz, 10'000'000);
        return text.has_value() ? *text : "no log: " + text.error();
    }
};

Probed probe(ScriptedHttpClient& client, MirrorTask task, std::size_t lanes = 2,
             model::Timestamp now = example_time);

std::size_t times_asked(const ScriptedHttpClient& client, const std::string& url);

}  // namespace prober::testing
