#pragma once

#include <string>

namespace CLI {
class App;
}

namespace mirrorwarden {

/// A script for bash that completes the program's commands, options, the words that
/// options are one of, file names, and names of mirrors (asked of the program itself).
std::string bash_completion(const CLI::App& root);

}  // namespace mirrorwarden
