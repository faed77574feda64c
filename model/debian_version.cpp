#include "model/debian_version.hpp"

#include <algorithm>
#include <cstddef>

namespace model {
namespace {

constexpr bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

constexpr bool is_letter(char letter) noexcept {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

struct Parts {
    std::string_view epoch;
    std::string_view upstream;
    std::string_view revision;
};

/// A missing epoch or revision is empty, which orders as 0. What stands before a
/// colon and is no number is no epoch: then the colon belongs to the version.
Parts split(std::string_view version) noexcept {
    Parts parts{{}, version, {}};
    const auto colon = version.find(':');
    if (colon != std::string_view::npos &&
        std::all_of(version.begin(), version.begin() + static_cast<std::ptrdiff_t>(colon),
                    is_digit)) {
        parts.epoch = version.substr(0, colon);
        parts.upstream = version.substr(colon + 1);
    }
    const auto dash = parts.upstream.rfind('-');
    if (dash != std::string_view::npos) {
        parts.revision = parts.upstream.substr(dash + 1);
        parts.upstream = parts.upstream.substr(0, dash);
    }
    return parts;
}

/// Takes the digits that `rest` begins with, without leading zeros.
std::string_view take_number(std::string_view& rest) noexcept {
    const auto* const digits_end = std::find_if_not(rest.begin(), rest.end(), is_digit);
    auto number = rest.substr(0, static_cast<std::size_t>(digits_end - rest.begin()));
    rest.remove_prefix(number.size());
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

/// Digits of any length, without leading zeros: the longer is the larger.
std::weak_ordering compare_numbers(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) {
        return left.size() <=> right.size();
    }
    return left <=> right;
}

/// "~" before the end of the text or of its letters, that before letters, and
/// these before everything else.
int rank_at_front(std::string_view rest) noexcept {
    if (rest.empty() || is_digit(rest.front())) {
        return 0;
    }
    if (rest.front() == '~') {
        return -1;
    }
    const int code = static_cast<unsigned char>(rest.front());
    return is_letter(rest.front()) ? code : code + 256;
}

bool starts_with_text(std::string_view rest) noexcept {
    return !rest.empty() && !is_digit(rest.front());
}

/// By turns the longest run without digits, by rank, and the longest with.
std::weak_ordering compare_parts(std::string_view left, std::string_view right) noexcept {
    while (!left.empty() || !right.empty()) {
        while (starts_with_text(left) || starts_with_text(right)) {
            const auto order = rank_at_front(left) <=> rank_at_front(right);
            if (order != 0) {
                return order;
            }
            // Only text has a rank other than 0, so here both have a character left.
            left.remove_prefix(1);
            right.remove_prefix(1);
        }
        const auto order = compare_numbers(take_number(left), take_number(right));
        if (order != 0) {
            return order;
        }
    }
    return std::weak_ordering::equivalent;
}

}  // namespace

std::weak_ordering compare_debian_versions(std::string_view left, std::string_view right) noexcept {
    const auto left_parts = split(left);
    const auto right_parts = split(right);
    if (const auto order = compare_parts(left_parts.epoch, right_parts.epoch); order != 0) {
        return order;
    }
    if (const auto order = compare_parts(left_parts.upstream, right_parts.upstream); order != 0) {
        return order;
    }
    return compare_parts(left_parts.revision, right_parts.revision);
}

}  // namespace model
