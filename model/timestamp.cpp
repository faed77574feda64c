#include "model/timestamp.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace model {
namespace {

namespace chrono = std::chrono;

constexpr Timestamp earliest = chrono::sys_days{chrono::year{1970} / 1 / 1};
constexpr Timestamp latest_before =
    chrono::sys_days{chrono::year{9999} / 12 / 31} + chrono::days{1};

/// Reads from left to right. After the first surprise every step yields nothing,
/// so that callers check once, at the end.
class Cursor {
public:
    explicit Cursor(std::string_view text) : rest_{text} {}

    bool skip_if(char expected) {
        const bool here = ok_ && rest_.starts_with(expected);
        rest_.remove_prefix(here ? 1 : 0);
        return here;
    }

    void skip(char expected) {
        if (!skip_if(expected)) {
            ok_ = false;
        }
    }

    /// Exactly so many digits.
    int number(int digits) {
        int value = 0;
        for (int i = 0; i < digits; ++i) {
            value = value * 10 + digit();
        }
        return value;
    }

    /// 1 to 6 digits after the point.
    chrono::microseconds fraction() {
        int value = digit();
        int digits = 1;
        for (; digits < 6 && is_digit_next(); ++digits) {
            value = value * 10 + digit();
        }
        for (; digits < 6; ++digits) {
            value *= 10;
        }
        return chrono::microseconds{value};
    }

    /// True if everything was as expected and nothing is left.
    bool is_done() const { return ok_ && rest_.empty(); }

    bool is_at_end() const { return rest_.empty(); }

private:
    bool is_digit_next() const {
        return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    }

    int digit() {
        if (!ok_ || !is_digit_next()) {
            ok_ = false;
            return 0;
        }
        const int value = rest_.front() - '0';
        rest_.remove_prefix(1);
        return value;
    }

    std::string_view rest_;
    bool ok_ = true;
};

struct Clock {
    int hour = 0;
    int minute = 0;
    int second = 0;

    /// A leap second has no place on our time scale, so 60 is refused too.
    bool is_valid() const { return hour < 24 && minute < 60 && second < 60; }

    chrono::seconds since_midnight() const {
        return chrono::hours{hour} + chrono::minutes{minute} + chrono::seconds{second};
    }
};

/// "Z", "+02:00", or nothing at all. Empty if the hour or minute is impossible.
std::optional<chrono::seconds> offset(Cursor& cursor) {
    if (cursor.is_at_end() || cursor.skip_if('Z')) {
        return chrono::seconds{0};
    }
    const bool is_west = cursor.skip_if('-');
    if (!is_west) {
        cursor.skip('+');
    }
    Clock clock;
    clock.hour = cursor.number(2);
    cursor.skip(':');
    clock.minute = cursor.number(2);
    if (!clock.is_valid()) {
        return std::nullopt;
    }
    return is_west ? -clock.since_midnight() : clock.since_midnight();
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    Cursor cursor(text);
    const auto year = chrono::year{cursor.number(4)};
    cursor.skip('-');
    const auto month = chrono::month{static_cast<unsigned>(cursor.number(2))};
    cursor.skip('-');
    const auto date = year / month / chrono::day{static_cast<unsigned>(cursor.number(2))};
    if (!cursor.skip_if(' ')) {
        cursor.skip('T');
    }
    Clock clock;
    clock.hour = cursor.number(2);
    cursor.skip(':');
    clock.minute = cursor.number(2);
    cursor.skip(':');
    clock.second = cursor.number(2);
    const auto fraction = cursor.skip_if('.') ? cursor.fraction() : chrono::microseconds{0};
    const auto east = offset(cursor);

    if (!cursor.is_done() || !date.ok() || !clock.is_valid() || !east) {
        return std::nullopt;
    }
    const Timestamp moment = chrono::sys_days{date} + clock.since_midnight() + fraction - *east;
    if (moment < earliest || moment >= latest_before) {
        return std::nullopt;
    }
    return moment;
}

std::string format_timestamp(Timestamp moment) {
    const auto day = chrono::floor<chrono::days>(moment);
    const chrono::year_month_day date{day};
    const chrono::hh_mm_ss clock{moment - day};
    auto text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (const auto microseconds = clock.subseconds().count(); microseconds != 0) {
        text += fmt::format(".{:06}", microseconds);
    }
    return text + "Z";
}

}  // namespace model
