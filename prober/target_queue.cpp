#include "prober/target_queue.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace prober {

Target TargetQueue::begin() {
    assert(left() > 0);
    return turns()[begun_++];
}

void TargetQueue::hold(const std::function<bool(Target)>& is_held) {
    assert(begun_ == 0 && !is_own_);
    is_own_ = true;
    std::ranges::partition_copy(*all_, std::back_inserter(held_), std::back_inserter(own_),
                                is_held);
}

void TargetQueue::decide(const std::function<bool(Target)>& is_spared) {
    for (const auto target : std::exchange(held_, {})) {
        (is_spared(target) ? spared_ : own_).push_back(target);
    }
}

void TargetQueue::ask_spared() {
    std::ranges::move(std::exchange(spared_, {}), std::back_inserter(own_));
}

void TargetQueue::end() {
    held_.clear();
    spared_.clear();
    begun_ = turns().size();
}

}  // namespace prober
