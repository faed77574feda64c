#pragma once

#include "model/file_errors.hpp"
#include "model/text_rules.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <vector>

namespace model {

/// Reads TOML; the error is the first that is no TOML, or that the file is too
/// large or too deep.
boost::system::result<toml::table, FileError> parse_toml(std::string_view);

/// A text and the line where it stands.
struct TomlText {
    std::string text;
    int line = 0;
};

struct NumberRange {
    int min = 0;
    int max = 0;
};

struct ListLength {
    std::size_t min = 0;
    std::size_t max = 0;
};

/// One table of a TOML file, read key by key. What is wrong goes to the errors,
/// with its line and key, and reads as if it were absent.
class TomlTable {
public:
    /// Complains at once of each key that is not among `keys`. Table, errors and
    /// keys must outlive it.
    TomlTable(const toml::table&, std::span<const std::string_view> keys, FileErrors&);

    int line() const;                         // of its header
    int line_of(std::string_view key) const;  // of the key; of the header if it is absent
    bool has(std::string_view key) const;
    void wrong(std::string_view key, std::string_view text);  // complains in the key's line
    void require(std::string_view key);                       // complains if it is absent
    FileErrors& errors() { return *errors_; }

    std::optional<std::string> text(std::string_view key);
    /// Text that any store and terminal takes, of `bytes_max` bytes.
    std::optional<std::string> plain_text(std::string_view key, std::size_t bytes_max, Lines);
    std::optional<bool> flag(std::string_view key);
    std::optional<int> number(std::string_view key, NumberRange);
    /// A list of texts; a single text is a list of one.
    std::vector<TomlText> texts(std::string_view key, ListLength);
    std::vector<TomlTable> tables(std::string_view key, std::span<const std::string_view> keys,
                                  std::size_t most);

    /// A word of a closed list: `parse` reads it, `choices` names all for people.
    template <class Parse>
    auto word(std::string_view key, Parse parse, std::string_view choices) -> decltype(parse(key)) {
        const auto found = text(key);
        if (!found) {
            return std::nullopt;
        }
        const auto value = parse(*found);
        if (!value) {
            wrong(key, in_quotes(*found) + " is not one of " + std::string(choices));
        }
        return value;
    }

private:
    const toml::table* table_;
    FileErrors* errors_;
};

}  // namespace model
