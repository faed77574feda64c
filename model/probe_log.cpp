#include "model/probe_log.hpp"

#include "model/plain_text.hpp"
#include "model/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>

namespace model {
namespace {

constexpr std::string_view column_gap = "  ";

enum class Blanks { stay, encoded };

/// How much of `text` begins as printable ASCII: nearly every line is nothing else,
/// and a run writes millions of them.
std::size_t count_plain(std::string_view text, Blanks blanks) {
    const char lowest = blanks == Blanks::encoded ? '!' : ' ';
    const auto* const end = std::find_if(
        text.begin(), text.end(), [lowest](char byte) { return byte < lowest || byte > '~'; });
    return static_cast<std::size_t>(end - text.begin());
}

void append_clean(std::string& line, std::string_view text, Blanks blanks) {
    for (;;) {
        const std::size_t plain = count_plain(text, blanks);
        line += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) {
            return;
        }
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

/// `unit`: of the first digit, a power of 10.
void append_digits(std::string& line, std::int64_t number, std::int64_t unit) {
    for (; unit > 0; unit /= 10) {
        line += static_cast<char>('0' + number / unit % 10);
    }
}

void append_time(std::string& line, Timestamp when) {
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(when - day)};
    append_digits(line, static_cast<int>(date.year()), 1000);
    line += '-';
    append_digits(line, static_cast<unsigned>(date.month()), 10);
    line += '-';
    append_digits(line, static_cast<unsigned>(date.day()), 10);
    line += 'T';
    append_digits(line, clock.hours().count(), 10);
    line += ':';
    append_digits(line, clock.minutes().count(), 10);
    line += ':';
    append_digits(line, clock.seconds().count(), 10);
    line += '.';
    append_digits(line, clock.subseconds().count(), 100);
    line += 'Z';
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

std::string format_log_finding(Timestamp when, const Finding& finding) {
    std::string text = format_log_remark(when, describe(finding));
    if (!finding.curl.empty()) {
        text += format_log_remark(when, "  see it: " + finding.curl);
    }
    if (!finding.remedy.empty()) {
        text += format_log_remark(when, "  mend it: " + finding.remedy);
    }
    return text;
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
