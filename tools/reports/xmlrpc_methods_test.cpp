#include "tools/reports/xmlrpc_methods.hpp"

#include "tools/cmake/catch.hpp"

#include <optional>
#include <string>

using reports::Arguments;
using reports::Array;
using reports::Fault;
using reports::Method;
using reports::OrFault;
using reports::Struct;
using reports::XmlrpcValue;

namespace {

OrFault<XmlrpcValue> twice(Arguments& arguments) {
    const auto number = arguments.integer("number");
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    return XmlrpcValue{number * 2};
}

OrFault<XmlrpcValue> refuse(Arguments&) {
    return Fault{7, "Never."};
}

const std::vector<Method> methods = {
    {"twice", {{"int", "int"}}, "A number, twice.", twice},
    {"refuse", {{"nil"}, {"nil", "string"}}, "Says no.", refuse},
};

OrFault<XmlrpcValue> ask(const std::string& method, const Array& parameters) {
    return reports::parse_answer(
        reports::answer_call(methods, reports::call_text({method, parameters})));
}

XmlrpcValue text(const std::string& words) {
    return {words};
}

XmlrpcValue one_call(const std::string& method, const Array& parameters) {
    return {Struct{{"methodName", {method}}, {"params", {parameters}}}};
}

std::int32_t code_of(const XmlrpcValue& fault) {
    return std::get<std::int32_t>(std::get<Struct>(fault.value).front().value.value);
}

}  // namespace

TEST_CASE("a method is called with its arguments", "[reports][xmlrpc_methods]") {
    const auto answer = ask("twice", {{std::int32_t{21}}});

    REQUIRE(answer.has_value());
    CHECK(*answer == XmlrpcValue{std::int32_t{42}});
}

TEST_CASE("what cannot be answered is a fault with its code", "[reports][xmlrpc_methods]") {
    CHECK(ask("refuse", {}).error() == Fault{7, "Never."});
    CHECK(ask("twice", {}).error().code == reports::fault_wrong_arguments);
    CHECK(ask("thrice", {}).error().code == reports::fault_no_such_method);
    const auto garbage = reports::parse_answer(reports::answer_call(methods, "no XML"));
    CHECK(garbage.error().code == reports::fault_not_parseable);
}

TEST_CASE("the methods tell of themselves", "[reports][xmlrpc_methods]") {
    CHECK(*ask("system.listMethods", {}) ==
          XmlrpcValue{Array{text("twice"), text("refuse"), text("system.listMethods"),
                            text("system.methodHelp"), text("system.methodSignature"),
                            text("system.multicall")}});
    CHECK(*ask("system.methodHelp", {text("twice")}) == text("A number, twice."));
    CHECK(*ask("system.methodSignature", {text("refuse")}) ==
          XmlrpcValue{Array{{Array{text("nil")}}, {Array{text("nil"), text("string")}}}});
    CHECK(ask("system.methodHelp", {text("thrice")}).error().code == reports::fault_no_such_method);
    CHECK(ask("system.listMethods", {text("x")}).error().code == reports::fault_wrong_arguments);
}

TEST_CASE("each of many calls has its own value or fault", "[reports][xmlrpc_methods]") {
    const auto answer =
        ask("system.multicall",
            {{Array{one_call("twice", {{std::int32_t{1}}}), one_call("refuse", {}),
                    one_call("thrice", {}), one_call("system.multicall", {{Array{}}}),
                    text("twice"), one_call("twice", {{std::int32_t{2}}})}}});

    REQUIRE(answer.has_value());
    const auto& answers = std::get<Array>(answer->value);
    REQUIRE(answers.size() == 6);
    CHECK(answers[0] == XmlrpcValue{Array{{std::int32_t{2}}}});
    CHECK(answers[1] ==
          XmlrpcValue{Struct{{"faultCode", {std::int32_t{7}}}, {"faultString", text("Never.")}}});
    CHECK(code_of(answers[2]) == reports::fault_no_such_method);
    CHECK(code_of(answers[3]) == reports::fault_wrong_arguments);
    CHECK(code_of(answers[4]) == reports::fault_wrong_arguments);
    CHECK(answers[5] == XmlrpcValue{Array{{std::int32_t{4}}}});
}

TEST_CASE("of too many calls none is made", "[reports][xmlrpc_methods]") {
    const Array calls(reports::multicall_max + 1, one_call("twice", {{std::int32_t{1}}}));

    CHECK(ask("system.multicall", {{calls}}).error().code == reports::fault_wrong_arguments);
    CHECK(ask("system.multicall", {text("twice")}).error().code == reports::fault_wrong_arguments);
}
