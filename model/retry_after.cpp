#include "model/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace model {
namespace {

using std::chrono::seconds;

constexpr seconds longest = std::chrono::hours(24 * 365);

/// All of the text is the number.
std::optional<int> parse_number(std::string_view text) noexcept {
    int number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, number);
    return ec == std::errc{} && stop == end && number >= 0 ? std::optional(number) : std::nullopt;
}

std::optional<unsigned> parse_month(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto* const found = std::find(months.begin(), months.end(), text);
    return found == months.end() ? std::nullopt
                                 : std::optional(static_cast<unsigned>(found - months.begin()) + 1);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<Timestamp> parse_http_date(std::string_view text) {
    constexpr std::string_view shape = "www, dd mmm yyyy hh:mm:ss GMT";
    constexpr std::string_view fixed = ", :GMT";
    if (text.size() != shape.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (fixed.find(shape[i]) != std::string_view::npos && text[i] != shape[i]) {
            return std::nullopt;
        }
    }
    const auto day = parse_number(text.substr(5, 2));
    const auto month = parse_month(text.substr(8, 3));
    const auto year = parse_number(text.substr(12, 4));
    const auto hour = parse_number(text.substr(17, 2));
    const auto minute = parse_number(text.substr(20, 2));
    const auto second = parse_number(text.substr(23, 2));
    if (!day || !month || !year || !hour || !minute || !second) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    constexpr int second_max = 60;  // a leap second
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > second_max) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           seconds(*second);
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view text, Timestamp now) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    if (text.empty()) {
        return std::nullopt;
    }
    if (text.find_first_not_of("0123456789") == std::string_view::npos) {
        const auto number = parse_number(text);
        return number ? std::min(seconds(*number), longest) : longest;  // too large to count
    }
    const auto date = parse_http_date(text);
    if (!date) {
        return std::nullopt;
    }
    const auto wait = std::chrono::ceil<seconds>(*date - now);
    return std::clamp(wait, seconds(0), longest);
}

}  // namespace model
