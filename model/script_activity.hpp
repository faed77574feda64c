#pragma once

#include "model/timestamp.hpp"

#include <string>

namespace model {

/// A job that ran, and was successful. One that failed, was refused a lock, or was switched off
/// leaves none.
struct ScriptActivity {
    std::string name;  // of the job: "probe", "ftpsync"
    std::string host;  // where it ran
    Timestamp started;
    Timestamp completed;

    friend bool operator==(const ScriptActivity&, const ScriptActivity&) = default;
};

}  // namespace model
