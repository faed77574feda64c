#include "tools/reports/xmlrpc_writer.hpp"

#include "model/base64.hpp"
#include "model/plain_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace reports {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

/// Of ASCII, XML has the characters from a blank on, tab, and line ends.
bool is_in_xml(const model::Character& character, std::string_view text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    const bool is_noncharacter =
        text.starts_with("\xef\xbf\xbe") || text.starts_with("\xef\xbf\xbf");
    return character.is_valid && !is_noncharacter &&
           (first >= ' ' || first == '\t' || first == '\n' || first == '\r');
}

void append(std::string& xml, const Nil&) {
    xml += "<nil/>";
}

void append(std::string& xml, bool value) {
    xml += value ? "<boolean>1</boolean>" : "<boolean>0</boolean>";
}

void append(std::string& xml, std::int32_t value) {
    xml += fmt::format("<int>{}</int>", value);
}

void append(std::string& xml, double value) {
    xml += fmt::format("<double>{}</double>", value);
}

void append(std::string& xml, const std::string& value) {
    xml += "<string>";
    append_text(xml, value);
    xml += "</string>";
}

void append(std::string& xml, const Bytes& value) {
    xml += "<base64>" + model::to_base64(value.bytes) + "</base64>";
}

void append(std::string& xml, model::Timestamp value) {
    xml += fmt::format("<dateTime.iso8601>{:%Y%m%dT%H:%M:%S}</dateTime.iso8601>",
                       std::chrono::time_point_cast<std::chrono::seconds>(value));
}

void append(std::string& xml, const Array& values) {
    xml += "<array><data>";
    for (const auto& value : values) {
        append_value(xml, value);
    }
    xml += "</data></array>";
}

void append(std::string& xml, const Struct& members) {
    xml += "<struct>";
    for (const auto& [name, value] : members) {
        xml += "<member><name>";
        append_text(xml, name);
        xml += "</name>";
        append_value(xml, value);
        xml += "</member>";
    }
    xml += "</struct>";
}

}  // namespace

void append_text(std::string& xml, std::string_view text) {
    while (!text.empty()) {
        const auto character = model::first_character(text);
        const auto piece = text.substr(0, character.length);
        if (!is_in_xml(character, text)) {
            xml += replacement;
        } else if (piece == "<") {
            xml += "&lt;";
        } else if (piece == ">") {
            xml += "&gt;";
        } else if (piece == "&") {
            xml += "&amp;";
        } else if (piece == "\r") {
            xml += "&#13;";  // a reader would make a line end of it
        } else {
            xml += piece;
        }
        text.remove_prefix(piece.size());
    }
}

void append_value(std::string& xml, const XmlrpcValue& value) {
    xml += "<value>";
    std::visit([&xml](const auto& one) { append(xml, one); }, value.value);
    xml += "</value>";
}

}  // namespace reports
