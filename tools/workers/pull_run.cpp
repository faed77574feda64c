#include "tools/workers/pull_run.hpp"

#include "model/duration_text.hpp"
#include "model/plain_text.hpp"

#include <fmt/format.h>

#include <exception>
#include <thread>
#include <utility>

namespace workers {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = Sending::Outcome;

class PullRun {
public:
    PullRun(const PullSettings& settings, const Surroundings& surroundings,
            const std::function<bool()>& is_stopped,
            const std::function<void(const std::string&)>& say)
        : settings_(settings), surroundings_(surroundings), is_stopped_(is_stopped), say_(say) {}

    /// One worker, to its end.
    void work(ServiceClient& client) {
        while (!is_over()) {
            Reporter reporter(client, settings_.service, settings_.spool, surroundings_);
            const auto asked = reporter.ask(acquire_branch(settings_.types), settings_.patience);
            if (asked.outcome != Outcome::arrived) {
                end(asked.words);
                return;
            }
            const auto acquired = read_acquired(asked.answer);
            if (acquired.has_error()) {
                end(fmt::format("the service's answer to acquire makes no sense: {}",
                                acquired.error()));
                return;
            }
            if (!acquired->has_value()) {
                return;
            }
            pull(**acquired, reporter);
        }
    }

    void end(const std::string& trouble) {
        const std::lock_guard lock(mutex_);
        if (summary_.trouble.empty()) {
            summary_.trouble = trouble;
        }
    }

    PullSummary summary() {
        const std::lock_guard lock(mutex_);
        return summary_;
    }

private:
    bool is_over() {
        const std::lock_guard lock(mutex_);
        return is_stopped_() || !summary_.trouble.empty();
    }

    void pull(const AcquiredBranch& branch, Reporter& reporter) {
        const auto started = Clock::now();
        CommandVerdict verdict;
        try {
            verdict = pull_branch(branch, settings_.limits);
        } catch (const std::exception& error) {  // a disk that is full concerns this one branch
            verdict = {.is_complete = false, .words = error.what()};
        }
        const auto report = verdict.is_complete
                                ? branch_complete(branch.id, verdict.words, branch.attempt)
                                : branch_failed(branch.id, verdict.words, branch.attempt);
        const auto sent = reporter.send(report, settings_.patience);
        const auto took = std::chrono::floor<std::chrono::seconds>(Clock::now() - started);
        const std::lock_guard lock(mutex_);
        ++(verdict.is_complete ? summary_.complete : summary_.failed);
        say_(fmt::format("branch {} {}: {}{}, {}", model::to_integer(branch.id),
                         model::one_line(branch.name), verdict.is_complete ? "" : "failed: ",
                         model::one_line(verdict.words), model::duration_text(took)));
        if (sent.outcome != Outcome::arrived) {
            ++summary_.unsent;
            surroundings_.complain(sent.words);
        }
    }

    const PullSettings& settings_;
    const Surroundings& surroundings_;
    const std::function<bool()>& is_stopped_;
    const std::function<void(const std::string&)>& say_;
    std::mutex mutex_;
    PullSummary summary_;
};

}  // namespace

PullSummary run_pulls(const PullSettings& settings,
                      const std::function<std::unique_ptr<ServiceClient>()>& make_client,
                      const Surroundings& surroundings, const std::function<bool()>& is_stopped,
                      const std::function<void(const std::string&)>& say) {
    PullRun run(settings, surroundings, is_stopped, say);
    {
        const auto client = make_client();
        Reporter reporter(*client, settings.service, settings.spool, surroundings);
        const auto left = reporter.send_left(settings.patience);
        if (left.outcome != Outcome::arrived) {
            run.end(left.words);
            return run.summary();
        }
    }
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < settings.workers; ++i) {
        threads.emplace_back([&] {
            try {
                run.work(*make_client());
            } catch (const std::exception& error) {
                run.end(error.what());
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    return run.summary();
}

}  // namespace workers
