#pragma once

#include "tools/workers/service_client.hpp"
#include "tools/workers/spool_folder.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace workers {

/// What a reporter does beside talking; tests have their own.
struct Surroundings {
    std::function<std::chrono::steady_clock::time_point()> now;
    /// Sleeps; says false where somebody wants us to end, and then nothing is tried again.
    std::function<bool(std::chrono::milliseconds)> pause;
    std::function<double()> chance;  // 0 to 1
    std::function<void(std::string_view)> complain;
};

/// What became of a report.
struct Sending {
    enum class Outcome {
        arrived,
        kept,     // in the spool: the next run sends it first
        lost,     // it did not arrive, and could not be kept
        refused,  // the service does not take it, now or ever
    };
    Outcome outcome{};
    std::string answer;                // of the service; empty unless it arrived
    std::string words;                 // why it did not arrive, with what is to be done
    bool needs_another_token = false;  // it is kept, and waiting does not help
};

/// Tells a service what one run did, in its order, and first what earlier runs could not. A
/// report is on the disk before it is said, and leaves it when the service has answered: who is
/// killed between the two loses nothing.
class Reporter {
public:
    /// `spool` null: nothing is kept. All must outlive this.
    Reporter(ServiceClient&, std::string service, const SpoolFolder* spool, const Surroundings&);

    /// Tries until `patience` is over. What earlier runs left for another token to send stays
    /// where it is.
    Sending send(Report, std::chrono::milliseconds patience);

    /// Gives up what this run could not send.
    void forget();

    /// Only what earlier runs left. Arrived: nothing is left, of what could be tried.
    Sending send_left(std::chrono::milliseconds patience);

    /// A question whose answer is of no use later: tried until `patience` is over, never kept.
    Sending ask(const Report&, std::chrono::milliseconds patience);

private:
    using Clock = std::chrono::steady_clock;

    struct Pending {
        Report report;
        Clock::time_point when;
        SaidBefore said_before = SaidBefore::no;
    };

    /// One try after the other, apart by pauses, until it says something that waiting does not
    /// change.
    Arrival try_until(Clock::time_point deadline, const std::function<Exchange()>& attempt,
                      SaidBefore&, Exchange& last);
    Arrival try_left(Clock::time_point deadline, Exchange& last);
    Arrival send_first(Clock::time_point deadline, Exchange& last);
    bool keep();

    ServiceClient& client_;
    const std::string service_;
    const SpoolFolder* spool_;
    const Surroundings& surroundings_;
    std::optional<SpoolFile> file_;
    std::deque<Pending> pending_;
    bool is_left_sent_ = false;
    bool is_kept_ = false;  // the file holds `pending_`
};

}  // namespace workers
