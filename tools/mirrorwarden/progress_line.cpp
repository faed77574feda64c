#include "tools/mirrorwarden/progress_line.hpp"

#include "tools/mirrorwarden/environment.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string_view>
#include <sys/ioctl.h>

namespace mirrorwarden {
namespace {

/// "61,200"
std::string grouped(std::uint64_t number) {
    auto digits = fmt::format("{}", number);
    for (auto place = digits.size(); place > 3; place -= 3) {
        digits.insert(place - 3, ",");
    }
    return digits;
}

std::string describe_duration(std::chrono::seconds left) {
    using namespace std::chrono_literals;
    if (left < 90s) {
        return fmt::format("{} s", left.count());
    }
    return fmt::format("{} min", std::chrono::round<std::chrono::minutes>(left).count());
}

std::size_t terminal_width() {
    constexpr std::size_t usual_width = 80;
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                             : usual_width;
}

}  // namespace

std::string describe_progress(const prober::RunCounters& counters,
                              std::chrono::milliseconds elapsed) {
    const auto seconds = std::chrono::duration<double>(elapsed).count();
    const auto rate =
        seconds > 0 ? static_cast<std::uint64_t>(static_cast<double>(counters.requests) / seconds)
                    : 0;
    auto text = fmt::format("{} of {} mirrors, {} requests, {}/s, {} failures",
                            grouped(counters.mirrors_done), grouped(counters.mirrors_total),
                            grouped(counters.requests), grouped(rate), grouped(counters.failures));
    if (counters.targets_done > 0 && counters.targets_done < counters.targets_total) {
        const auto left = static_cast<double>(counters.targets_total - counters.targets_done);
        const auto seconds_left = seconds * left / static_cast<double>(counters.targets_done);
        text += fmt::format(", about {} left",
                            describe_duration(std::chrono::seconds(
                                static_cast<std::chrono::seconds::rep>(seconds_left))));
    }
    return text;
}

ProgressLine::ProgressLine() : is_terminal_{::isatty(STDERR_FILENO) == 1} {}

void ProgressLine::draw(const std::string& text) {
    if (!is_terminal_) {
        return;
    }
    // A line that wraps could not be drawn over.
    const auto shown = std::string_view(text).substr(0, terminal_width() - 1);
    say_beside(fmt::format("\r\x1b[K{}", shown));
    std::fflush(stderr);
    is_drawn_ = true;
}

void ProgressLine::erase() {
    if (is_drawn_) {
        say_beside("\r\x1b[K");
        std::fflush(stderr);
        is_drawn_ = false;
    }
}

}  // namespace mirrorwarden
