#include "prober/target_queue.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace prober {

bool TargetQueue::is_spared(Target target) const noexcept {
    if (spared_ == 0) {
        return false;
    }
    const auto found = std::ranges::lower_bound(*all_, target);
    return found != all_->end() && *found == target &&
           state(static_cast<std::size_t>(found - all_->begin())) == State::spared;
}

Target TargetQueue::begin() {
    assert(left() > 0);
    while (!states_.empty() && state(place_) != State::left) {
        ++place_;
    }
    if (!states_.empty()) {
        set_state(place_, State::begun);
    }
    --left_;
    ++begun_;
    return (*all_)[place_++];
}

void TargetQueue::hold(const std::function<bool(Target)>& is_held) {
    assert(begun_ == 0 && states_.empty());
    states_ = HalfBytes(all_->size());
    static_assert(static_cast<int>(State::left) == 0);
    for (std::size_t place = 0; place < all_->size(); ++place) {
        if (is_held((*all_)[place])) {
            set_state(place, State::held);
            ++held_;
        }
    }
    left_ -= held_;
}

void TargetQueue::decide(const std::function<bool(Target)>& is_spared) {
    for (std::size_t place = 0; place < states_.size(); ++place) {
        if (state(place) == State::held) {
            const bool spares = is_spared((*all_)[place]);
            set_state(place, spares ? State::spared : State::left);
            ++(spares ? spared_ : left_);
        }
    }
    held_ = 0;
    place_ = 0;
}

void TargetQueue::ask_spared() {
    for (std::size_t place = 0; place < states_.size(); ++place) {
        if (state(place) == State::spared) {
            set_state(place, State::left);
        }
    }
    left_ += std::exchange(spared_, 0);
    place_ = 0;
}

void TargetQueue::end() {
    begun_ += left_;
    left_ = held_ = spared_ = 0;
    states_ = {};  // nothing is left to be looked for
}

}  // namespace prober
