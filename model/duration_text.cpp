#include "model/duration_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <span>

namespace model {
namespace {

struct Unit {
    std::int64_t seconds;
    char letter;
    std::string_view name;
};

constexpr std::array read_units = {Unit{604'800, 'w', ""}, Unit{86'400, 'd', "d"},
                                   Unit{3600, 'h', "h"}, Unit{60, 'm', "min"}};
constexpr std::int64_t seconds_max = 10LL * 366 * 86'400;
/// From here on the smaller unit says nothing to anybody: "21 d", not "21 d 4 h".
constexpr std::int64_t days_with_hours_max = 10;

}  // namespace

std::string duration_text(std::chrono::seconds duration) {
    std::int64_t seconds = duration.count();
    if (seconds < 0) {
        return "-" + duration_text(std::chrono::seconds{-seconds});
    }
    if (seconds < 60) {
        return fmt::format("{} s", seconds);
    }
    if (seconds < 3600) {
        return fmt::format("{} min", seconds / 60);
    }
    const bool is_days = seconds >= 86'400;
    const std::int64_t large = is_days ? 86'400 : 3600;
    const std::int64_t count = seconds / large;
    const std::int64_t rest = seconds % large / (is_days ? 3600 : 60);
    const bool says_rest = rest > 0 && !(is_days && count >= days_with_hours_max);
    std::string text = fmt::format("{} {}", count, is_days ? "d" : "h");
    return says_rest ? text + fmt::format(" {} {}", rest, is_days ? "h" : "min") : text;
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    std::int64_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc{} || rest + 1 != end || text.front() == '-') {
        return std::nullopt;
    }
    const auto* const unit = std::ranges::find(read_units, *rest, &Unit::letter);
    if (unit == read_units.end() || count > seconds_max / unit->seconds) {
        return std::nullopt;
    }
    return std::chrono::seconds{count * unit->seconds};
}

std::string format_duration(std::chrono::seconds duration) {
    for (const auto& unit : std::span{read_units}.subspan(1)) {  // no weeks: 7d is plainer
        if (duration.count() % unit.seconds == 0) {
            return fmt::format("{}{}", duration.count() / unit.seconds, unit.letter);
        }
    }
    return fmt::format("{}m", duration.count() / 60);
}

}  // namespace model
