#include "model/written_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace model {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 7> days = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                  "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 1> http_zones = {"GMT"};
constexpr int year_min = 1970;
constexpr std::size_t short_day_bytes = 3;

/// Reads from left to right. After the first surprise every step yields nothing, so that callers
/// check once, at the end.
class Words {
public:
    explicit Words(std::string_view text) : rest_{text} {}

    void skip(std::string_view expected) {
        if (!skip_if(expected)) {
            ok_ = false;
        }
    }

    bool skip_if(std::string_view expected) {
        const bool is_here = ok_ && rest_.starts_with(expected);
        rest_.remove_prefix(is_here ? expected.size() : 0);
        return is_here;
    }

    void skip_short_day() { skip_one_of(days, short_day_bytes); }
    void skip_long_day() { skip_one_of(days, std::string_view::npos); }
    chrono::month month() {
        return chrono::month{static_cast<unsigned>(skip_one_of(months, std::string_view::npos)) +
                             1};
    }

    /// Of `digits_min` to `digits_max` digits.
    int number(std::size_t digits_min, std::size_t digits_max) {
        int value = 0;
        std::size_t digits = 0;
        while (digits < digits_max && digits < rest_.size() && rest_[digits] >= '0' &&
               rest_[digits] <= '9') {
            value = value * 10 + (rest_[digits] - '0');
            ++digits;
        }
        ok_ = ok_ && digits >= digits_min;
        rest_.remove_prefix(digits);
        return value;
    }

    chrono::day day(std::size_t digits_min) {
        return chrono::day{static_cast<unsigned>(number(digits_min, 2))};
    }

    /// "08:49:37". A leap second has no place on our time scale, so 60 is refused too.
    chrono::seconds clock(std::size_t hour_digits_min = 2) {
        const int hour = number(hour_digits_min, 2);
        skip(":");
        const int minute = number(2, 2);
        skip(":");
        const int second = number(2, 2);
        ok_ = ok_ && hour < 24 && minute < 60 && second < 60;
        return chrono::hours{hour} + chrono::minutes{minute} + chrono::seconds{second};
    }

    bool is_done() const { return ok_ && rest_.empty(); }

private:
    template <std::size_t Size>
    std::size_t skip_one_of(const std::array<std::string_view, Size>& words, std::size_t bytes) {
        const auto found = std::find_if(words.begin(), words.end(), [this, bytes](auto word) {
            return rest_.starts_with(word.substr(0, bytes));
        });
        ok_ = ok_ && found != words.end();
        rest_.remove_prefix(ok_ ? found->substr(0, bytes).size() : 0);
        return static_cast<std::size_t>(found - words.begin());
    }

    std::string_view rest_;
    bool ok_ = true;
};

std::optional<Timestamp> moment(const Words& words, chrono::year_month_day date,
                                chrono::seconds clock) {
    if (!words.is_done() || !date.ok() || date.year() < chrono::year{year_min}) {
        return std::nullopt;
    }
    return chrono::sys_days{date} + clock;
}

/// "Sun, 06 Nov 1994 08:49:37 ", and then one of the zones, all of which are UTC. Day and hour
/// have `digits_min` digits at least.
std::optional<Timestamp> parse_fixed(std::string_view text, std::size_t digits_min,
                                     std::span<const std::string_view> zones) {
    Words words(text);
    words.skip_short_day();
    words.skip(", ");
    const auto day = words.day(digits_min);
    words.skip(" ");
    const auto month = words.month();
    words.skip(" ");
    const chrono::year year{words.number(4, 4)};
    words.skip(" ");
    const auto clock = words.clock(digits_min);
    words.skip(" ");
    const bool has_zone = std::any_of(zones.begin(), zones.end(),
                                      [&words](auto zone) { return words.skip_if(zone); });
    return has_zone ? moment(words, year / month / day, clock) : std::nullopt;
}

/// Each run of blanks as one.
std::string with_single_blanks(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        const bool is_blank = letter == ' ' || letter == '\t';
        if (!is_blank || !result.ends_with(' ')) {
            result += is_blank ? ' ' : letter;
        }
    }
    return result;
}

/// "Sunday, 06-Nov-94 08:49:37 GMT"
std::optional<Timestamp> parse_rfc850(std::string_view text, Timestamp now) {
    Words words(text);
    words.skip_long_day();
    words.skip(", ");
    const auto day = words.day(2);
    words.skip("-");
    const auto month = words.month();
    words.skip("-");
    const int short_year = words.number(2, 2);
    words.skip(" ");
    const auto clock = words.clock();
    words.skip(" GMT");

    const chrono::year_month_day today{chrono::floor<chrono::days>(now)};
    const int this_year = static_cast<int>(today.year());
    int year = this_year - this_year % 100 + short_year;
    if (year > this_year + 50) {
        year -= 100;
    }
    return moment(words, chrono::year{year} / month / day, clock);
}

/// "Sun Nov  6 08:49:37 1994"
std::optional<Timestamp> parse_asctime(std::string_view text, std::string_view zone) {
    Words words(text);
    words.skip_short_day();
    words.skip(" ");
    const auto month = words.month();
    words.skip(" ");
    const auto day = words.day(words.skip_if(" ") ? 1 : 2);
    words.skip(" ");
    const auto clock = words.clock();
    words.skip(" ");
    words.skip(zone);
    const chrono::year year{words.number(4, 4)};
    return moment(words, year / month / day, clock);
}

}  // namespace

std::optional<Timestamp> parse_release_date(std::string_view text) {
    constexpr std::array<std::string_view, 5> zones = {"UTC", "GMT", "Z", "+0000", "-0000"};
    return parse_fixed(with_single_blanks(text), 1, zones);
}

std::optional<Timestamp> parse_http_date(std::string_view text, Timestamp now) {
    if (const auto fixed = parse_fixed(text, 2, http_zones)) {
        return fixed;
    }
    const auto rfc850 = parse_rfc850(text, now);
    return rfc850 ? rfc850 : parse_asctime(text, "");
}

std::optional<Timestamp> parse_trace_date(std::string_view text) {
    const auto moment = parse_asctime(text, "UTC ");
    return moment ? moment : parse_asctime(text, "GMT ");
}

}  // namespace model
