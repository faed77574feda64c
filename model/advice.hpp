#pragma once

#include "model/catalog.hpp"
#include "model/outcome.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// The failure that most requests ended with; of equally many the one that is
/// spelled first. Skipped requests count only where nothing else failed: they say
/// that others did. Empty where nothing failed that says something of the mirror.
std::optional<Outcome> main_failure(const OutcomeCounts&);

/// What the owner of a mirror may look at after such a failure, each a full
/// sentence or two, the likeliest first. Without a failure: why a mirror whose
/// files all answered can lack something.
std::vector<std::string> advice(const Mirror&, std::optional<Outcome> failure);

/// What usually mends a request that ended so, one or two sentences; empty where that
/// depends on what was asked for.
std::string_view usual_remedy(Outcome) noexcept;

}  // namespace model
