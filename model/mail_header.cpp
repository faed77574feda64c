#include "model/mail_header.hpp"

#include "model/base64.hpp"
#include "model/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace model {
namespace {

constexpr std::string_view word_start = "=?UTF-8?B?";
constexpr std::string_view word_end = "?=";
/// 64 characters as an encoded word: with "Subject: " before it, the line stays
/// below the 76 that RFC 2047 allows a line that holds one.
constexpr std::size_t word_bytes_max = 39;
constexpr std::size_t line_width = 76;

/// `text` is valid UTF-8.
std::string encoded_words(std::string_view text) {
    std::string words;
    while (!text.empty()) {
        std::size_t taken = 0;
        while (taken < text.size()) {
            const std::size_t length = first_character(text.substr(taken)).length;
            if (taken + length > word_bytes_max) {
                break;
            }
            taken += length;
        }
        // The blank between two encoded words is not part of the text.
        words += words.empty() ? "" : " ";
        words += word_start;
        words += to_base64(text.substr(0, taken));
        words += word_end;
        text.remove_prefix(taken);
    }
    return words;
}

bool must_be_encoded(std::string_view text) noexcept {
    const bool is_ascii = std::ranges::all_of(
        text, [](char letter) { return static_cast<unsigned char>(letter) < 0x80; });
    return !is_ascii || text.find("=?") != std::string_view::npos;  // would be decoded
}

/// Letters of an RFC 5322 atom, and the blank between atoms.
bool is_plain(char letter) noexcept {
    const bool is_letter_or_digit = (letter >= 'a' && letter <= 'z') ||
                                    (letter >= 'A' && letter <= 'Z') ||
                                    (letter >= '0' && letter <= '9');
    constexpr std::string_view others = " !#$%&'*+-/=?^_`{|}~";
    return is_letter_or_digit || others.find(letter) != std::string_view::npos;
}

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            result += '\\';
        }
        result += letter;
    }
    return result + '"';
}

}  // namespace

std::string encode_header_text(std::string_view text) {
    const std::string line = one_line(text);
    return must_be_encoded(line) ? encoded_words(line) : line;
}

std::string encode_header_address(const MailAddress& mail_address) {
    const std::string name = one_line(mail_address.name);
    std::string address = one_line(mail_address.address);
    if (name.empty()) {
        return address;
    }
    std::string phrase = name;
    if (must_be_encoded(name)) {
        phrase = encoded_words(name);
    } else if (!std::ranges::all_of(name, is_plain)) {
        phrase = in_quotes(name);
    }
    return phrase + " <" + address + '>';
}

std::string fold_header(std::string_view line) {
    // Not after the name: a first line without any value is legal, but confuses.
    const auto value = std::min(line.find(": "), line.size());
    std::string folded{line.substr(0, value)};
    line.remove_prefix(value);
    std::size_t column = value;
    for (bool is_first = true; !line.empty(); is_first = false) {
        // A word with the blanks before it.
        const auto word = line.find_first_not_of(is_first ? ": " : " ");
        const auto end = std::min(line.find(' ', word), line.size());
        const auto taken = word == std::string_view::npos ? line.size() : end;
        if (!is_first && column + taken > line_width && word != std::string_view::npos) {
            folded += "\r\n";
            column = 0;
        }
        folded += line.substr(0, taken);
        column += taken;
        line.remove_prefix(taken);
    }
    return folded;
}

std::string format_mail_date(Timestamp time) {
    constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
        days.at(std::chrono::weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
        months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
        clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace model
