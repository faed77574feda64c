#include "prober/mirror_check.hpp"

#include "model/mirror_url.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <utility>

namespace prober {
namespace {

/// apt does without a form of an index where it has another, and without translations.
std::vector<model::IndexFacts> without_spare_forms(std::vector<model::IndexFacts> asked) {
    std::set<std::string, std::less<>> there;
    for (const auto& index : asked) {
        if (!model::is_gone(index.outcome)) {
            there.emplace(model::index_stem(index.path));
        }
    }
    std::erase_if(asked, [&](const model::IndexFacts& index) {
        return model::is_gone(index.outcome) &&
               (there.contains(model::index_stem(index.path)) || model::is_translation(index.path));
    });
    return asked;
}

/// The indexes of one mirror, shared by the lanes that ask for them.
class Indexes : public std::enable_shared_from_this<Indexes> {
public:
    Indexes(asio::any_io_executor executor, HttpClient& client, const MirrorCheck& check,
            MirrorLook& look)
        : executor_{std::move(executor)},
          client_{client},
          check_{check},
          look_{look},
          asked_(check.look.plan->suites.size()),
          is_all_(asked_.size(), false),
          over_{executor_, asio::steady_timer::time_point::max()} {
        for (std::size_t suite = 0; suite < asked_.size(); ++suite) {
            plan(suite);
        }
    }

    asio::awaitable<void> ask();
    asio::awaitable<void> look_deeper();

    void judge() {
        for (std::size_t suite = 0; suite < asked_.size(); ++suite) {
            if (!look_.is_asked(suite)) {
                continue;
            }
            look_.judge(suite, without_spare_forms(std::move(asked_[suite])), is_all_[suite]);
        }
    }

    std::vector<model::RequestCost> costs() const {
        return check_.deep ? std::vector{cost_, deep_cost_} : std::vector{cost_};
    }

    /// Of the deep look: by-hash and the pool.
    std::vector<model::Finding> take_findings() { return std::move(findings_); }

    bool was_cancelled() const noexcept { return was_cancelled_; }

private:
    struct Turn {
        std::size_t suite;
        std::size_t index;
    };

    void plan(std::size_t suite);
    asio::awaitable<void> work();

    asio::any_io_executor executor_;
    HttpClient& client_;
    const MirrorCheck& check_;
    MirrorLook& look_;
    std::vector<std::vector<model::IndexFacts>> asked_;  // by suite
    std::vector<bool> is_all_;
    std::vector<Turn> turns_;
    std::size_t turns_begun_ = 0;
    model::RequestCost cost_{.kind = "index", .requests = 0, .bytes = 0};
    model::RequestCost deep_cost_{.kind = "deep", .requests = 0, .bytes = 0};
    std::vector<model::Finding> findings_;
    bool was_cancelled_ = false;
    asio::steady_timer over_;  // never fires: cancel() says that a lane has ended
    std::size_t lanes_ = 0;
    std::exception_ptr failure_;
};

void Indexes::plan(std::size_t suite) {
    const auto* const release = look_.release(suite);
    if (release == nullptr) {
        return;
    }
    auto wanted = model::indexes_of(*release, check_.wish);
    is_all_[suite] = wanted.size() <= check_.indexes_max;
    wanted.resize(std::min(wanted.size(), check_.indexes_max));
    for (const auto* entry : wanted) {
        auto& index = asked_[suite].emplace_back();
        index.path = entry->path;
        index.url = look_.suite_url(suite) + entry->path;
        turns_.push_back({.suite = suite, .index = asked_[suite].size() - 1});
    }
}

asio::awaitable<void> Indexes::ask() {
    const auto lanes = std::min(check_.lanes_max, turns_.size());
    for (std::size_t i = 0; i < lanes; ++i) {
        ++lanes_;
        asio::co_spawn(executor_, work(), [self = shared_from_this()](std::exception_ptr error) {
            --self->lanes_;
            if (error && !self->failure_) {
                self->failure_ = error;
                self->client_.cancel();
            }
            self->over_.cancel();
        });
    }
    while (lanes_ > 0) {
        boost::system::error_code woken;
        co_await over_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

asio::awaitable<void> Indexes::work() {
    const auto lane = co_await client_.open_lane(check_.look.base_url, turns_.size());
    while (turns_begun_ < turns_.size()) {
        const auto turn = turns_[turns_begun_++];
        auto& index = asked_[turn.suite][turn.index];
        const auto answer = co_await lane->head(index.url);
        cost_.requests += answer.requests;
        cost_.bytes += answer.bytes;
        index.outcome = answer.outcome;
        was_cancelled_ = was_cancelled_ || answer.outcome.kind == model::OutcomeKind::cancelled;
        look_.index_answered(turn.suite, index.path, answer);
    }
}

/// Of what is there and seems to be what the Release says.
asio::awaitable<void> Indexes::look_deeper() {
    const auto lane = co_await client_.open_lane(check_.look.base_url, turns_.size());
    for (std::size_t suite = 0; suite < asked_.size(); ++suite) {
        const auto* const release = look_.release(suite);
        if (release == nullptr || was_cancelled_) {
            continue;
        }
        DeepTask task{.base_url = check_.look.base_url,
                      .suite = check_.look.plan->suites[suite].suite,
                      .has_by_hash = release->acquire_by_hash,
                      .chance = check_.chance,
                      .limits = check_.deep.value(),
                      .indexes = {}};
        for (const auto& index : asked_[suite]) {
            const auto* const entry = model::find_entry(*release, index.path);
            if (index.outcome.is_ok() && entry != nullptr && !look_.is_odd(suite, index.path)) {
                task.indexes.push_back(*entry);
            }
        }
        auto found = co_await look_deep(*lane, std::move(task));
        for (auto& fetched : found.indexes) {
            const auto index =
                std::ranges::find(asked_[suite], fetched.path, &model::IndexFacts::path);
            *index = std::move(fetched);
        }
        std::ranges::move(found.findings, std::back_inserter(findings_));
        deep_cost_.requests += found.cost.requests;
        deep_cost_.bytes += found.cost.bytes;
        was_cancelled_ = was_cancelled_ || found.was_cancelled;
    }
}

}  // namespace

asio::awaitable<CheckedMirror> check_mirror(HttpClient& client, MirrorCheck check) {
    const auto executor = co_await asio::this_coro::executor;
    MirrorLook look(check.look, client, check.clock);
    {
        const auto lane = co_await client.open_lane(check.look.base_url, 1);
        co_await look.open(*lane);
    }
    const auto indexes = std::make_shared<Indexes>(executor, client, check, look);
    co_await indexes->ask();
    if (check.deep && look.is_archive()) {
        co_await indexes->look_deeper();
    }
    {
        const auto lane = co_await client.open_lane(check.look.base_url, 1);
        co_await look.close(*lane);
    }
    indexes->judge();
    CheckedMirror checked;
    look.add_findings(indexes->take_findings());
    checked.observation = look.take_observation(indexes->costs());
    checked.observation.is_deep = check.deep.has_value();
    for (const auto& cost : checked.observation.costs) {
        checked.requests += cost.requests;
    }
    checked.was_cancelled = indexes->was_cancelled() || look.was_cancelled();
    co_return checked;
}

}  // namespace prober
