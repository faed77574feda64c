#include "tools/service/xml_text.hpp"

#include "model/plain_text.hpp"

namespace service {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

/// U+FFFE and U+FFFF are no characters of XML. Source: XML 1.0, section 2.2.
bool is_forbidden(std::string_view character) {
    return character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf";
}

void add(std::string& text, std::string_view character, bool is_control) {
    switch (character.front()) {
    case '<': text += "&lt;"; return;
    case '>': text += "&gt;"; return;
    case '&': text += "&amp;"; return;
    case '"': text += "&quot;"; return;
    case '\'': text += "&#39;"; return;
    case '\t':
    case '\n': text += character; return;
    default: break;
    }
    text += is_control || is_forbidden(character) ? replacement : character;
}

}  // namespace

std::string xml_text(std::string_view text, std::size_t characters_max) {
    std::string escaped;
    for (std::size_t count = 0; !text.empty(); ++count) {
        if (count == characters_max) {
            return escaped + "…";
        }
        if (text.starts_with("\r\n")) {
            text.remove_prefix(1);  // one line end, however it was written
        }
        const model::Character character = model::first_character(text);
        if (character.is_valid) {
            add(escaped, text.substr(0, character.length), character.is_control);
        } else {
            escaped += replacement;
        }
        text.remove_prefix(character.length);
    }
    return escaped;
}

}  // namespace service
