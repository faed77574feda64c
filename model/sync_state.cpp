#include "model/sync_state.hpp"

namespace model {

std::string_view to_string(SyncState state) noexcept {
    switch (state) {
    case SyncState::complete: return "complete";
    case SyncState::under_way: return "under-way";
    case SyncState::never_ended: return "never-ended";
    }
    return "";
}

SyncState state_of(const MirrorSync& sync, Timestamp now) noexcept {
    if (sync.completed) {
        return SyncState::complete;
    }
    return now - sync.started < sync_patience ? SyncState::under_way : SyncState::never_ended;
}

}  // namespace model
