#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace prober::testing {

/// A file of testdata/signed: a suite of one index, which is empty, of 2024-01-01T12:00:00Z.
inline std::string signed_path(const std::string& name) {
    return MIRROR_TESTDATA "/signed/" + name;
}

/// Its bytes.
inline std::string signed_file(const std::string& name) {
    std::ifstream file(signed_path(name), std::ios::binary);
    if (!file) {
        throw std::runtime_error("cannot read " + signed_path(name));
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace prober::testing
