#pragma once

#include <optional>
#include <string_view>

namespace service {

/// What `parse` makes of the text that `reader` has under that name: empty where there is none, or
/// none that is a word; that is refused, and `words` says for a person which there are.
template <class Reader, class Parse>
auto read_word(Reader& reader, std::string_view name, Parse parse, std::string_view words)
    -> decltype(parse(std::string_view{})) {
    const auto given = reader.text(name);
    if (!given) {
        return std::nullopt;
    }
    auto value = parse(std::string_view{*given});
    if (!value) {
        reader.refuse(name, words);
    }
    return value;
}

}  // namespace service
