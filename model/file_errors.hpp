#pragma once

#include "model/catalog_file.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// How many errors of one file are told; the rest would not be read.
inline constexpr std::size_t file_errors_max = 100;

/// What is wrong with a file, gathered in any order. Its size does not grow with
/// the file's.
class FileErrors {
public:
    void add(int line, std::string text);
    bool is_empty() const noexcept { return errors_.empty(); }

    /// By line, and in the order of `add` within one; the first `file_errors_max`.
    std::vector<FileError> take();

private:
    void keep_first();

    std::vector<FileError> errors_;
};

/// Finds what may be given only once.
class Doubles {
public:
    /// Complains where `text` was noted before; an empty one is passed over.
    /// `what`: "the mirror", "the URL".
    void note(std::string_view what, const std::string& text, int line, FileErrors&);

private:
    std::map<std::string, int> first_lines_;
};

}  // namespace model
