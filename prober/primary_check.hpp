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
    not_asked,    // ended before it could be known
};

/// Asks the primary archive for `paths`, in their order, until the first is there.
asio::awaitable<PrimaryAnswer> check_primary(HttpClient&, std::string primary_url,
                                             std::vector<std::string> paths);

}  // namespace prober
