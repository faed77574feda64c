#pragma once

#include "model/catalog_file.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mirrorwarden {

/// The whole file; "-" is standard input. Throws `InputError` if it cannot be
/// read or is longer than `bytes_max`.
std::string read_file(const std::string& name, std::size_t bytes_max);

/// All that is wrong in a file, as an `InputError` says it: each with file and
/// line, one a line, and how many there are.
std::string format_file_errors(const std::string& file, const std::vector<model::FileError>&);

}  // namespace mirrorwarden
