#include "model/retry_after.hpp"

#include "model/written_date.hpp"

#include <algorithm>
#include <charconv>
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
    const auto date = parse_http_date(text, now);
    if (!date) {
        return std::nullopt;
    }
    const auto wait = std::chrono::ceil<seconds>(*date - now);
    return std::clamp(wait, seconds(0), longest);
}

}  // namespace model
