#include "prober/run.hpp"

#include "model/mirror_url.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <utility>

namespace prober {
namespace {

/// How often one URL is asked while the trouble is ours: a lack of descriptors or a
/// late loop passes, and a mirror with thousands of indexes should not be lost to it.
constexpr int tries_max = 2;

constexpr std::uint64_t sums_bytes_max = 1024UL * 1024;  // of a SHA256SUMS

/// The mirrors that share one host, and whose turn it is.
class Host {
public:
    explicit Host(const asio::any_io_executor& executor)
        : news_{executor, asio::steady_timer::time_point::max()} {}

    void add(const std::shared_ptr<MirrorProbe>& probe) {
        waiting_.push_back(probe);
        url_ = probe->task().base_url;
        targets_ += probe->task().assignment.asked->size();
    }

    const std::string& url() const noexcept { return url_; }   // of any of them
    std::size_t targets() const noexcept { return targets_; }  // in all

    /// The next mirror with something left to ask; null if there is none now.
    std::shared_ptr<MirrorProbe> next() {
        for (auto left = waiting_.size(); left > 0; --left) {
            auto probe = std::move(waiting_.front());
            waiting_.pop_front();
            if (probe->turns_left() > 1 || probe->may_get_targets()) {
                waiting_.push_back(probe);
            }
            if (probe->turns_left() > 0) {
                return probe;
            }
        }
        return nullptr;
    }

    /// After a `next` that was null: there may be more once something under way is over.
    bool may_get_more() const noexcept { return !waiting_.empty(); }

    asio::awaitable<void> wait_for_news() {
        boost::system::error_code woken;
        co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    void tell_news() { news_.cancel(); }

private:
    asio::steady_timer news_;  // never fires: cancel() says that something is over
    std::deque<std::shared_ptr<MirrorProbe>> waiting_;
    std::string url_;
    std::size_t targets_ = 0;
};

/// Its coroutines are the lanes, spawned, and `report`, which outlives them.
class Run : public std::enable_shared_from_this<Run> {
public:
    Run(asio::any_io_executor executor, HttpClient& client, RunOptions options,
        RunCounters& counters)
        : client_{client},
          options_{std::move(options)},
          counters_{counters},
          spool_{options_.spool_folder},
          executor_{std::move(executor)},
          news_{executor_, asio::steady_timer::time_point::max()} {}

    void start(std::vector<MirrorTask> tasks);
    asio::awaitable<std::vector<UnfinishedMirror>> report(ResultSink sink);

private:
    void open_lanes(Host&);
    asio::awaitable<void> work(Host&);
    asio::awaitable<void> ask_target(Lane&, MirrorProbe&, Target);
    asio::awaitable<void> ask_sums(Lane&, MirrorProbe&, Target);
    asio::awaitable<Answer> ask(Lane&, std::string url);
    void fail(std::exception_ptr);

