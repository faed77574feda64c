#pragma once

#include "prober/run.hpp"

#include <chrono>
#include <string>

namespace mirrorwarden {

/// "120 of 450 mirrors, 61,200 requests, 3,400/s, 12 failures, about 40 s left".
/// `elapsed` since the run began.
std::string describe_progress(const prober::RunCounters&, std::chrono::milliseconds elapsed);

/// One line at the bottom of standard error that is drawn over. Does nothing where
/// that is no terminal. Gone with this object.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine() { erase(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    bool is_shown() const noexcept { return is_terminal_; }
    void draw(const std::string& text);
    void erase();

private:
    bool is_terminal_;
    bool is_drawn_ = false;
};

}  // namespace mirrorwarden
