#pragma once

#include "tools/mirrorwarden/command_tree.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace mirrorwarden {

/// What `--help` prints of a command, in lines of at most 80 columns where words allow.
std::string help_text(const CommandTree&, const CLI::App& command);

/// The words of `text` in lines of at most `width` columns, each begun by `indent`
/// blanks; an empty line between two stays. A word that is too long has its own line.
std::string wrap(std::string_view text, int width, int indent);

}  // namespace mirrorwarden
