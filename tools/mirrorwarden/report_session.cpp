#include "tools/mirrorwarden/report_session.hpp"

#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/version.hpp"

#include <fmt/format.h>

#include <system_error>
#include <thread>
#include <utility>

namespace mirrorwarden {
namespace {

constexpr std::chrono::seconds connect_timeout{10};
constexpr std::chrono::seconds exchange_timeout{30};

}  // namespace

ReportSession::ReportSession(ReportOptions options, const workers::StopSignals* stop)
    : options_(std::move(options)), chance_(std::random_device{}()) {
    if (!options_.spool.empty()) {
        try {
            spool_.emplace(options_.spool);
        } catch (const std::system_error& error) {
            // A disk that is full must not keep a worker from saying so.
            complain(fmt::format("warning: {}; what does not arrive is lost", error.what()));
        }
    }
    surroundings_ = {.now = [] { return std::chrono::steady_clock::now(); },
                     .pause =
                         [stop](std::chrono::milliseconds time) {
                             if (stop != nullptr) {
                                 return stop->pause(time);
                             }
                             std::this_thread::sleep_for(time);
                             return true;
                         },
                     .chance =
                         [this] {
                             const std::lock_guard lock(chance_mutex_);
                             return std::uniform_real_distribution<double>()(chance_);
                         },
                     .complain = [](std::string_view words) { complain(words); }};
    client_ = make_client();
}

std::unique_ptr<workers::ServiceClient> ReportSession::make_client() const {
    return workers::make_service_client({.url = options_.service,
                                         .token = options_.token,
                                         .ca_bundle = options_.ca_bundle,
                                         .user_agent = fmt::format("mirrorwarden/{}", version),
                                         .connect_timeout = connect_timeout,
                                         .timeout = exchange_timeout});
}

workers::Reporter ReportSession::make_reporter() {
    return {*client_, options_.service, spool(), surroundings_};
}

int tell_sending(const workers::Sending& sending) {
    using Outcome = workers::Sending::Outcome;
    if (sending.outcome == Outcome::arrived) {
        return exit_status::done;
    }
    complain(sending.words);
    if (sending.outcome == Outcome::refused) {
        return exit_status::wrong_input;
    }
    return sending.outcome == Outcome::kept && !sending.needs_another_token
               ? exit_status::done
               : exit_status::could_not_run;
}

}  // namespace mirrorwarden
