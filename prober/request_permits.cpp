#include "prober/request_permits.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace prober {

using boost::system::error_code;

Permit& Permit::operator=(Permit&& other) noexcept {
    if (this != &other) {
        give_back();
        from_ = std::move(other.from_);
        host_ = other.host_;
        slot_ = other.slot_;
    }
    return *this;
}

void Permit::give_back() {
    if (const auto from = std::exchange(from_, nullptr)) {
        from->give_back(host_, slot_);
    }
}

RequestPermits::RequestPermits(asio::any_io_executor executor, Limits limits)
    : executor_{std::move(executor)}, per_host_max_{limits.per_host} {
    assert(per_host_max_ > 0 && !limits.per_shard.empty());
    for (const std::size_t limit : limits.per_shard) {
        assert(limit > 0);
        shards_.push_back({.limit = limit, .free = limit, .hosts = 0, .next = {}});
    }
}

std::size_t RequestPermits::add_host() {
    const auto least = std::min_element(
        shards_.begin(), shards_.end(),
        [](const Shard& a, const Shard& b) { return a.hosts * b.limit < b.hosts * a.limit; });
    ++least->hosts;
    auto& host = hosts_.emplace_back();
    host.shard = static_cast<std::size_t>(least - shards_.begin());
    for (std::size_t slot = per_host_max_; slot > 0; --slot) {
        host.free_slots.push_back(slot - 1);
    }
    return hosts_.size() - 1;
}

asio::awaitable<Permit> RequestPermits::acquire(std::size_t host, std::size_t work) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, Permit)>(
        [self = shared_from_this(), host, work](auto handler) {
            self->enqueue(host, work, std::move(handler));
        },
        asio::use_awaitable);
}

void RequestPermits::enqueue(std::size_t host, std::size_t work, Done done) {
    if (is_closed_) {
        complete(std::move(done), {}, {});
        return;
    }
    const Turn turn{.work = work, .arrival = ++arrivals_};
    auto slot = asio::get_associated_cancellation_slot(done);
    if (slot.is_connected()) {
        slot.assign([this, host, turn](asio::cancellation_type) { withdraw(host, turn); });
    }
    unlist(hosts_[host]);
    hosts_[host].waiting.emplace(turn, std::move(done));
    list(host);
    admit(shards_[hosts_[host].shard]);
}

void RequestPermits::withdraw(std::size_t host, Turn turn) {
    unlist(hosts_[host]);
    auto waiter = hosts_[host].waiting.extract(turn);
    list(host);
    if (waiter) {
        complete(std::move(waiter.mapped()), asio::error::operation_aborted, {});
    }
}

void RequestPermits::give_back(std::size_t host, std::size_t slot) {
    auto& shard = shards_[hosts_[host].shard];
    unlist(hosts_[host]);
    hosts_[host].free_slots.push_back(slot);
    list(host);
    ++shard.free;
    admit(shard);
}

void RequestPermits::admit(Shard& shard) {
    while (shard.free > 0 && !shard.next.empty()) {
        const auto number = shard.next.begin()->second;
        auto& host = hosts_[number];
        unlist(host);
        auto waiter = host.waiting.extract(host.waiting.begin());
        const auto slot = host.free_slots.back();
        host.free_slots.pop_back();
        --shard.free;
        list(number);
        complete(std::move(waiter.mapped()), {}, Permit(shared_from_this(), number, slot));
    }
}

void RequestPermits::unlist(const Host& host) {
    if (!host.waiting.empty()) {
        shards_[host.shard].next.erase(host.waiting.begin()->first);
    }
}

void RequestPermits::list(std::size_t number) {
    const auto& host = hosts_[number];
    if (!host.waiting.empty() && !host.free_slots.empty()) {
        shards_[host.shard].next.emplace(host.waiting.begin()->first, number);
    }
}

void RequestPermits::close() {
    is_closed_ = true;
    for (Host& host : hosts_) {
        unlist(host);
        for (auto& [turn, done] : std::exchange(host.waiting, {})) {
            complete(std::move(done), {}, {});
        }
    }
}

void RequestPermits::complete(Done done, error_code ec, Permit permit) {
    asio::get_associated_cancellation_slot(done).clear();
    // Posted: who waits must not run inside the destructor that made room.
    asio::post(executor_, [done = std::move(done), ec, permit = std::move(permit)]() mutable {
        std::move(done)(ec, std::move(permit));
    });
}

}  // namespace prober
