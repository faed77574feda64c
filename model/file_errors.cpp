#include "model/file_errors.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace model {

void FileErrors::add(int line, std::string text) {
    errors_.push_back({line, std::move(text)});
    if (errors_.size() >= 2 * file_errors_max) {
        keep_first();
    }
}

std::vector<FileError> FileErrors::take() {
    keep_first();
    return std::exchange(errors_, {});
}

void FileErrors::keep_first() {
    std::stable_sort(errors_.begin(), errors_.end(),
                     [](const auto& left, const auto& right) { return left.line < right.line; });
    errors_.resize(std::min(errors_.size(), file_errors_max));
}

void Doubles::note(std::string_view what, const std::string& text, int line, FileErrors& errors) {
    if (text.empty()) {
        return;
    }
    const auto [first, is_new] = first_lines_.emplace(text, line);
    if (is_new) {
        return;
    }
    // The file need not be read in the order of its lines.
    const auto [earlier, later] = std::minmax(first->second, line);
    errors.add(later, fmt::format("{} {} is given twice, in line {} and in line {}", what,
                                  in_quotes(text), earlier, later));
}

}  // namespace model
