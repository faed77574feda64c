#include "tools/reports/xmlrpc_codec.hpp"

#include "model/plain_text.hpp"
#include "tools/reports/xmlrpc_reader.hpp"
#include "tools/reports/xmlrpc_writer.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <pugixml.hpp>
#include <utility>

namespace reports {
namespace {

Fault not_parseable(std::string text) {
    return {fault_not_parseable, std::move(text)};
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto character = model::first_character(text);
        if (!character.is_valid) {
            return false;
        }
        text.remove_prefix(character.length);
    }
    return true;
}

/// The document's one element, named `name`.
OrFault<pugi::xml_node> read_root(pugi::xml_document& document, std::string_view xml,
                                  std::string_view name) {
    if (!is_utf8(xml)) {
        return not_parseable("This is not UTF-8.");
    }
    const auto read = document.load_buffer(
        xml.data(), xml.size(),
        pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single,
        pugi::encoding_utf8);
    if (!read) {
        return not_parseable(
            fmt::format("This is not XML, near byte {}: {}.", read.offset, read.description()));
    }
    pugi::xml_node root;
    for (const auto node : document.children()) {
        if (node.type() == pugi::node_doctype) {
            return not_parseable("A document type is not read.");
        }
        if (node.type() != pugi::node_element || !root.empty()) {
            return not_parseable(fmt::format("Expected one element, {}.", name));
        }
        root = node;
    }
    if (root.name() != name) {
        return not_parseable(fmt::format("Expected a {}.", name));
    }
    return root;
}

/// The values of `<params>`; none if there is no such element.
OrFault<Array> read_parameters(const pugi::xml_node& parameters) {
    Array values;
    for (const auto parameter : parameters.children()) {
        if (is_space(parameter)) {
            continue;
        }
        const auto value = only_element(parameter);
        if (std::string_view(parameter.name()) != "param" || !value ||
            std::string_view(value->name()) != "value") {
            return not_parseable("Each of params is a param, with one value.");
        }
        auto read = read_value(*value, 1);
        if (!read) {
            return read.error();
        }
        values.push_back(std::move(*read));
    }
    return values;
}

XmlrpcValue struct_of(const Fault& fault) {
    return {Struct{{"faultCode", {fault.code}}, {"faultString", {fault.text}}}};
}

std::optional<Fault> fault_of(const XmlrpcValue& value) {
    const auto* const members = std::get_if<Struct>(&value.value);
    if (members == nullptr) {
        return std::nullopt;
    }
    Fault fault;
    for (const auto& [name, member] : *members) {
        if (const auto* const code = std::get_if<std::int32_t>(&member.value);
            code != nullptr && name == "faultCode") {
            fault.code = *code;
        }
        if (const auto* const text = std::get_if<std::string>(&member.value);
            text != nullptr && name == "faultString") {
            fault.text = *text;
        }
    }
    return fault;
}

}  // namespace

OrFault<MethodCall> parse_call(std::string_view xml) {
    pugi::xml_document document;
    const auto root = read_root(document, xml, "methodCall");
    if (!root) {
        return root.error();
    }
    MethodCall call;
    bool has_parameters = false;
    for (const auto part : root->children()) {
        if (is_space(part)) {
            continue;
        }
        const std::string_view name = part.name();
        if (name == "methodName" && call.method.empty()) {
            call.method = part.text().get();
        } else if (name == "params" && !call.method.empty() && !has_parameters) {
            has_parameters = true;
            auto parameters = read_parameters(part);
            if (!parameters) {
                return parameters.error();
            }
            call.parameters = std::move(*parameters);
        } else {
            return not_parseable("A methodCall is a methodName, and params after it.");
        }
    }
    if (call.method.empty()) {
        return not_parseable("A methodCall needs a methodName.");
    }
    return call;
}

OrFault<XmlrpcValue> parse_answer(std::string_view xml) {
    pugi::xml_document document;
    const auto root = read_root(document, xml, "methodResponse");
    if (!root) {
        return root.error();
    }
    const auto part = only_element(*root);
    const std::string_view name = part ? part->name() : "";
    if (name == "fault") {
        const auto value = only_element(*part);
        auto read = value ? read_value(*value, 1) : not_parseable("A fault without a value.");
        if (!read) {
            return read.error();
        }
        return fault_of(*read).value_or(not_parseable("A fault that is no struct."));
    }
    if (name != "params") {
        return not_parseable("A methodResponse is params, or a fault.");
    }
    auto parameters = read_parameters(*part);
    if (!parameters) {
        return parameters.error();
    }
    if (parameters->size() != 1) {
        return not_parseable("A methodResponse has one value.");
    }
    return std::move(parameters->front());
}

std::string call_text(const MethodCall& call) {
    std::string text = "<?xml version=\"1.0\"?>\n<methodCall><methodName>";
    append_text(text, call.method);
    text += "</methodName><params>";
    for (const auto& parameter : call.parameters) {
        text += "<param>";
        append_value(text, parameter);
        text += "</param>";
    }
    return text + "</params></methodCall>\n";
}

std::string answer_text(const XmlrpcValue& value) {
    std::string text = "<?xml version=\"1.0\"?>\n<methodResponse><params><param>";
    append_value(text, value);
    return text + "</param></params></methodResponse>\n";
}

std::string fault_text(const Fault& fault) {
    std::string text = "<?xml version=\"1.0\"?>\n<methodResponse><fault>";
    append_value(text, struct_of(fault));
    return text + "</fault></methodResponse>\n";
}

}  // namespace reports
