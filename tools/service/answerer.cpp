#include "tools/service/answerer.hpp"

#include "tools/service/caller.hpp"
#include "tools/service/page_layout.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace service {
namespace {

/// Handlers that wait or run; more are turned away.
constexpr std::size_t jobs_max = 1'000;
/// A change that is not seen by then was made all the same, and is answered.
constexpr std::chrono::seconds world_patience{3};

ReadyAnswer ready(const Response& response, Reader reader = Reader::anyone) {
    return std::make_shared<const ReadyResponse>(make_ready(response, Coding::identity, reader));
}

ReadyAnswer busy() {
    auto response = problem(503, "too busy", "Too many answers are being made; ask again soon.");
    response.fields.emplace_back("Retry-After", "2");
    return ready(response);
}

bool is_read(const Request& request) noexcept {
    return request.method == "GET" || request.method == "HEAD";
}

/// Who says who they are may get an answer of their own.
bool is_anonymous(const Request& request) noexcept {
    return !field(request, "cookie") && !field(request, "authorization");
}

/// The number of the newest audit entry after `known`, or that. A fault is no fault of the
/// change, which is there.
std::int64_t newest_change(model::Store& store, std::int64_t known) {
    try {
        for (const model::NumberedChange& change : store.changes_after(known)) {
            known = std::max(known, change.number);
        }
    } catch (const model::StorageError&) {
        return known;
    }
    return known;
}

/// Whether the handler that looks at who asks is the right one.
bool needs_store(const Route& route, const Request& request) noexcept {
    return !route.read ||
           (route.store && (cookie(request, session_cookie) || field(request, "authorization")));
}

std::string key_of(std::string_view target, Coding coding) {
    return (coding == Coding::gzip ? "g" : "i") + std::string(target);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

}  // namespace

/// One handler's work, and who waits for it.
struct Answerer::Job {
    Job(const asio::any_io_executor& loop, std::chrono::milliseconds patience, Coding wanted,
        Reader who)
        : done{loop, patience}, coding{wanted}, reader{who} {}

