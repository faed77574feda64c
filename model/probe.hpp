#pragma once

#include "model/catalog.hpp"
#include "model/freshness.hpp"
#include "model/observation.hpp"
#include "model/outcome.hpp"
#include "model/timestamp.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace model {

enum class ProbeId : std::int64_t {};

constexpr std::int64_t to_integer(ProbeId id) noexcept {
    return static_cast<std::int64_t>(id);
}

/// What one probe of one mirror came to, before anything is decided from it.
enum class ProbeVerdict {
    passed = 1,
    failed = 2,            // ARCHIVE: no row at all; RELEASE: an image set is missing
    nothing_expected = 3,  // the catalogue asks for nothing: no verdict
};
std::string_view to_string(ProbeVerdict) noexcept;  // "passed", "failed", "nothing-expected"
std::optional<ProbeVerdict> parse_probe_verdict(std::string_view) noexcept;

/// One probe of one mirror.
struct ProbeRecord {
    Timestamp started;
    Timestamp finished;
    ProbeVerdict verdict = ProbeVerdict::passed;
    bool suspect = false;  // the prober doubts this result; nothing was decided from it
    bool decided = true;   // false between the results' transaction and the decision's
    std::uint32_t requests = 0;
    std::uint32_t expected = 0;  // indexes, or image sets, that were asked for
    std::uint32_t found = 0;
    OutcomeCounts outcomes;

    friend bool operator==(const ProbeRecord&, const ProbeRecord&) = default;
};

struct StoredProbe {
    ProbeId id{};
    ProbeRecord record;

    friend bool operator==(const StoredProbe&, const StoredProbe&) = default;
};

/// All that one probe found, to be stored in one transaction.
struct ProbeResult {
    MirrorId mirror{};
    ProbeRecord record;
    std::vector<ContentRow> rows;  // replace the mirror's rows
    std::vector<ImageRow> images;  // replace the mirror's image rows
    Observation observation;       // kept where it is not empty
    /// The word of the mirror's own host, not stored: until then it is not judged.
    std::optional<Timestamp> maintenance_until = std::nullopt;
    std::string log_gz;  // RFC 1952, one or more members; text is UTF-8 lines
};

}  // namespace model
