#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace prober::testing {

/// A variable of the environment for as long as this lives; then it is as it was.
class EnvironmentVariable {
public:
    EnvironmentVariable(const char* name, const std::string& value) : name_{name} {
        if (const char* before = std::getenv(name); before != nullptr) {
            before_ = before;
        }
        ::setenv(name, value.c_str(), 1);
    }
    ~EnvironmentVariable() {
        if (before_) {
            ::setenv(name_, before_->c_str(), 1);
        } else {
            ::unsetenv(name_);
        }
    }
    EnvironmentVariable(const EnvironmentVariable&) = delete;
    EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

private:
    const char* name_;
    std::optional<std::string> before_;  // empty: it was not set
};

}  // namespace prober::testing
