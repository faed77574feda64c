#include "model/toml_reader.hpp"

#include "model/nearest_word.hpp"
#include "model/toml_nesting.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace model {
namespace {

constexpr std::size_t toml_bytes_max = 64UL * 1024 * 1024;
constexpr int key_parts_max = 16;

int line_of_source(const toml::source_region& source) {
    return static_cast<int>(source.begin.line);
}

}  // namespace

boost::system::result<toml::table, FileError> parse_toml(std::string_view text) {
    using boost::system::in_place_error;
    if (text.size() > toml_bytes_max) {
        return {in_place_error, FileError{0, "the file is larger than 64 MiB; divide it"}};
    }
    if (const auto line = line_of_deep_key(text, key_parts_max)) {
        return {in_place_error,
                FileError{*line, fmt::format("a key has more than {} parts", key_parts_max)}};
    }
    try {
        return {boost::system::in_place_value, toml::parse(text)};
    } catch (const toml::parse_error& error) {
        const auto description = error.description();
        return {in_place_error, FileError{line_of_source(error.source()),
                                          is_plain_text(description, Lines::one)
                                              ? fmt::format("this is not TOML: {}", description)
                                              : "this is not TOML"}};
    }
}

TomlTable::TomlTable(const toml::table& table, std::span<const std::string_view> keys,
                     FileErrors& errors)
    : table_{&table}, errors_{&errors} {
    for (const auto& [key, value] : table) {
        if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
            errors.add(line_of_source(key.source()), unknown_key_text(key.str(), keys));
        }
    }
}

int TomlTable::line() const {
    return line_of_source(table_->source());
}

int TomlTable::line_of(std::string_view key) const {
    const auto found = table_->find(key);
    return found == table_->end() ? line() : line_of_source(found->first.source());
}

bool TomlTable::has(std::string_view key) const {
    return table_->contains(key);
}

void TomlTable::wrong(std::string_view key, std::string_view text) {
    errors_->add(line_of(key), fmt::format("{}: {}", key, text));
}

void TomlTable::require(std::string_view key) {
    if (!has(key)) {
        errors_->add(line(), fmt::format("{} is missing", key));
    }
}

std::optional<std::string> TomlTable::text(std::string_view key) {
    const auto* const node = table_->get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_string()) {
        wrong(key, "this must be a text in quotation marks");
        return std::nullopt;
    }
    return node->as_string()->get();
}

std::optional<std::string> TomlTable::plain_text(std::string_view key, std::size_t bytes_max,
                                                 Lines lines) {
    auto found = text(key);
    if (!found) {
        return std::nullopt;
    }
    if (found->size() > bytes_max) {
        wrong(key, fmt::format("this has {} bytes; {} are the most", found->size(), bytes_max));
        return std::nullopt;
    }
    if (!is_plain_text(*found, lines)) {
        wrong(key, lines == Lines::one ? "this holds a control character or a line end"
                                       : "this holds a control character");
        return std::nullopt;
    }
    return found;
}

std::optional<bool> TomlTable::flag(std::string_view key) {
    const auto* const node = table_->get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_boolean()) {
        wrong(key, "this must be true or false, without quotation marks");
        return std::nullopt;
    }
    return node->as_boolean()->get();
}

std::optional<int> TomlTable::number(std::string_view key, NumberRange range) {
    const auto* const node = table_->get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* const number = node->as_integer();
    if (number == nullptr || number->get() < range.min || number->get() > range.max) {
        wrong(key, fmt::format("this must be a whole number from {} to {}", range.min, range.max));
        return std::nullopt;
    }
    return static_cast<int>(number->get());
}

std::vector<TomlText> TomlTable::texts(std::string_view key, ListLength length) {
    const auto* const node = table_->get(key);
    if (node == nullptr) {
        return {};
    }
    if (node->is_string()) {
        return {{node->as_string()->get(), line_of(key)}};
    }
    const auto* const list = node->as_array();
    if (list == nullptr) {
        wrong(key, "this must be a list of texts in brackets");
        return {};
    }
    if (list->size() < length.min) {
        wrong(key, "this list is empty; it needs an entry");
        return {};
    }
    if (list->size() > length.max) {
        wrong(key, fmt::format("this has {} entries; {} are the most", list->size(), length.max));
        return {};
    }
    std::vector<TomlText> result;
    for (const auto& entry : *list) {
        const int line = line_of_source(entry.source());
        if (entry.is_string()) {
            result.push_back({entry.as_string()->get(), line});
        } else {
            errors_->add(line,
                         fmt::format("{}: each entry must be a text in quotation marks", key));
        }
    }
    return result;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key,
                                         std::span<const std::string_view> keys, std::size_t most) {
    const auto* const node = table_->get(key);
    if (node == nullptr) {
        return {};
    }
    const auto* const list = node->as_array();
    if (list == nullptr) {
        wrong(key, "this must be a list of tables; put its header in double brackets, [[ ]]");
        return {};
    }
    if (list->size() > most) {
        wrong(key, fmt::format("there are {} of these; {} are the most", list->size(), most));
        return {};
    }
    std::vector<TomlTable> result;
    for (const auto& entry : *list) {
        if (const auto* const table = entry.as_table()) {
            result.emplace_back(*table, keys, *errors_);
        } else {
            errors_->add(line_of_source(entry.source()),
                         fmt::format("{}: each entry must be a table", key));
        }
    }
    return result;
}

}  // namespace model
