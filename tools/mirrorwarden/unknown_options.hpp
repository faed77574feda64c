#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mirrorwarden {

/// Names the options among `words`, in their order, that neither `command` nor a command above it
/// has, with what each is most likely a slip of: "there is no option --resaon; did you mean
/// --reason?". Empty if there are none. For who must say what is wrong with
/// words that CLI11 refused: it looks at what is missing first.
std::string unknown_options_fault(const CLI::App& command, const std::vector<std::string>& words);

}  // namespace mirrorwarden
