#include "tools/workers/reporter.hpp"

#include "tools/workers/retry_pause.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace workers {
namespace {

// A report that is older says when it was. A younger one does not need to, and the clocks of
// two machines are not the same to the second.
constexpr std::chrono::seconds fresh_for{60};

std::string kept_words(const Report& report, const std::string& why,
                       const std::filesystem::path& file) {
    return fmt::format("could not report {}: {}. It is kept in {}, and sent first next time",
                       report.about, why, file.string());
}

}  // namespace

Reporter::Reporter(ServiceClient& client, std::string service, const SpoolFolder* spool,
                   const Surroundings& surroundings)
    : client_(client), service_(std::move(service)), spool_(spool), surroundings_(surroundings) {}

Arrival Reporter::try_until(Clock::time_point deadline, const std::function<Exchange()>& attempt,
                            SaidBefore& said_before, Exchange& last) {
    for (int failures = 1;; ++failures) {
        last = attempt();
        const auto arrival = judge(last, said_before);
        if (arrival != Arrival::later) {
            return arrival;
        }
        if (last.was_sent) {
            said_before = SaidBefore::perhaps;
        }
        const auto pause = retry_pause(failures, surroundings_.chance(), last.retry_after);
        if (surroundings_.now() + pause > deadline || !surroundings_.pause(pause)) {
            return arrival;
        }
    }
}

bool Reporter::keep() {
    if (spool_ == nullptr) {
        return false;
    }
    std::vector<Report> reports;
    for (const auto& pending : pending_) {
        reports.push_back(pending.report);
    }
    try {
        if (!file_) {
            file_.emplace(spool_->add(service_));
        }
        file_->keep(std::move(reports));
        return true;
    } catch (const std::system_error& error) {
        surroundings_.complain(fmt::format("warning: {}", error.what()));
        return false;
    }
}

Arrival Reporter::try_left(Clock::time_point deadline, Exchange& last) {
    if (spool_ == nullptr || is_left_sent_) {
        return Arrival::arrived;
    }
    auto result = Arrival::arrived;
    const auto send_run = [&](SpoolFile& left) {
        auto reports = left.run().reports;
        while (!reports.empty()) {
            const Report report = reports.front();
            // Whoever left it may have said it, and been killed before the answer.
            auto said_before = SaidBefore::perhaps;
            result = try_until(
                deadline, [&] { return client_.post(report.path, report.late_body); }, said_before,
                last);
            if (result == Arrival::later) {
                return false;
            }
            if (result == Arrival::not_allowed) {
                break;  // another job's, with a token of its own
            }
            reports.erase(reports.begin());
            if (result == Arrival::refused) {
                surroundings_.complain(fmt::format(
                    "warning: an earlier run's report {} was not taken, and is dropped: {}",
                    report.about, words_of(last)));
                if (is_start(report)) {
                    reports.clear();
                }
            } else if (!reports.empty()) {
                reports.front() = with_attempt(reports.front(), attempt_of(last.body));
            }
            left.keep(reports);
        }
        result = Arrival::arrived;
        return true;
    };
    try {
        spool_->for_each_left(service_, send_run, surroundings_.complain);
    } catch (const std::system_error& error) {
        // What cannot be read or written there must not keep this run's own words back.
        surroundings_.complain(fmt::format("warning: {}", error.what()));
        result = Arrival::arrived;
    }
    is_left_sent_ = result == Arrival::arrived;
    return result;
}

Arrival Reporter::send_first(Clock::time_point deadline, Exchange& last) {
    auto& first = pending_.front();
    return try_until(
        deadline,
        [&] {
            const bool is_fresh = surroundings_.now() - first.when < fresh_for;
            return client_.post(first.report.path,
                                is_fresh ? first.report.body : first.report.late_body);
        },
        first.said_before, last);
}

Sending Reporter::send(Report report, std::chrono::milliseconds patience) {
    const auto deadline = surroundings_.now() + patience;
    const Report asked = report;
    pending_.push_back({.report = std::move(report), .when = surroundings_.now()});
    is_kept_ = keep();
    Exchange last;
    auto arrival = try_left(deadline, last);
    while (arrival == Arrival::arrived && !pending_.empty()) {
        arrival = send_first(deadline, last);
        if (arrival == Arrival::later || arrival == Arrival::not_allowed) {
            break;
        }
        const auto done = pending_.front().report;
        pending_.pop_front();
        if (arrival == Arrival::refused && is_start(done)) {
            pending_.clear();
        }
        if (arrival == Arrival::arrived && !pending_.empty()) {
            auto& next = pending_.front().report;
            next = with_attempt(std::move(next), attempt_of(last.body));
        }
        is_kept_ = keep();
        if (arrival == Arrival::refused && !pending_.empty()) {
            surroundings_.complain(fmt::format("warning: the report {} was not taken: {}",
                                               done.about, words_of(last)));
            arrival = Arrival::arrived;
        }
    }
    if (arrival == Arrival::arrived) {
        return {.outcome = Sending::Outcome::arrived, .answer = last.body, .words = {}};
    }
    if (arrival == Arrival::refused) {
        return {.outcome = Sending::Outcome::refused,
                .answer = {},
                .words = fmt::format("the service did not take the report {}: {}", asked.about,
                                     words_of(last))};
    }
    if (is_kept_) {
        return {.outcome = Sending::Outcome::kept,
                .answer = {},
                .words = kept_words(asked, words_of(last), file_->path()),
                .needs_another_token = arrival == Arrival::not_allowed};
    }
    return {.outcome = Sending::Outcome::lost,
            .answer = {},
            .words = fmt::format("could not report {}: {}", asked.about, words_of(last))};
}

void Reporter::forget() {
    pending_.clear();
    is_kept_ = keep();
}

Sending Reporter::send_left(std::chrono::milliseconds patience) {
    Exchange last;
    if (try_left(surroundings_.now() + patience, last) == Arrival::arrived) {
        return {.outcome = Sending::Outcome::arrived, .answer = {}, .words = {}};
    }
    return {.outcome = Sending::Outcome::kept,
            .answer = {},
            .words = fmt::format("could not send what earlier runs left in {}: {}",
                                 spool_->path().string(), words_of(last))};
}

Sending Reporter::ask(const Report& question, std::chrono::milliseconds patience) {
    Exchange last;
    auto said_before = SaidBefore::no;
    const auto arrival = try_until(
        surroundings_.now() + patience, [&] { return client_.post(question.path, question.body); },
        said_before, last);
    if (arrival == Arrival::arrived && last.status != 409) {
        return {.outcome = Sending::Outcome::arrived, .answer = last.body, .words = {}};
    }
    const auto words = fmt::format("could not put {}: {}", question.about, words_of(last));
    return {
        .outcome = arrival == Arrival::refused ? Sending::Outcome::refused : Sending::Outcome::lost,
        .answer = {},
        .words = words};
}

}  // namespace workers
