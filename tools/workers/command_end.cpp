#include "tools/workers/command_end.hpp"

#include "model/duration_text.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace workers {
namespace {

using How = ProcessEnd::How;

constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t revision_bytes_max = 500;  // more the service does not take
constexpr int status_timed_out = 124;
constexpr int status_cannot_run = 126;
constexpr int status_not_found = 127;
constexpr int status_of_signal = 128;

std::string signal_name(int number) {
    const char* const name = ::sigabbrev_np(number);
    return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

std::string with_last_line(std::string words, std::string_view errors) {
    const auto line = last_line(errors);
    return line.empty() ? words : fmt::format("{}: {}", words, line);
}

}  // namespace

std::string_view last_line(std::string_view text) noexcept {
    const auto end = text.find_last_not_of(blanks);
    if (end == std::string_view::npos) {
        return {};
    }
    text = text.substr(0, end + 1);
    const auto before = text.find_last_of("\r\n");
    text = before == std::string_view::npos ? text : text.substr(before + 1);
    return text.substr(text.find_first_not_of(blanks));
}

CommandVerdict judge_command(const ProcessEnd& end, std::string_view program,
                             std::chrono::seconds timeout) {
    switch (end.how) {
    case How::not_started:
        return {false, fmt::format("could not run {}: {}", model::in_quotes(program),
                                   std::generic_category().message(end.number))};
    case How::timed_out:
        return {false,
                with_last_line(fmt::format("timed out after {}", model::duration_text(timeout)),
                               end.errors)};
    case How::stopped: return {false, with_last_line("interrupted", end.errors)};
    case How::killed:
        return {false,
                with_last_line(fmt::format("killed by {}", signal_name(end.number)), end.errors)};
    case How::exited: break;
    }
    if (end.number != 0) {
        const auto line = last_line(end.errors);
        return {false,
                line.empty() ? fmt::format("ended with status {}", end.number) : std::string(line)};
    }
    const auto revision = last_line(end.output);
    if (revision.empty()) {
        return {false, "ended well, but printed no revision"};
    }
    if (revision.size() > revision_bytes_max ||
        !model::is_plain_text(revision, model::Lines::one)) {
        return {false, fmt::format("ended well, but its last line is no revision: {}",
                                   model::in_quotes(revision))};
    }
    return {true, std::string(revision)};
}

int exit_status_of(const ProcessEnd& end, const CommandVerdict& verdict) noexcept {
    switch (end.how) {
    case How::not_started: return end.number == ENOENT ? status_not_found : status_cannot_run;
    case How::timed_out: return status_timed_out;
    case How::stopped: return status_of_signal + SIGTERM;
    case How::killed: return status_of_signal + end.number;
    case How::exited: break;
    }
    return end.number == 0 && !verdict.is_complete ? 1 : end.number;
}

}  // namespace workers
