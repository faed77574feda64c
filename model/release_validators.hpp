#pragma once

#include "model/observation.hpp"
#include "model/timestamp.hpp"

#include <optional>
#include <string>

namespace model {

/// What came with a Release, each as the server wrote it; may be empty.
struct ReceivedValidators {
    std::string url;
    std::string etag;
    std::string last_modified;
    std::string date;  // of the answer
};

/// Those that can be trusted to change when the file does, received `now`; empty: none. A file
/// that changed within two seconds of the answer may have changed once more within them.
/// Source: RFC 9110, section 8.8.
std::optional<ReleaseValidators> strong_validators(ReceivedValidators, Timestamp now);

}  // namespace model
