#pragma once

#include "tools/mirrorwarden/command_tree.hpp"

#include <string>
#include <vector>

namespace mirrorwarden {

struct ManualPage {
    std::string name;  // "mirrorwarden-mirror-list", the file's name without its section
    std::string roff;
};

/// A manual page of section 1 for the program and for each of its commands, written
/// from what `--help` is written from.
/// Source: man(7), man-pages(7).
std::vector<ManualPage> manual_pages(const CommandTree&);

/// `text` as roff prints it, character for character: nothing in it is a request or
/// an escape.
std::string roff_text(std::string_view text);

}  // namespace mirrorwarden
