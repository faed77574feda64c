#pragma once

#include "model/vocabulary.hpp"
#include "prober/http_client.hpp"

#include <string>
#include <string_view>

namespace prober {

/// Why something is not there, in the words of the log.
std::string_view reason_missing(const Answer&, model::Content);

/// What a server or libcurl said besides the outcome, cut to what a line bears: " (why)".
/// Empty for a 200.
std::string detail_in_brackets(const Answer&);

}  // namespace prober
