#pragma once

#include "model/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace model {

enum class RunId : std::int64_t {};

constexpr std::int64_t to_integer(RunId id) noexcept {
    return static_cast<std::int64_t>(id);
}

/// How a run of `mirrorwarden probe` ended. Stored by value, which is never given to another.
enum class RunOutcome {
    done = 1,
    suspect = 2,      // nothing was decided about some mirrors: the fault may be ours
    unfinished = 3,   // some mirrors were not probed to the end
    interrupted = 4,  // by a signal
    lost = 5,         // the process ended without a word
};
std::string_view to_string(RunOutcome) noexcept;  // "done"

/// One run, as far as it has come.
struct RunRecord {
    RunId id{};
    std::string host;  // that it runs on
    Timestamp started;
    Timestamp seen;                                    // when it last said how far it is
    std::uint32_t mirrors = 0;                         // that it is to probe
    std::uint32_t probed = 0;                          // of these
    std::optional<Timestamp> finished = std::nullopt;  // with `outcome`
    std::optional<RunOutcome> outcome = std::nullopt;

    friend bool operator==(const RunRecord&, const RunRecord&) = default;
};

}  // namespace model
