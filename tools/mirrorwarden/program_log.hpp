#pragma once

#include <string_view>

namespace mirrorwarden {

// What a run says of itself on standard error: "INFO    TEXT", "WARNING TEXT". Any thread
// may.

void log_info(std::string_view text);
void log_warning(std::string_view text);

}  // namespace mirrorwarden
