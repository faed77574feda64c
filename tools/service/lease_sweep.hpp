#pragma once

#include "tools/service/server_options.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace service {

/// Ends the leases that are over, and tells of each: whose worker says nothing is free for others.
void sweep_leases(model::Store&, model::Timestamp now, const Say&);

/// How often to look where a lease lasts so long: much shorter, but not for ever busy.
std::chrono::milliseconds sweep_interval(std::chrono::seconds lease) noexcept;

/// Does so again and again, on a thread and a store of its own. Where the database does not
/// answer, it is asked again the next time.
class LeaseSweep {
public:
    struct Sources {
        OpenStore open_store;
        std::function<model::Timestamp()> now;
        Say say;
        std::chrono::milliseconds interval{};
    };

    /// Begins.
    explicit LeaseSweep(Sources);
    LeaseSweep(const LeaseSweep&) = delete;
    LeaseSweep& operator=(const LeaseSweep&) = delete;
    ~LeaseSweep();

private:
    void run();
    void sweep();

    Sources sources_;
    std::unique_ptr<model::Store> store_;  // null: to be opened
    bool is_lost_ = false;                 // and that was said
    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;  // with mutex_
    std::thread thread_;
};

}  // namespace service
