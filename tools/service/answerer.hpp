#pragma once

#include "tools/service/ready_response.hpp"
#include "tools/service/response_cache.hpp"
#include "tools/service/server_options.hpp"
#include "tools/service/world_watch.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace service {

namespace asio = boost::asio;

using ReadyAnswer = std::shared_ptr<const ReadyResponse>;

/// Makes the answers: finds the handler, and runs it away from the loop, so that no answer
/// that takes long keeps others from being read. One thread renders from the world; a few have
/// a store each. Used on the loop's thread alone.
class Answerer {
public:
    Answerer(asio::any_io_executor loop, const ServerOptions&, const WorldWatch&);
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;
    ~Answerer();  // waits for the handlers that run

    /// What was made for the same question a moment ago; `target` as it was sent. nullptr:
    /// ask `answer`.
    ReadyAnswer find_kept(std::string_view target, Coding);

    /// Never throws; what went wrong is an answer too. `request` is whole but for captures;
    /// without a `target` the answer is not kept; `routes` outlive it. What was changed is in the
    /// world when its answer comes, so that the next page shows it.
    asio::awaitable<ReadyAnswer> answer(const std::vector<Route>& routes, Request request,
                                        std::string target, Coding);

    /// The same problem as a page, for who takes HTML.
    ReadyAnswer as_page(const Response& problem) const;

    /// Since when the database has not answered; empty while it does.
    std::optional<model::Timestamp> stale_since() const { return stale_since_; }

    /// Handlers that wait or run.
    std::size_t jobs() const noexcept { return jobs_; }
    std::size_t cache_bytes() const noexcept { return cache_.bytes(); }

    /// The world has changed, or whether the database answers.
    void forget_kept();

private:
    using Handle = std::function<Response()>;
    struct Job;
    struct StoreWorker;

    ReadyAnswer quick_answer(const Request&, const RouteMatch&) const;
    std::shared_ptr<Job> start_reading(const Route&, Request, const std::string& key, Coding);
    std::shared_ptr<Job> start_storing(const Route&, Request, Coding);
    void run(asio::thread_pool&, const std::shared_ptr<Job>&, Handle);
    asio::awaitable<void> wait_for_world(std::int64_t change);
    static ReadyAnswer make(const Handle&, const Job&, const Say&);

    asio::any_io_executor loop_;
    const ServerOptions& options_;
    const WorldWatch& watch_;
    std::optional<model::Timestamp> stale_since_;
    ResponseCache cache_;
    std::uint64_t edition_ = 0;  // of the world, as far as the cache knows
    std::unordered_map<std::string, std::shared_ptr<Job>> renderings_;  // under way, by key
    std::size_t jobs_ = 0;
    std::int64_t change_ = 0;  // the newest audit entry that the world has
    std::vector<std::shared_ptr<asio::steady_timer>> waiting_;  // for another world
    std::array<std::unique_ptr<StoreWorker>, 3> workers_;
    asio::thread_pool renderer_{1};
};

}  // namespace service
