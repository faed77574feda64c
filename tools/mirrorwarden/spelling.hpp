#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mirrorwarden {

/// "; did you mean \"timeout\"?" for the known word that is nearest to `word`, or
/// nothing where none is near: at most a third of its letters are different.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace mirrorwarden
