#include "tools/reports/xmlrpc_reader.hpp"

#include "model/base64.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

namespace reports {
namespace {

Fault wrong(std::string text) {
    return {fault_wrong_arguments, std::move(text)};
}

bool is_blank(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) noexcept {
    const auto from = text.find_first_not_of(" \t\r\n");
    return from == std::string_view::npos
               ? std::string_view()
               : text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

/// All of an element's text; empty if there are elements in it.
std::optional<std::string> text_of(const pugi::xml_node& element) {
    std::string text;
    for (const auto part : element.children()) {
        if (part.type() != pugi::node_pcdata && part.type() != pugi::node_cdata) {
            return std::nullopt;
        }
        text += part.value();
    }
    return text;
}

template <class Number>
std::optional<Number> read_number(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) {
            return std::nullopt;
        }
    }
    Number number{};
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

OrFault<XmlrpcValue> read_integer(std::string_view text) {
    if (const auto number = read_number<std::int32_t>(text)) {
        return XmlrpcValue{*number};
    }
    return wrong(fmt::format("{} is no integer of 32 bits.", model::in_quotes(text)));
}

OrFault<XmlrpcValue> read_boolean(std::string_view text) {
    if (const auto word = trimmed(text); word == "0" || word == "1") {
        return XmlrpcValue{word == "1"};
    }
    return wrong(fmt::format("{} is no boolean: 0 or 1.", model::in_quotes(text)));
}

OrFault<XmlrpcValue> read_double(std::string_view text) {
    if (const auto number = read_number<double>(text); number && std::isfinite(*number)) {
        return XmlrpcValue{*number};
    }
    return wrong(fmt::format("{} is no double.", model::in_quotes(text)));
}

OrFault<XmlrpcValue> read_bytes(std::string_view text) {
    std::string letters;
    std::ranges::copy_if(text, std::back_inserter(letters), [](char c) {
        return !is_blank({&c, 1});
    });
    if (auto bytes = model::from_base64(letters)) {
        return XmlrpcValue{Bytes{std::move(*bytes)}};
    }
    return wrong("What is in a base64 element is not base64.");
}

/// "20050915T11:42:02", and as RFC 3339 has it; always UTC.
OrFault<XmlrpcValue> read_time(std::string_view text) {
    std::string time(trimmed(text));
    constexpr std::size_t date_digits = 8;
    if (time.size() > date_digits && time[date_digits] == 'T') {
        time.insert(6, "-").insert(4, "-");
    }
    if (const auto moment = model::parse_timestamp(time)) {
        return XmlrpcValue{*moment};
    }
    return wrong(fmt::format("{} is no dateTime.iso8601.", model::in_quotes(text)));
}

OrFault<XmlrpcValue> read_string(std::string_view text) {
    return XmlrpcValue{std::string(text)};
}

using ReadText = OrFault<XmlrpcValue> (*)(std::string_view);

/// Of the types that are text; nullptr: it is none of them.
ReadText reader_of(std::string_view type) {
    constexpr std::array<std::pair<std::string_view, ReadText>, 7> readers{{
        {"string", read_string},
        {"int", read_integer},
        {"i4", read_integer},
        {"boolean", read_boolean},
        {"double", read_double},
        {"dateTime.iso8601", read_time},
        {"base64", read_bytes},
    }};
    for (const auto& [name, reader] : readers) {
        if (name == type) {
            return reader;
        }
    }
    return nullptr;
}

OrFault<XmlrpcValue> read_array(const pugi::xml_node& array, int depth) {
    const auto data = only_element(array);
    if (!data || std::string_view(data->name()) != "data") {
        return Fault{fault_not_parseable, "An array has one data."};
    }
    Array values;
    for (const auto item : data->children()) {
        if (is_space(item)) {
            continue;
        }
        auto value = read_value(item, depth + 1);
        if (!value) {
            return value.error();
        }
        values.push_back(std::move(*value));
    }
    return XmlrpcValue{std::move(values)};
}

OrFault<XmlrpcValue> read_struct(const pugi::xml_node& structure, int depth) {
    Struct members;
    for (const auto member : structure.children()) {
        if (is_space(member)) {
            continue;
        }
        const auto name = member.first_child();
        const auto value = name.next_sibling();
        const bool is_member = std::string_view(member.name()) == "member" &&
                               std::string_view(name.name()) == "name" && !value.empty() &&
                               value.next_sibling().empty();
        const auto name_text = text_of(name);
        if (!is_member || !name_text) {
            return Fault{fault_not_parseable, "A member of a struct is a name and a value."};
        }
        auto read = read_value(value, depth + 1);
        if (!read) {
            return read.error();
        }
        members.push_back({*name_text, std::move(*read)});
    }
    return XmlrpcValue{std::move(members)};
}

}  // namespace

bool is_space(const pugi::xml_node& node) {
    return node.type() == pugi::node_pcdata && is_blank(node.value());
}

std::optional<pugi::xml_node> only_element(const pugi::xml_node& parent) {
    std::optional<pugi::xml_node> element;
    for (const auto child : parent.children()) {
        if (child.type() == pugi::node_element && !element) {
            element = child;
        } else if (!is_space(child)) {
            return std::nullopt;
        }
    }
    return element;
}

OrFault<XmlrpcValue> read_value(const pugi::xml_node& value, int depth) {
    if (depth > xmlrpc_depth_max) {
        return Fault{fault_not_parseable,
                     fmt::format("Values within values: at most {}.", xmlrpc_depth_max)};
    }
    if (std::string_view(value.name()) != "value") {
        return Fault{fault_not_parseable, "Expected a value."};
    }
    if (const auto text = text_of(value)) {
        return read_string(*text);  // without a type it is a string
    }
    const auto typed = only_element(value);
    if (!typed) {
        return Fault{fault_not_parseable, "A value has one type."};
    }
    const std::string_view type = typed->name();
    if (type == "array") {
        return read_array(*typed, depth);
    }
    if (type == "struct") {
        return read_struct(*typed, depth);
    }
    const auto text = text_of(*typed);
    if (type == "nil" && text && is_blank(*text)) {
        return XmlrpcValue{Nil{}};
    }
    const auto reader = reader_of(type);
    if (reader == nullptr || !text) {
        return wrong(fmt::format("There is no type {}.", model::in_quotes(type)));
    }
    return reader(*text);
}

}  // namespace reports