    HttpClient& client_;
    RunOptions options_;
    RunCounters& counters_;
    LogSpool spool_;
    asio::any_io_executor executor_;
    asio::steady_timer news_;  // never fires: cancel() says that there is something to report
    std::map<std::string, Host> hosts_;
    std::deque<std::shared_ptr<MirrorProbe>> over_;  // to be reported
    std::size_t lanes_ = 0;                          // coroutines that have not ended
    std::exception_ptr failure_;
};

void Run::start(std::vector<MirrorTask> tasks) {
    counters_.mirrors_total = tasks.size();
    const MirrorProbe::Surroundings around{
        .client = client_, .spool = spool_, .preamble = options_.preamble, .clock = options_.clock};
    for (auto& task : tasks) {
        counters_.targets_total += task.assignment.asked->size();
        auto probe = std::make_shared<MirrorProbe>(std::move(task), around);
        if (probe->is_over()) {
            over_.push_back(std::move(probe));
        } else {
            const auto name = model::host_of(probe->task().base_url);
            hosts_.try_emplace(name, executor_).first->second.add(probe);
        }
    }
    std::vector<Host*> most_work_first;
    for (auto& [name, host] : hosts_) {
        most_work_first.push_back(&host);
    }
    std::stable_sort(most_work_first.begin(), most_work_first.end(),
                     [](const Host* a, const Host* b) { return a->targets() > b->targets(); });
    for (auto* host : most_work_first) {
        open_lanes(*host);
    }
}

void Run::open_lanes(Host& host) {
    const auto lanes = std::min(options_.lanes_per_host_max, host.targets());
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        ++lanes_;
        asio::co_spawn(executor_, work(host),
                       [self = shared_from_this()](std::exception_ptr error) {
                           --self->lanes_;
                           if (error) {
                               self->fail(error);
                           }
                           self->news_.cancel();
                       });
    }
}

asio::awaitable<void> Run::work(Host& host) {
    auto lane = co_await client_.open_lane(host.url(), host.targets());
    for (;;) {
        const auto probe = host.next();
        if (!probe && host.may_get_more() && !failure_) {
            // Who waits holds no permit: the news may come from a lane that wants one.
            lane.reset();
            co_await host.wait_for_news();
            lane = co_await client_.open_lane(host.url(), host.targets());
            continue;
        }
        if (!probe) {
            break;
        }
        if (auto* const look = probe->begin_opening()) {
            co_await look->open(*lane);
            probe->end_opening();
        } else {
            const auto target = probe->begin_target();
            co_await ask_target(*lane, *probe, target);
            probe->end_target();
            ++counters_.targets_done;
        }
        host.tell_news();
        if (auto* const look = probe->begin_closing()) {
            if (auto deep = probe->deep_probe()) {
                auto found = co_await probe_deep(*lane, std::move(*deep));
                probe->take_deep(std::move(found), options_.clock());
            }
            co_await look->close(*lane);
            probe->end_closing();
        }
        if (probe->is_over()) {
            counters_.targets_done += probe->targets_spared();
            over_.push_back(probe);
            news_.cancel();
        }
    }
}

asio::awaitable<void> Run::ask_target(Lane& lane, MirrorProbe& probe, Target target) {
    if (probe.is_sums(target)) {
        co_await ask_sums(lane, probe, target);
        co_return;
    }
    auto url = probe.target_url(target);
    auto answer = co_await ask(lane, url);
    auto next = probe.record_target(target, url, answer, options_.clock());
    const auto checks = probe.task().plan->checks(target);
    for (std::size_t i = 0; next == MirrorProbe::Next::check_freshness; ++i) {
        url = probe.check_url(checks[i]);
        answer = co_await ask(lane, url);
        next = probe.record_check(target, i, url, answer, options_.clock());
    }
}

asio::awaitable<void> Run::ask_sums(Lane& lane, MirrorProbe& probe, Target target) {
    const auto url = probe.target_url(target);
    std::string text;
    GetAnswer answer;
    for (int i = 0; i < tries_max; ++i) {
        text.clear();
        GetRequest request;
        request.url = url;
        request.bytes_max = sums_bytes_max;
        request.sink = [&text](std::string_view piece) {
            text += piece;
            return true;
        };
        answer = co_await lane.get(std::move(request));
        counters_.requests += answer.requests;
        if (answer.outcome.kind != model::OutcomeKind::prober_trouble) {
            break;
        }
    }
    counters_.failures += answer.outcome.is_ok() ? 0 : 1;
    probe.record_sums(target, url, answer, text, options_.clock());
}

asio::awaitable<Answer> Run::ask(Lane& lane, std::string url) {
    Answer answer;
    for (int i = 0; i < tries_max; ++i) {
        answer = co_await lane.head(url);
        counters_.requests += answer.requests;
        if (answer.outcome.kind != model::OutcomeKind::prober_trouble) {
            break;
        }
    }
    counters_.failures += answer.outcome.is_ok() ? 0 : 1;
    co_return answer;
}

/// Keeps the first failure, and has everything that is under way end soon.
void Run::fail(std::exception_ptr error) {
    if (!failure_) {
        failure_ = std::move(error);
        client_.cancel();
        for (auto& [name, host] : hosts_) {
            host.tell_news();
        }
    }
}

asio::awaitable<std::vector<UnfinishedMirror>> Run::report(ResultSink sink) {
    std::vector<UnfinishedMirror> unfinished;
    while (lanes_ > 0 || (!over_.empty() && !failure_)) {
        if (over_.empty() || failure_) {
            boost::system::error_code woken;
            co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
            continue;
        }
        const auto probe = std::move(over_.front());
        over_.pop_front();
        if (!probe->unfinished_reason().empty()) {
            unfinished.push_back({.mirror = probe->task().mirror,
                                  .name = probe->task().name,
                                  .reason = probe->unfinished_reason(),
                                  .is_wish = probe->is_unfinished_by_wish()});
        } else {
            try {
                if (const auto rules = client_.rules_of(probe->task().base_url)) {
                    probe->take_rules(*rules, options_.clock());
                }
                auto result = probe->take_result(options_.clock());
                co_await sink(std::move(result));
            } catch (...) {
                fail(std::current_exception());
            }
        }
        ++counters_.mirrors_done;
    }
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    co_return unfinished;
}

}  // namespace

asio::awaitable<std::vector<UnfinishedMirror>> run_probes(HttpClient& client,
                                                          std::vector<MirrorTask> tasks,
                                                          RunOptions options, ResultSink sink,
                                                          RunCounters& counters) {
    const auto executor = co_await asio::this_coro::executor;
    const auto run = std::make_shared<Run>(executor, client, std::move(options), counters);
    run->start(std::move(tasks));
    co_return co_await run->report(std::move(sink));
}

}  // namespace prober
