#pragma once

#include "model/store.hpp"

namespace made_up {

/// Adds a fortnight of jobs up to `end`, one of which has stopped, and some branches in every
/// state. Throws `std::runtime_error` where the store refuses something.
void write_jobs(model::Store&, model::Timestamp end);

}  // namespace made_up
