#include "prober/mirror_check.hpp"
#include "tools/mirrorwarden/check_question.hpp"
#include "tools/mirrorwarden/check_report.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/impossible_names.hpp"
#include "tools/mirrorwarden/probe_client.hpp"
#include "tools/mirrorwarden/release_verifier.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include <exception>
#include <future>
#include <memory>
#include <random>
#include <utility>

namespace mirrorwarden {
namespace {

namespace asio = boost::asio;

/// More indexes than any suite has; those of a hostile Release beyond are not asked for.
constexpr std::size_t indexes_max = 5'000;

/// What a deep look fetches of one suite.
constexpr prober::DeepLimits deep_limits{.small_bytes_max = 1U << 20U,
                                         .large_bytes_max = 64U << 20U,
                                         .inflated_bytes_max = 1U << 30U,
                                         .indexes_max = indexes_max,
                                         .indexes_bytes_max = 256U << 20U,
                                         .pool_files_max = 8,
                                         .pool_bytes_max = 2U << 20U};

/// Release files that nobody uses any more are of no interest here.
constexpr std::size_t unused_max = 0;

class CheckSession {
public:
    CheckSession(CheckQuestion question, const CheckOptions& options)
        : question_{std::move(question)},
          options_{options},
          client_{make_probe_client(context_.get_executor(), options.client)},
          library_{std::make_shared<prober::ReleaseLibrary>(
              prober::ReleaseLibrary::Options{.verify = verifier_.function(question_.plan.keyring),
                                              .wants = {},
                                              .unused_max = unused_max})} {}

    CheckReport run() {
        auto report = asio::co_spawn(context_, look(), asio::use_future);
        context_.run();
        return report.get();
    }

private:
    asio::awaitable<CheckReport> look();
    asio::awaitable<CheckReport> greet_rsync();
    asio::awaitable<void> ask_primary(CheckReport&);

    CheckQuestion question_;
    const CheckOptions& options_;
    asio::io_context context_{1};
    std::unique_ptr<prober::HttpClient> client_;
    ReleaseVerifier verifier_;
    std::shared_ptr<prober::ReleaseLibrary> library_;
};

/// The daemon is all that was asked about, so its faults are worth more than beside a mirror.
asio::awaitable<CheckReport> CheckSession::greet_rsync() {
    CheckReport report;
    report.url = question_.rsync_url;
    const auto lane = co_await client_->open_lane(question_.rsync_url, 1);
    const auto facts = co_await lane->greet_rsync(question_.rsync_url);
    report.observation.rsync = model::rsync_state(facts);
    report.observation.costs.push_back(
        {.kind = "rsync", .requests = facts.connections, .bytes = facts.bytes});
    if (auto finding = model::judge_rsync(facts)) {
        finding->severity = model::Severity::bad;
        report.observation.findings.push_back(std::move(*finding));
    }
    if (facts.outcome.kind == model::OutcomeKind::skipped) {
        report.remarks.emplace_back("An rsync daemon cannot be asked through a proxy.");
    }
    report.checked = now();
    report.verdict = judge_check(report.observation);
    co_return report;
}

asio::awaitable<CheckReport> CheckSession::look() {
    if (!question_.rsync_url.empty()) {
        co_return co_await greet_rsync();
    }
    CheckReport report;
    report.url = question_.base_url;
    if (!question_.primary_url.empty()) {
        co_await ask_primary(report);
    }
    prober::MirrorCheck check;
    check.look.base_url = question_.base_url;
    check.look.plan = std::make_shared<const prober::LookPlan>(question_.plan);
    check.look.library = library_;
    check.look.impossible_names = impossible_names();
    check.wish = question_.wish;
    check.lanes_max = options_.client.requests_per_host_max;
    check.indexes_max = indexes_max;
    if (options_.deep) {
        check.deep = deep_limits;
        check.chance = std::random_device{}();
    }
    check.clock = now;
    auto checked = co_await prober::check_mirror(*client_, std::move(check));
    report.observation = std::move(checked.observation);
    report.checked = now();
    report.verdict = judge_check(report.observation);
    if (!verifier_.trouble().empty()) {
        report.remarks.push_back("Signatures could not be checked: " + verifier_.trouble() + ".");
    }
    co_return report;
}

/// What it publishes now is all of its history that there is.
asio::awaitable<void> CheckSession::ask_primary(CheckReport& report) {
    const auto lane =
        co_await client_->open_lane(question_.primary_url, question_.plan.suites.size());
    for (auto& suite : question_.plan.suites) {
        auto url = question_.primary_url + "dists/" + suite.suite + "/";
        const auto fetched = co_await prober::ask_for_release(*lane, *library_, url);
        url += name_of(fetched.file);
        if (!fetched.release || !fetched.release->release) {
            report.remarks.push_back(fmt::format(
                "How far {} is behind cannot be told: the primary archive answered {} to {}.",
                suite.suite, to_string(fetched.answer.outcome), url));
            continue;
        }
        const auto& read = *fetched.release;
        if (read.signature && read.signature->kind != model::SignatureKind::good) {
            report.remarks.push_back(fmt::format(
                "How far {} is behind cannot be told: the primary archive's {} is not signed by "
                "a key of {}.",
                suite.suite, url, question_.plan.keyring));
            continue;
        }
        suite.names = {.origin = read.release->origin,
                       .codename = read.release->codename,
                       .suite = read.release->suite};
        suite.known.push_back({.suite = suite.suite,
                               .sha256 = read.sha256,
                               .text_sha256 = read.text_sha256.value(),
                               .date = read.release->date,
                               .valid_until = read.release->valid_until,
                               .first_seen = now(),
                               .entries = read.release->entries});
    }
}

int exit_status_of(model::Severity severity) {
    return static_cast<int>(severity);
}

}  // namespace

int run_check(Environment& environment, const CheckOptions& options) {
    try {
        auto question = make_check_question(environment, options);
        const auto report = CheckSession(std::move(question), options).run();
        print(options.json ? check_json(report) : check_text(report, environment.screen()));
        return exit_status_of(report.verdict);
    } catch (const InputError&) {
        throw;
    } catch (const std::exception& error) {
        // Status 1 is "warning" here: what could not run is "could not tell".
        complain(error.what());
        return exit_status_of(model::Severity::unknown);
    }
}

}  // namespace mirrorwarden
