#pragma once

#include "model/timestamp.hpp"

#include <optional>

namespace model {

/// What an owner's script last said of copying the archive.
struct MirrorSync {
    Timestamp started;
    std::optional<Timestamp> completed;  // empty: under way, or it never ended

    friend bool operator==(const MirrorSync&, const MirrorSync&) = default;
};

}  // namespace model
