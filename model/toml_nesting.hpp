#pragma once

#include <optional>
#include <string_view>

namespace model {

/// The line of the first dotted key of more than `parts_max` parts, from 1; empty
/// if there is none.
///
/// toml++ makes a table of each part and frees them by recursion: a key of a
/// hundred thousand parts ends the program. It limits nested brackets itself.
std::optional<int> line_of_deep_key(std::string_view toml, int parts_max) noexcept;

}  // namespace model
