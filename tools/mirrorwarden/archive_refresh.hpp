#pragma once

#include "model/refresh_fault.hpp"
#include "model/store.hpp"
#include "tools/mirrorwarden/archive_client.hpp"
#include "tools/mirrorwarden/screen.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mirrorwarden {

/// What became of one suite.
struct SuiteReport {
    enum class Result {
        baseline,   // taken in for the first time: nothing of it is dated
        changed,    // taken in
        unchanged,  // as it was
        absent,     // the archive does not have it, and never had
        faulty,     // nothing was stored of it
    };
    std::string suite;
    Result result = Result::faulty;
    std::optional<model::RefreshFault> fault;     // where it is faulty
    std::optional<model::Timestamp> date;         // of the newest snapshot now
    std::optional<model::Timestamp> valid_until;  // of that
    std::size_t indexes = 0;                      // that were read
    std::size_t packages = 0;                     // in those
    std::size_t published = 0;
    std::size_t superseded = 0;
    std::uint32_t requests = 0;
    std::uint64_t bytes = 0;
};
std::string_view to_string(SuiteReport::Result) noexcept;  // "baseline", "changed", ...

struct ArchiveReport {
    std::string distribution;
    std::vector<SuiteReport> suites;
};

/// Refreshes every suite of the distribution, each in a transaction of its own: a fault of one
/// harms no other. Throws when the database fails.
ArchiveReport refresh_archive(model::Store&, const model::Distribution&, ArchiveClient&);

/// A whole suite's worth of trouble, for people, a line each; empty: there is none.
std::vector<std::string> troubles_of(const ArchiveReport&);

std::string refresh_text(const std::vector<ArchiveReport>&, const Screen&);
std::string refresh_json(const std::vector<ArchiveReport>&);

}  // namespace mirrorwarden
