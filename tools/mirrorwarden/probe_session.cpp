#include "tools/mirrorwarden/probe_session.hpp"

#include "model/archive_index.hpp"
#include "tools/mirrorwarden/impossible_names.hpp"
#include "tools/mirrorwarden/look_plans.hpp"
#include "tools/mirrorwarden/primary_signature.hpp"
#include "tools/mirrorwarden/progress_line.hpp"
#include "tools/mirrorwarden/result_writer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <iterator>
#include <optional>
#include <utility>

namespace mirrorwarden {
namespace {

constexpr std::chrono::milliseconds drawing_interval{200};

/// Paths that show whether a primary archive is there. Those of the newest series come
/// first; an archive that has none of so many has the wrong ones. Where CD images are
/// probed it may be a place of images alone, or an archive without any.
constexpr std::size_t primary_paths_max = 200;
constexpr std::size_t primary_images_max = 50;

/// A file of each of the first image sets, by distribution; none of who has indexes.
std::map<std::string, std::vector<std::string>> images_of(
    const std::vector<prober::MirrorTask>& tasks) {
    std::map<std::string, std::vector<std::string>> images;
    for (const auto& task : tasks) {
        const auto [found, is_new] = images.try_emplace(task.plan->distribution().name);
        for (const auto& set : task.plan->image_sets()) {
            if (is_new && found->second.size() < primary_images_max) {
                found->second.emplace_back(task.plan->path(set.first));
            }
        }
    }
    return images;
}

std::vector<std::string> primary_paths(model::Store& store, const model::Distribution& distribution,
                                       const std::vector<std::string>& images) {
    const auto newest = newest_snapshots(store, distribution);
    auto paths = images;
    for (const auto& bucket :
         model::expected_buckets(distribution, {}, model::Expectation::usual)) {
        if (paths.size() == primary_paths_max) {
            break;
        }
        paths.push_back(model::published_index_path(bucket, newest));
    }
    return paths;
}

class ProbeSession {
public:
    ProbeSession(model::Store& store, ProbeWork work, SessionOptions options,
                 const MakeClient& make_client)
        : store_{store},
          work_{std::move(work)},
          images_{images_of(work_.tasks)},
          options_{std::move(options)},
          make_client_{make_client},
          signals_{context_, SIGINT, SIGTERM, SIGHUP},
          drawing_{context_},
          writer_{context_.get_executor(), worker_, store_,
                  [this](model::ProbeId probe, model::ProbeResult result) {
                      keep(probe, std::move(result));
                  },
                  options_.counted} {}

    ProbeReport run();

private:
    asio::awaitable<void> probe_and_decide();
    asio::awaitable<void> probe();
    asio::awaitable<void> decide();
    asio::awaitable<void> ask_primaries(std::vector<Doubt>&);
    asio::awaitable<void> doubt_keyring(const model::Distribution&, std::vector<Doubt>&);
    asio::awaitable<void> apply(std::vector<Doubt> doubts);
    asio::awaitable<void> draw_progress();
    asio::awaitable<void> heed_signals();
    std::optional<model::Timestamp> maintenance_until(const model::ProbeResult& result) const;
    void keep(model::ProbeId probe, model::ProbeResult result);
    void leave_undecided(const std::string& distribution);
    void end();

