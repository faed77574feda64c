#pragma once

#include "model/observation.hpp"

#include <optional>
#include <string_view>

namespace model {

/// Reads a file of `project/trace/`, where mirrors' tools say what they did: the time of the sync
/// in the first line as `date -u` prints it, then "Key: value" lines. `name` is the file's.
/// Empty if it is no such file, a web page say. Values that are no plain text, or longer than 200
/// bytes, are left out. Source: Debian's ftpsync.
std::optional<TraceState> parse_trace(std::string_view name, std::string_view text);

}  // namespace model
