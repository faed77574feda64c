#pragma once

#include "prober/half_bytes.hpp"
#include "prober/probe_plan.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace prober {

/// The targets of one mirror, as they are handed out: in their order, save those that are held
/// back until more is known, and of these perhaps only some. A run has hundreds of queues with
/// thousands of targets, so each costs half a byte, and none where nothing is held.
class TargetQueue {
public:
    explicit TargetQueue(std::shared_ptr<const std::vector<Target>> all)
        : all_{std::move(all)}, left_{all_->size()} {}

    /// Of those that are to be handed out, how many were not yet.
    std::size_t left() const noexcept { return left_; }
    std::size_t begun() const noexcept { return begun_; }
    bool has_held() const noexcept { return held_ > 0; }
    /// Of those that are not asked for after all, how many.
    std::size_t spared() const noexcept { return spared_; }
    bool is_spared(Target) const noexcept;

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
    enum class State : std::uint8_t { left, held, spared, begun };

    State state(std::size_t place) const noexcept { return State{states_[place]}; }
    void set_state(std::size_t place, State state) noexcept {
        states_.set(place, static_cast<std::uint8_t>(state));
    }

    std::shared_ptr<const std::vector<Target>> all_;  // ascending, shared with other mirrors
    HalfBytes states_;       // by place in it; empty: nothing was ever held
    std::size_t place_ = 0;  // before it nothing is left
    std::size_t left_;
    std::size_t begun_ = 0;
    std::size_t held_ = 0;
    std::size_t spared_ = 0;
};

}  // namespace prober
