#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace prober {

namespace asio = boost::asio;

class RequestPermits;

/// The right to one request at a time to one host. Destroying it admits the next.
class Permit {
public:
    Permit() = default;  // no right to anything
    Permit(std::shared_ptr<RequestPermits> from, std::size_t host, std::size_t slot)
        : from_{std::move(from)}, host_{host}, slot_{slot} {}
    Permit(Permit&&) noexcept = default;
    Permit& operator=(Permit&& other) noexcept;
    ~Permit() { give_back(); }

    void give_back();

    explicit operator bool() const noexcept { return from_ != nullptr; }
    /// Which of the host's places this is: 0 up to the limit per host.
    std::size_t slot() const noexcept { return slot_; }

private:
    std::shared_ptr<RequestPermits> from_;  // null: none
    std::size_t host_ = 0;
    std::size_t slot_ = 0;
};

/// Keeps the prober polite: so many requests at once to one host, and so many to
/// the hosts of one shard. Both are granted together or not at all, so nobody
/// waits for one while holding the other. One thread.
class RequestPermits : public std::enable_shared_from_this<RequestPermits> {
public:
    struct Limits {
        std::vector<std::size_t> per_shard;
        std::size_t per_host;
    };

    RequestPermits(asio::any_io_executor, Limits);

    /// Gives a new host a place on the shard with the fewest hosts for its size.
    /// Returns its number: 0, 1, ...
    std::size_t add_host();
    std::size_t shard_of(std::size_t host) const { return hosts_.at(host).shard; }

    /// Waits in the order of most `work` first, then of arrival. The permit is
    /// empty once `close` was called.
    asio::awaitable<Permit> acquire(std::size_t host, std::size_t work);

    /// Lets everybody who waits, or comes later, go without a permit.
    void close();

private:
    friend Permit;
    using Done = asio::any_completion_handler<void(boost::system::error_code, Permit)>;

    struct Turn {
        std::size_t work = 0;
        std::uint64_t arrival = 0;

        friend std::strong_ordering operator<=>(Turn a, Turn b) noexcept {
            const auto by_work = b.work <=> a.work;
            return by_work != 0 ? by_work : a.arrival <=> b.arrival;
        }
        friend bool operator==(Turn, Turn) noexcept = default;
    };
    struct Host {
        std::size_t shard = 0;
        std::vector<std::size_t> free_slots;
        std::map<Turn, Done> waiting;
    };
    struct Shard {
        std::size_t limit = 0;
        std::size_t free = 0;
        std::size_t hosts = 0;
        std::map<Turn, std::size_t> next;  // of each host that could start: its first in line
    };

    void enqueue(std::size_t host, std::size_t work, Done done);
    void withdraw(std::size_t host, Turn turn);
    void give_back(std::size_t host, std::size_t slot);
    void admit(Shard& shard);
    /// Called around each change of a host's slots or queue.
    void unlist(const Host& host);
    void list(std::size_t number);
    void complete(Done done, boost::system::error_code ec, Permit permit);

    asio::any_io_executor executor_;
    std::size_t per_host_max_;
    std::vector<Shard> shards_;
    std::deque<Host> hosts_;
    std::uint64_t arrivals_ = 0;
    bool is_closed_ = false;
};

}  // namespace prober
