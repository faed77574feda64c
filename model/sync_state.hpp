#pragma once

#include "model/mirror_sync.hpp"

#include <chrono>
#include <string_view>

namespace model {

/// What an owner's words on copying the archive have come to.
enum class SyncState { complete, under_way, never_ended };
std::string_view to_string(SyncState) noexcept;  // "complete", "under-way", "never-ended"

/// A sync that is silent for so long has died.
inline constexpr std::chrono::hours sync_patience{24};

SyncState state_of(const MirrorSync&, Timestamp now) noexcept;

}  // namespace model
