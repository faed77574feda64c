#pragma once

#include "model/outcome.hpp"

namespace prober {

enum class IpFamily { v4, v6 };

/// Whether this machine knows a way to the internet of that family. Asks the kernel's
/// routing table; nothing is sent.
bool has_route(IpFamily) noexcept;

/// What one address's outcome says: unreachable is our own trouble where this machine
/// has no such network, and a redirect is as good an answer as any.
model::Outcome judge_address(model::Outcome, bool has_route) noexcept;

}  // namespace prober
