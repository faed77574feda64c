#include "tools/service/world_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace service {
namespace {

using std::chrono::milliseconds;

/// How long a stop may have to wait for us.
constexpr milliseconds patience{250};
constexpr milliseconds first_pause{250};
constexpr milliseconds longest_pause{10'000};

}  // namespace

WorldWatch::WorldWatch(Sources sources)
    : sources_{std::move(sources)}, store_{sources_.open_store()} {
    store_->wait_for_change(milliseconds{0});  // from here on nothing is missed
    view_.world = sources_.read(*store_, sources_.now(), nullptr);
}

WorldWatch::~WorldWatch() {
    stop();
}

void WorldWatch::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    stop_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void WorldWatch::start(std::function<void()> changed) {
    changed_ = std::move(changed);
    thread_ = std::thread{[this] { run(); }};
}

WorldView WorldWatch::view() const {
    const std::lock_guard lock{mutex_};
    return view_;
}

bool WorldWatch::is_stopping() const {
    const std::lock_guard lock{mutex_};
    return stopping_;
}

bool WorldWatch::pause(milliseconds time) {
    std::unique_lock lock{mutex_};
    return !stop_.wait_for(lock, time, [this] { return stopping_; });
}

void WorldWatch::run() {
    milliseconds wait = first_pause;
    while (!is_stopping()) {
        try {
            look();
            wait = first_pause;
        } catch (const std::exception& error) {
            lose(error.what());
            if (!pause(wait)) {
                return;
            }
            wait = std::min(2 * wait, longest_pause);
        }
    }
}

void WorldWatch::look() {
    if (store_ == nullptr) {
        store_ = sources_.open_store();
    }
    const WorldView known = view();
    if (!store_->wait_for_change(patience)) {
        return;
    }
    auto world = sources_.read(*store_, sources_.now(), known.world.get());
    if (known.stale_since) {
        sources_.say_fault("the database answers again");
    }
    {
        const std::lock_guard lock{mutex_};
        view_ = {std::move(world), std::nullopt};
    }
    changed_();
}

void WorldWatch::lose(const std::string& why) {
    store_.reset();
    {
        const std::lock_guard lock{mutex_};
        if (view_.stale_since) {
            return;  // said already
        }
        view_.stale_since = sources_.now();
    }
    sources_.say_fault(
        fmt::format("{}; showing what was read at {} until the database answers again", why,
                    model::format_timestamp(view().world->read_at)));
    changed_();
}

}  // namespace service
