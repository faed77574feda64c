#pragma once

#include "model/store.hpp"

#include <chrono>
#include <cstddef>

namespace made_up {

/// Adds the lagoon, its mirrors, and all that happened to them in the days before `end`.
/// Returns the number of probes. Throws `std::runtime_error` where the store refuses something.
std::size_t write_lagoon(model::Store&, model::Timestamp end, std::chrono::days length);

/// The same for every other mirror that was never probed, up to a day before `end`: it may be
/// probed for real from then on.
std::size_t write_past(model::Store&, model::Timestamp end, std::chrono::days length);

}  // namespace made_up
