#pragma once

#include "prober/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace prober {

/// What a distribution's primary archive says of itself while its mirrors seem to fail.
enum class PrimaryAnswer {
    carries,      // one of the indexes is there: the mirrors' failures are their own
    has_none,     // it answers, and has none: the catalogue asks for the wrong things
    unreachable,  // not one answer: the trouble is ours, or everybody's
    // 200 for names that no archive has: what answers is not the archive, but maybe a portal of
    // our own network, which then answers in the mirrors' place, too
    answers_everything,
    not_asked,  // ended before it could be known
};

struct PrimaryQuestion {
    std::string url;
    std::vector<std::string> impossible_names;  // as `LookTask::impossible_names`
    std::vector<std::string> paths;
};

/// Asks the primary archive for the paths, in their order, until the first is there; but first
/// for names that cannot be.
asio::awaitable<PrimaryAnswer> check_primary(HttpClient&, PrimaryQuestion);

}  // namespace prober
