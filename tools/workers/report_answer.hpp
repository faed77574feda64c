#pragma once

#include "model/branch.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace workers {

/// What came back of one try to tell something.
struct Exchange {
    int status = 0;      // of HTTP; 0: no whole answer came
    std::string body;    // of the answer
    std::string detail;  // why none came; may be empty
    std::optional<std::chrono::seconds> retry_after = std::nullopt;
    bool was_sent = true;  // the service may have heard it, answer or not
};

enum class Arrival {
    arrived,
    later,        // the service is away, or asks for time: try again
    not_allowed,  // the token is not good for it: an admin must act, then it may be sent again
    refused,      // this report is not taken, now or ever
};

/// What an exchange means. A 409 to what an earlier try may have said already is no refusal:
/// `said_before` tells that.
enum class SaidBefore { no, perhaps };
Arrival judge(const Exchange&, SaidBefore) noexcept;

/// Why it is not `arrived`, for people: a problem document's own words, or what came instead.
std::string words_of(const Exchange&);

/// The attempt that the answer to a start names; empty: none.
std::string attempt_of(std::string_view body);

/// A branch that we have promised to mirror.
struct AcquiredBranch {
    model::BranchId id{};
    std::string name;
    std::string url;
    std::string attempt;

    friend bool operator==(const AcquiredBranch&, const AcquiredBranch&) = default;
};

/// The answer to `acquire_branch`: empty inside where nothing is due. The error says what is
/// wrong with an answer that is none.
boost::system::result<std::optional<AcquiredBranch>, std::string> read_acquired(
    std::string_view body);

}  // namespace workers
