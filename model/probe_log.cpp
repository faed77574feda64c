#include "model/probe_log.hpp"

#include "model/plain_text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <iterator>

namespace model {
namespace {

constexpr std::string_view column_gap = "  ";

enum class Blanks { stay, encoded };

void append_clean(std::string& line, std::string_view text, Blanks blanks) {
    while (!text.empty()) {
        const Character character = first_character(text);
        const bool is_column_gap = text.front() == ' ' && blanks == Blanks::encoded;
        const std::string_view bytes = text.substr(0, character.length);
        if (character.is_valid && !character.is_control && !is_column_gap) {
            line += bytes;
        } else {
            for (const char byte : bytes) {
                fmt::format_to(std::back_inserter(line), "%{:02X}",
                               static_cast<unsigned char>(byte));
            }
        }
        text.remove_prefix(character.length);
    }
}

void append_time(std::string& line, Timestamp when) {
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(when - day)};
    fmt::format_to(std::back_inserter(line), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()), clock.hours().count(),
                   clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

}  // namespace

std::string format_log_line(const LogLine& log_line) {
    std::string line;
    append_time(line, log_line.when);
    line += column_gap;
    line += to_string(log_line.outcome);
    line += column_gap;
    append_clean(line, log_line.url, Blanks::encoded);
    if (!log_line.final_url.empty()) {
        line += " -> ";
        append_clean(line, log_line.final_url, Blanks::encoded);
    }
    if (!log_line.meaning.empty()) {
        line += column_gap;
        append_clean(line, log_line.meaning, Blanks::stay);
    }
    line += '\n';
    return line;
}

std::string format_log_remark(Timestamp when, std::string_view text) {
    std::string line;
    append_time(line, when);
    line += column_gap;
    append_clean(line, text, Blanks::stay);
    line += '\n';
    return line;
}

std::string first_lines(std::string_view text, std::size_t lines) {
    std::size_t end = 0;
    for (; lines > 0 && end < text.size(); --lines) {
        const auto line_break = text.find('\n', end);
        end = line_break == std::string_view::npos ? text.size() : line_break + 1;
    }
    return std::string{text.substr(0, end)};
}

}  // namespace model
