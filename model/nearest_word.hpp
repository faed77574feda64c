#pragma once

#include <span>
#include <string>
#include <string_view>

namespace model {

/// The known word that `text` is most likely a slip of; empty if none is near:
/// a third of its letters, and one at least, may be added, left out, changed or
/// swapped.
std::string_view nearest_word(std::string_view text, std::span<const std::string_view> known);

/// "unknown key "nmae"; did you mean "name"?"; without a near one, all known keys.
std::string unknown_key_text(std::string_view key, std::span<const std::string_view> known);

}  // namespace model
