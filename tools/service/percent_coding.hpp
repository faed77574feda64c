#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace service {

/// What "+" stands for.
enum class Plus { itself, blank };

/// `text` with each "%41" as its byte. Empty where a "%" is not followed by two hexadecimal
/// digits, or the outcome is not valid UTF-8 or holds a control character.
std::optional<std::string> percent_decode(std::string_view text, Plus);

/// Names and values of a query string, or of a form's body
/// (application/x-www-form-urlencoded), in order. A name without "=" has an empty value;
/// empty pieces ("a=1&&b=2") are skipped. Values may hold line ends and tabs, names may not.
/// Empty where anything cannot be decoded, or there are more than `most` pairs.
inline constexpr std::size_t pairs_max = 100;
std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(
    std::string_view text, std::size_t most = pairs_max);

}  // namespace service
