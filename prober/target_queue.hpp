#pragma once

#include "prober/probe_plan.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace prober {

/// The targets of one mirror, as they are handed out: in their order, save those that are held
/// back until more is known, and of these perhaps only some.
class TargetQueue {
public:
    explicit TargetQueue(std::shared_ptr<const std::vector<Target>> all) : all_{std::move(all)} {}

    /// Of those that are to be handed out, how many were not yet.
    std::size_t left() const noexcept { return turns().size() - begun_; }
    std::size_t begun() const noexcept { return begun_; }
    bool has_held() const noexcept { return !held_.empty(); }
    /// Those that are not asked for after all, ascending.
    const std::vector<Target>& spared() const noexcept { return spared_; }

    /// There must be one left.
    Target begin();

    /// Before the first `begin`: these wait for `decide`.
    void hold(const std::function<bool(Target)>& is_held);
    /// Of those that are held, these are spared; the others are handed out. Asks about each
    /// once, in their order.
    void decide(const std::function<bool(Target)>& is_spared);
    /// None is spared after all.
    void ask_spared();
    /// Nothing more is handed out.
    void end();

private:
    const std::vector<Target>& turns() const noexcept { return is_own_ ? own_ : *all_; }

    std::shared_ptr<const std::vector<Target>> all_;  // shared with other mirrors
    std::vector<Target> own_;                         // in its place, where some were held
    bool is_own_ = false;
    std::vector<Target> held_;
    std::vector<Target> spared_;
    std::size_t begun_ = 0;
};

}  // namespace prober
