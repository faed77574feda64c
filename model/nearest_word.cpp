#include "model/nearest_word.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace model {
namespace {

/// No key of ours is so long, and comparing costs the product of the lengths.
constexpr std::size_t text_bytes_max = 40;

/// How many letters were added, left out, changed, or swapped with the next.
std::size_t distance(std::string_view left, std::string_view right) {
    // steps[i][j]: from the first i letters to the first j.
    std::vector<std::vector<std::size_t>> steps(left.size() + 1,
                                                std::vector<std::size_t>(right.size() + 1));
    for (std::size_t i = 0; i <= left.size(); ++i) {
        for (std::size_t j = 0; j <= right.size(); ++j) {
            if (i == 0 || j == 0) {
                steps[i][j] = i + j;
                continue;
            }
            const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
            steps[i][j] =
                std::min({steps[i - 1][j] + 1, steps[i][j - 1] + 1, steps[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
                steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
            }
        }
    }
    return steps[left.size()][right.size()];
}

}  // namespace

std::string_view nearest_word(std::string_view text, std::span<const std::string_view> known) {
    if (text.size() > text_bytes_max) {
        return {};
    }
    std::string_view nearest;
    auto best = std::max<std::size_t>(text.size() / 3, 1) + 1;
    for (const auto word : known) {
        if (const auto steps = distance(text, word); steps < best) {
            best = steps;
            nearest = word;
        }
    }
    return nearest;
}

std::string unknown_key_text(std::string_view key, std::span<const std::string_view> known) {
    const auto nearest = nearest_word(key, known);
    if (nearest.empty()) {
        return fmt::format("unknown key {}; the keys here are {}", in_quotes(key),
                           fmt::join(known, ", "));
    }
    return fmt::format("unknown key {}; did you mean \"{}\"?", in_quotes(key), nearest);
}

}  // namespace model
