#include "tools/service/lease_sweep.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace service {

void sweep_leases(model::Store& store, model::Timestamp now, const Say& say) {
    for (const auto& branch : store.end_leases(now)) {
        say(fmt::format("branch {} ({}): {}; this counts as a failure", to_integer(branch.id),
                        model::in_quotes(branch.name), branch.mirroring.mirror_status_message));
    }
}

std::chrono::milliseconds sweep_interval(std::chrono::seconds lease) noexcept {
    constexpr std::chrono::milliseconds shortest{100};
    constexpr std::chrono::milliseconds longest{10'000};
    return std::clamp(std::chrono::milliseconds{lease} / 10, shortest, longest);
}

LeaseSweep::LeaseSweep(Sources sources)
    : sources_{std::move(sources)}, thread_{[this] { run(); }} {}

LeaseSweep::~LeaseSweep() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    stop_.notify_all();
    thread_.join();
}

void LeaseSweep::run() {
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        lock.unlock();
        sweep();
        lock.lock();
        stop_.wait_for(lock, sources_.interval, [this] { return stopping_; });
    }
}

void LeaseSweep::sweep() {
    try {
        if (store_ == nullptr) {
            store_ = sources_.open_store();
        }
        sweep_leases(*store_, sources_.now(), sources_.say);
        is_lost_ = false;
    } catch (const std::exception& error) {
        store_.reset();
        if (!std::exchange(is_lost_, true)) {
            sources_.say(
                fmt::format("cannot end the leases of silent workers, and will try again: "
                            "{}",
                            error.what()));
        }
    }
}

}  // namespace service