    model::Store& store_;
    ProbeWork work_;
    std::map<std::string, std::vector<std::string>> images_;  // that are asked for
    SessionOptions options_;
    const MakeClient& make_client_;
    asio::io_context context_{1};
    asio::signal_set signals_;
    asio::steady_timer drawing_;
    Worker worker_;
    ResultWriter writer_;
    std::map<model::MirrorId, const model::StoredMirror*> mirrors_;
    prober::RunCounters counters_;
    std::unique_ptr<prober::HttpClient> client_;  // who is asking now; null: nobody
    std::vector<ProbedMirror> undecided_mirrors_;
    ProbeReport report_;
    bool is_over_ = false;
    std::exception_ptr failure_;
};

ProbeReport ProbeSession::run() {
    for (const auto& mirror : work_.mirrors) {
        mirrors_.emplace(mirror.state.id, &mirror);
    }
    report_.started = options_.decisions.when;
    const auto note_failure = [this](std::exception_ptr error) {
        if (error && !failure_) {
            failure_ = error;
        }
    };
    // First, so that they are there to be ended.
    asio::co_spawn(context_, heed_signals(), note_failure);
    asio::co_spawn(context_, draw_progress(), note_failure);
    asio::co_spawn(context_, probe_and_decide(), [this, note_failure](std::exception_ptr error) {
        note_failure(error);
        end();
    });
    context_.run();
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    std::sort(report_.mirrors.begin(), report_.mirrors.end(),
              [](const ProbedMirror& a, const ProbedMirror& b) {
                  return a.mirror.mirror.name < b.mirror.mirror.name;
              });
    report_.finished = options_.clock();
    return std::move(report_);
}

asio::awaitable<void> ProbeSession::probe_and_decide() {
    co_await probe();
    co_await decide();
}

asio::awaitable<void> ProbeSession::probe() {
    prober::RunOptions options;
    options.lanes_per_host_max = options_.requests_per_host_max;
    options.spool_folder = options_.spool_folder;
    options.preamble = options_.preamble;
    options.clock = options_.clock;
    const prober::ResultSink sink = [this](model::ProbeResult result) {
        const auto until = maintenance_until(result);
        result.observation.in_maintenance = until && *until > result.record.finished;
        return writer_.write(std::move(result));
    };
    client_ = make_client_(context_.get_executor());
    report_.unfinished = co_await prober::run_probes(*client_, std::move(work_.tasks),
                                                     std::move(options), sink, counters_);
    client_.reset();
    co_await writer_.finish();
}

/// By an admin's word or the owner's; an empty one is less than any.
std::optional<model::Timestamp> ProbeSession::maintenance_until(
    const model::ProbeResult& result) const {
    return std::max(mirrors_.at(result.mirror)->state.maintenance_until, result.maintenance_until);
}

void ProbeSession::keep(model::ProbeId probe, model::ProbeResult result) {
    auto mirror = *mirrors_.at(result.mirror);
    mirror.state.maintenance_until = maintenance_until(result);
    report_.mirrors.push_back(
        sum_up(work_.distributions, std::move(mirror), probe, std::move(result)));
}

asio::awaitable<void> ProbeSession::decide() {
    auto propose = [this] { propose_changes(store_, work_.distributions, report_.mirrors); };
    co_await worker_.run(std::move(propose));
    auto doubts = doubt_numbers(report_.mirrors);
    co_await ask_primaries(doubts);
    co_await apply(std::move(doubts));
}

asio::awaitable<void> ProbeSession::ask_primaries(std::vector<Doubt>& doubts) {
    const auto names = primaries_to_ask(work_.distributions, report_.mirrors, doubts);
    if (names.empty()) {
        co_return;
    }
    client_ = make_client_(context_.get_executor());
    for (const auto& name : names) {
        const auto& distribution = work_.distributions.at(name);
        std::vector<std::string> paths;
        auto find_paths = [this, &distribution, &paths] {
            paths = primary_paths(store_, distribution, images_[distribution.name]);
        };
        co_await worker_.run(std::move(find_paths));
        if (paths.empty()) {
            continue;
        }
        prober::PrimaryQuestion question{.url = distribution.primary_url,
                                         .impossible_names = impossible_names(),
                                         .paths = std::move(paths)};
        const auto answer = co_await prober::check_primary(*client_, std::move(question));
        if (answer == prober::PrimaryAnswer::not_asked) {
            leave_undecided(name);
        }
        if (answer == prober::PrimaryAnswer::carries) {
            co_await doubt_keyring(distribution, doubts);
        }
        std::ranges::move(doubt_primary(distribution, answer), std::back_inserter(doubts));
    }
    client_.reset();
}

/// A keyring by which the primary archive is badly signed as well says nothing of its mirrors.
asio::awaitable<void> ProbeSession::doubt_keyring(const model::Distribution& distribution,
                                                  std::vector<Doubt>& doubts) {
    const auto policy = model::policy_of(distribution);
    const bool counts = std::ranges::any_of(policy.disable_when, [](const auto& reason) {
        return reason.kind == model::DisableReason::Kind::bad_signature;
    });
    const auto verifier = work_.verifiers.find(distribution.name);
    if (!counts || distribution.keyring.empty() || verifier == work_.verifiers.end()) {
        co_return;
    }
    auto verify = verifier->second.function(distribution.keyring);
    const auto signature =
        co_await check_primary_signature(*client_, distribution, std::move(verify));
    if (!signature.was_asked) {
        leave_undecided(distribution.name);
    } else if (!signature.fault.empty()) {
        doubts.push_back({distribution.name,
                          fmt::format("by the keyring {} its primary archive is badly signed, "
                                      "too: {}",
                                      distribution.keyring, signature.fault)});
    }
}

/// Nothing of it is decided, so its mirrors are due again at once.
void ProbeSession::leave_undecided(const std::string& distribution) {
    report_.undecided.push_back(distribution);
    const auto first = std::stable_partition(
        report_.mirrors.begin(), report_.mirrors.end(), [&](const ProbedMirror& probed) {
            return probed.mirror.mirror.distribution != distribution;
        });
    for (auto probed = first; probed != report_.mirrors.end(); ++probed) {
        probed->change = model::Change::none;
    }
    std::move(first, report_.mirrors.end(), std::back_inserter(undecided_mirrors_));
    report_.mirrors.erase(first, report_.mirrors.end());
}

asio::awaitable<void> ProbeSession::apply(std::vector<Doubt> doubts) {
    auto decide_and_apply = [this, &doubts] {
        keep_last_mirrors(store_, work_.distributions, report_.mirrors, doubts);
        auto decisions = decide_mirrors(store_, work_.distributions, report_.mirrors, doubts,
                                        options_.decisions);
        const auto made =
            store_.apply(decisions, {.who = "prober", .when = options_.clock(), .why = {}});
        for (std::size_t i = 0; i < decisions.size(); ++i) {
            auto& probed = report_.mirrors[i];
            probed.change = made[i] ? decisions[i].change : model::Change::none;
            probed.record.suspect = decisions[i].suspect;
            probed.record.decided = true;
        }
    };
    co_await worker_.run(std::move(decide_and_apply));
    std::ranges::move(undecided_mirrors_, std::back_inserter(report_.mirrors));
    report_.doubts = std::move(doubts);
}

asio::awaitable<void> ProbeSession::draw_progress() {
    ProgressLine line;
    const auto begin = std::chrono::steady_clock::now();
    boost::system::error_code over;
    while (line.is_shown() && !is_over_) {
        drawing_.expires_after(drawing_interval);
        co_await drawing_.async_wait(asio::redirect_error(asio::use_awaitable, over));
        if (!is_over_) {
            line.draw(describe_progress(counters_, std::chrono::floor<std::chrono::milliseconds>(
                                                       std::chrono::steady_clock::now() - begin)));
        }
    }
}

asio::awaitable<void> ProbeSession::heed_signals() {
    boost::system::error_code over;
    while (!is_over_) {
        co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, over));
        if (over) {
            break;
        }
        report_.is_interrupted = true;
        if (client_) {
            client_->cancel();
        }
    }
}

/// A wait that was over already cannot be cancelled: it looks at `is_over_`.
void ProbeSession::end() {
    is_over_ = true;
    signals_.cancel();
    drawing_.cancel();
}

}  // namespace

ProbeReport probe_and_decide(model::Store& store, ProbeWork work, SessionOptions options,
                             const MakeClient& make_client) {
    return ProbeSession(store, std::move(work), std::move(options), make_client).run();
}

}  // namespace mirrorwarden
