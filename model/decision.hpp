#pragma once

#include "model/catalog.hpp"
#include "model/outbox.hpp"
#include "model/probe.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace model {

/// What a probe does to its mirror.
enum class Change {
    none,
    disable,
    enable,
};

/// Decides on one mirror, doubts aside.
/// `earlier_failures`: how many decided, not suspect probes in a row before this
/// one failed. A mirror that an admin disabled is left alone.
/// Source: rules of disabling and coming back.
Change decide(const MirrorState&, ProbeVerdict, int earlier_failures,
              int failures_before_disable) noexcept;

/// How many of the newest probes in a row failed; suspect and undecided ones do
/// not count, and do not end the row. `newest_first`.
int failures_in_a_row(std::span<const StoredProbe> newest_first) noexcept;

/// Enabled mirrors that a run probed to the end, and how many of these failed: those that
/// would not be disabled yet, too, because several failures in a row are asked for.
struct RunTally {
    std::size_t enabled_probed = 0;
    std::size_t failed = 0;
};

/// True where so many failed at once that the fault is likely ours: more than
/// half of the enabled mirrors that were probed, and at least five.
bool is_doubtful(RunTally) noexcept;

/// A decision ready to be stored in one transaction with its messages.
/// Stored only where it still applies: a mirror that somebody else disabled,
/// enabled, deleted or put into maintenance meanwhile keeps that state, and `messages` are dropped.
struct Decision {
    MirrorId mirror{};
    ProbeId probe{};  // marked decided, and suspect if `suspect`
    Change change = Change::none;
    bool suspect = false;
    std::string reason;  // for the audit trail and `disabled_reason`
    std::vector<Message> messages;
};

}  // namespace model