    asio::steady_timer done;  // cancelled when `answer` is there, or it takes too long
    ReadyAnswer answer;
    Coding coding;
    Reader reader;
    std::string key;  // of the cache; empty: not to be kept
    std::uint64_t edition = 0;
    bool is_keepable = false;  // set by the handler's thread before `answer` is told, as is
    std::int64_t change = 0;   // the audit entry that the next page has to show
};

/// A thread with a store that it opens when it is first needed, and again after a fault.
struct Answerer::StoreWorker {
    std::unique_ptr<model::Store> store;  // of the thread
    std::size_t waiting = 0;              // of the loop
    asio::thread_pool thread{1};
};

Answerer::Answerer(asio::any_io_executor loop, const ServerOptions& options,
                   const WorldWatch& watch)
    : loop_{std::move(loop)}, options_{options}, watch_{watch}, cache_{options.limits.cache_bytes} {
    for (auto& worker : workers_) {
        worker = std::make_unique<StoreWorker>();
    }
    change_ = watch_.view().world->marks.change;
}

Answerer::~Answerer() {
    renderer_.join();
    for (const auto& worker : workers_) {
        worker->thread.join();
    }
}

ReadyAnswer Answerer::find_kept(std::string_view target, Coding coding) {
    return cache_.find(key_of(target, coding), std::chrono::steady_clock::now());
}

ReadyAnswer Answerer::as_page(const Response& problem) const {
    const WorldView view = watch_.view();
    Request request;
    request.base_path = options_.base_path;
    request.stale_since = view.stale_since;
    Response page = page_fault(request, *view.world, problem);
    page.fields = problem.fields;
    page.varies_with = problem.varies_with;
    return ready(page, Reader::same_origin);
}

void Answerer::forget_kept() {
    ++edition_;
    stale_since_ = watch_.view().stale_since;
    cache_.clear();
    renderings_.clear();
    change_ = watch_.view().world->marks.change;
    for (const auto& timer : std::exchange(waiting_, {})) {
        timer->cancel();
    }
}

asio::awaitable<void> Answerer::wait_for_world(std::int64_t change) {
    const auto deadline = std::chrono::steady_clock::now() + world_patience;
    while (change_ < change && std::chrono::steady_clock::now() < deadline) {
        const auto timer = std::make_shared<asio::steady_timer>(loop_, deadline);
        waiting_.push_back(timer);
        boost::system::error_code woken;
        co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

/// Where no handler is needed; nullptr where one is.
ReadyAnswer Answerer::quick_answer(const Request& request, const RouteMatch& match) const {
    if (match.allowed_methods.empty()) {
        return ready(
            problem(404, "not found",
                    fmt::format("There is nothing at {}{}.", request.base_path, request.path)));
    }
    if (request.method == "OPTIONS") {
        return ready(options_response(match.allowed_methods));
    }
    if (match.route == nullptr) {
        const auto methods = joined(match.allowed_methods);
        auto response =
            problem(405, "method not allowed", fmt::format("This can be asked with {}.", methods));
        response.fields.emplace_back("Allow", methods + ", OPTIONS");
        return ready(response);
    }
    return jobs_ < jobs_max ? nullptr : busy();
}

ReadyAnswer Answerer::make(const Handle& handle, const Job& job, const Say& say_fault) {
    try {
        return std::make_shared<const ReadyResponse>(make_ready(handle(), job.coding, job.reader));
    } catch (const model::StorageError& error) {
        say_fault(error.what());
        auto response = problem(503, "the database does not answer",
                                "What was asked for needs the database; ask again in a minute.");
        response.fields.emplace_back("Retry-After", "60");
        return ready(response, job.reader);
    } catch (const std::exception& error) {
        say_fault(error.what());
        return ready(problem(500, "our fault", "Something is wrong here; the log says what."),
                     job.reader);
    }
}

void Answerer::run(asio::thread_pool& pool, const std::shared_ptr<Job>& job, Handle handle) {
    ++jobs_;
    asio::post(pool, [this, job, handle = std::move(handle)] {
        ReadyAnswer answer = make(handle, *job, options_.say_fault);
        asio::post(loop_, [this, job, answer = std::move(answer)] {
            --jobs_;
            job->answer = answer;
            if (!job->key.empty() && job->edition == edition_) {
                renderings_.erase(job->key);
                if (job->is_keepable && answer->status == 200) {
                    cache_.keep(job->key, answer, std::chrono::steady_clock::now());
                }
            }
            job->done.cancel();
        });
    });
}

std::shared_ptr<Answerer::Job> Answerer::start_reading(const Route& route, Request request,
                                                       const std::string& key, Coding coding) {
    if (!key.empty()) {
        if (const auto found = renderings_.find(key); found != renderings_.end()) {
            return found->second;
        }
    }
    auto job = std::make_shared<Job>(loop_, options_.limits.answer_time, coding, Reader::anyone);
    job->key = key;
    job->edition = edition_;
    if (!key.empty()) {
        renderings_.emplace(key, job);
    }
    WorldView view = watch_.view();
    request.stale_since = view.stale_since;
    run(renderer_, job,
        [&route, request = std::move(request), world = std::move(view.world), job,
         now = options_.now()] {
            Response response = route.read(request, *world, now);
            job->is_keepable = response.keeping != Keeping::nowhere;
            return response;
        });
    return job;
}

std::shared_ptr<Answerer::Job> Answerer::start_storing(const Route& route, Request request,
                                                       Coding coding) {
    auto job = std::make_shared<Job>(
        loop_, options_.limits.answer_time, coding,
        is_read(request) && is_anonymous(request) ? Reader::anyone : Reader::same_origin);
    WorldView view = watch_.view();
    request.stale_since = view.stale_since;
    // What workers report leaves no line in the audit trail, and is on no page that they read.
    const bool is_change = !is_read(request) && route.place != Route::Place::reports;
    StoreWorker& worker = **std::ranges::min_element(
        workers_, {}, [](const auto& candidate) { return candidate->waiting; });
    ++worker.waiting;
    run(worker.thread, job,
        [this, &worker, &route, request = std::move(request), world = std::move(view.world), job,
         is_change] {
            // Whatever happens, the loop learns that this worker is free again.
            const std::shared_ptr<void> over(nullptr, [this, &worker](void*) {
                asio::post(loop_, [&worker] { --worker.waiting; });
            });
            try {
                if (worker.store == nullptr) {
                    worker.store = options_.open_store();
                }
                Response response = route.store(request, *world, *worker.store, options_.now());
                if (is_change && response.status < 400) {
                    job->change = newest_change(*worker.store, world->marks.change);
                }
                return response;
            } catch (const model::StorageError& error) {
                worker.store.reset();
                if (!route.read) {
                    throw;
                }
                options_.say_fault(error.what());
                Response response = route.read(request, *world, options_.now());
                response.keeping = Keeping::nowhere;
                return response;
            }
        });
    return job;
}

asio::awaitable<ReadyAnswer> Answerer::answer(const std::vector<Route>& routes, Request request,
                                              std::string target, Coding coding) {
    RouteMatch match = find_route(routes, request.method, request.path);
    if (auto quick = quick_answer(request, match)) {
        co_return quick;
    }
    request.captures = std::move(match.captures);
    std::shared_ptr<Job> job;
    if (!needs_store(*match.route, request)) {
        const bool may_be_kept = !target.empty() && is_read(request) && is_anonymous(request);
        const std::string key = may_be_kept ? key_of(target, coding) : std::string();
        job = start_reading(*match.route, std::move(request), key, coding);
    } else {
        job = start_storing(*match.route, std::move(request), coding);
    }
    if (job->answer == nullptr) {
        boost::system::error_code woken;
        co_await job->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (job->answer != nullptr && job->change > change_) {
        co_await wait_for_world(job->change);
    }
    co_return job->answer != nullptr ? job->answer : busy();
}

}  // namespace service
