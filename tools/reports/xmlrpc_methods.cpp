#include "tools/reports/xmlrpc_methods.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace reports {
namespace {

using Methods = std::vector<Method>;

XmlrpcValue array_of(const std::vector<std::string>& texts) {
    Array values;
    for (const auto& text : texts) {
        values.push_back({text});
    }
    return {std::move(values)};
}

Fault no_such_method(std::string_view name) {
    return {fault_no_such_method, fmt::format("There is no method {} here; system.listMethods "
                                              "tells which there are.",
                                              model::in_quotes(name))};
}

OrFault<XmlrpcValue> call(const Methods& methods, const MethodCall& asked) {
    const auto method = std::ranges::find(methods, asked.method, &Method::name);
    if (method == methods.end()) {
        return no_such_method(asked.method);
    }
    Arguments arguments(asked.parameters);
    return method->call(arguments);
}

XmlrpcValue struct_of(const Fault& fault) {
    return {Struct{{"faultCode", {fault.code}}, {"faultString", {fault.text}}}};
}

/// {methodName, params}, and nothing else.
std::optional<MethodCall> call_of(const XmlrpcValue& value) {
    const auto* const members = std::get_if<Struct>(&value.value);
    if (members == nullptr || members->size() != 2) {
        return std::nullopt;
    }
    const auto find = [&](std::string_view name) {
        const auto member = std::ranges::find(*members, name, &Member::name);
        return member == members->end() ? nullptr : &member->value.value;
    };
    const auto* const name = find("methodName");
    const auto* const parameters = find("params");
    if (name == nullptr || parameters == nullptr || !std::holds_alternative<std::string>(*name) ||
        !std::holds_alternative<Array>(*parameters)) {
        return std::nullopt;
    }
    return MethodCall{std::get<std::string>(*name), std::get<Array>(*parameters)};
}

/// One of many: its value in an array of one, or its fault as a struct.
XmlrpcValue answer_one(const Methods& methods, const XmlrpcValue& asked) {
    const auto one = call_of(asked);
    if (!one) {
        return struct_of({fault_wrong_arguments,
                          "Each call is a struct of methodName, a string, "
                          "and params, an array."});
    }
    if (one->method == "system.multicall") {
        return struct_of({fault_wrong_arguments, "There is no multicall within a multicall."});
    }
    auto answer = call(methods, *one);
    return answer ? XmlrpcValue{Array{std::move(*answer)}} : struct_of(answer.error());
}

OrFault<XmlrpcValue> call_many(const Methods& methods, Arguments& arguments) {
    const auto calls = arguments.value("calls");
    const auto* const all = std::get_if<Array>(&calls.value);
    if (all == nullptr || all->size() > multicall_max) {
        arguments.refuse("calls", fmt::format("an array of {} structs at most", multicall_max));
    }
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    Array answers;
    for (const auto& asked : *all) {
        answers.push_back(answer_one(methods, asked));
    }
    return XmlrpcValue{std::move(answers)};
}

/// What `tell` makes of the method that the only argument names.
template <class Tell>
auto of_named_method(const Methods& methods, Tell tell) {
    return [&methods, tell](Arguments& arguments) -> OrFault<XmlrpcValue> {
        const auto name = arguments.text("name");
        if (auto fault = arguments.fault()) {
            return *fault;
        }
        const auto method = std::ranges::find(methods, name, &Method::name);
        if (method == methods.end()) {
            return no_such_method(name);
        }
        return tell(*method);
    };
}

/// Those that tell of `methods`, themselves among them.
void add_system_methods(Methods& methods) {
    const auto list = [&methods](Arguments& arguments) -> OrFault<XmlrpcValue> {
        if (auto fault = arguments.fault()) {
            return *fault;
        }
        std::vector<std::string> names;
        for (const auto& method : methods) {
            names.push_back(method.name);
        }
        return array_of(names);
    };
    const auto help =
        of_named_method(methods, [](const Method& method) { return XmlrpcValue{method.help}; });
    const auto signature = of_named_method(methods, [](const Method& method) {
        Array signatures;
        for (const auto& types : method.signatures) {
            signatures.push_back(array_of(types));
        }
        return XmlrpcValue{std::move(signatures)};
    });
    const auto many = [&methods](Arguments& arguments) { return call_many(methods, arguments); };
    methods.push_back({"system.listMethods", {{"array"}}, "The names of all methods.", list});
    methods.push_back({"system.methodHelp", {{"string", "string"}}, "What a method is for.", help});
    methods.push_back({"system.methodSignature",
                       {{"array", "string"}},
                       "For each way to call a method: the type that it returns, and those of its "
                       "arguments.",
                       signature});
    methods.push_back({"system.multicall",
                       {{"array", "array"}},
                       "Makes several calls, one after the other, each {methodName, params}: an "
                       "array of one value, or a struct of faultCode and faultString, for each.",
                       many});
}

}  // namespace

std::string answer_call(const std::vector<Method>& methods, std::string_view xml) {
    const auto asked = parse_call(xml);
    if (!asked) {
        return fault_text(asked.error());
    }
    Methods all = methods;
    add_system_methods(all);
    const auto answer = call(all, *asked);
    return answer ? answer_text(*answer) : fault_text(answer.error());
}

}  // namespace reports
