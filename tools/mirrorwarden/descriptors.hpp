#pragma once

#include <cstddef>
#include <string_view>

namespace mirrorwarden {

/// How many of the wanted connections so many descriptors allow: some are kept for
/// databases and files. At least one.
std::size_t connections_within(std::size_t descriptors, std::size_t wanted) noexcept;

/// As `connections_within`, for this process, which gets as many descriptors as they need and
/// the system lets it have. Where those are too few, warns, and names `option`, which asks for
/// so many.
std::size_t allowed_connections(std::size_t wanted, std::string_view option);

/// Has the kernel make room for so many descriptors now. A process of several threads waits
/// some 15 ms for each doubling of that room: call it before there are threads. Does nothing
/// where the system does not let us have so many.
void make_room_for_connections(std::size_t connections) noexcept;

}  // namespace mirrorwarden
