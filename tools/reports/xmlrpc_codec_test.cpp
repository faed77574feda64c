#include "tools/reports/xmlrpc_codec.hpp"

#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>
#include <variant>

using namespace std::chrono_literals;
using reports::Array;
using reports::Bytes;
using reports::Fault;
using reports::MethodCall;
using reports::Nil;
using reports::Struct;
using reports::XmlrpcValue;

namespace {

constexpr model::Timestamp time_2005 =
    std::chrono::sys_days{std::chrono::year{2005} / 9 / 15} + 11h + 42min + 2s;

std::string call_with(const std::string& value) {
    return "<?xml version='1.0'?>\n<methodCall>\n<methodName>mirrorFailed</methodName>\n<params>\n"
           "<param>\n" +
           value + "\n</param>\n</params>\n</methodCall>\n";
}

std::string nested(int arrays) {
    std::string text;
    for (int i = 0; i < arrays; ++i) {
        text += "<value><array><data>";
    }
    for (int i = 0; i < arrays; ++i) {
        text += "</data></array></value>";
    }
    return text;
}

}  // namespace

TEST_CASE("each type of value is read", "[reports][xmlrpc_codec]") {
    const auto [xml, expected] = GENERATE(table<std::string, XmlrpcValue>({
        {"<value><int>7</int></value>", {std::int32_t{7}}},
        {"<value><i4>-2147483648</i4></value>", {std::int32_t{-2147483647 - 1}}},
        {"<value><int> +12 </int></value>", {std::int32_t{12}}},
        {"<value>no such host</value>", {std::string("no such host")}},
        {"<value></value>", {std::string()}},
        {"<value/>", {std::string()}},
        {"<value> two  blanks </value>", {std::string(" two  blanks ")}},
        {"<value>   </value>", {std::string("   ")}},
        {"<value><string>   </string></value>", {std::string("   ")}},
        {"<value>\n <string>a&lt;b&amp;c&#233;</string>\n</value>", {std::string("a<b&cé")}},
        {"<value><string><![CDATA[<b>]]> and</string></value>", {std::string("<b> and")}},
        {"<value><boolean>1</boolean></value>", {true}},
        {"<value><boolean>0</boolean></value>", {false}},
        {"<value><double>-1.5</double></value>", {-1.5}},
        {"<value><nil/></value>", {Nil{}}},
        {"<value><base64>aGVs\n bG8=</base64></value>", {Bytes{"hello"}}},
        {"<value><base64></base64></value>", {Bytes{}}},
        {"<value><dateTime.iso8601>20050915T11:42:02</dateTime.iso8601></value>", {time_2005}},
        {"<value><dateTime.iso8601>2005-09-15T11:42:02Z</dateTime.iso8601></value>", {time_2005}},
        {"<value><array><data></data></array></value>", {Array{}}},
        {"<value><array>\n<data>\n</data>\n</array></value>", {Array{}}},
        {"<value><struct>\n</struct></value>", {Struct{}}},
        {"<value><array><data><value>a</value><value><int>1</int></value></data></array></value>",
         {Array{{std::string("a")}, {std::int32_t{1}}}}},
        {"<value><struct><member><name>id</name><value><int>1</int></value></member></struct>"
         "</value>",
         {Struct{{"id", {std::int32_t{1}}}}}},
    }));
    CAPTURE(xml);
    const auto call = reports::parse_call(call_with(xml));
    REQUIRE(call.has_value());
    CHECK(call->method == "mirrorFailed");
    REQUIRE(call->parameters.size() == 1);
    CHECK(call->parameters.front() == expected);
}

TEST_CASE("a value that is not of its type is a wrong argument", "[reports][xmlrpc_codec]") {
    const std::string value = GENERATE("<int>2147483648</int>",     // beyond 32 bits
                                       "<int>-2147483649</int>",    // below them
                                       "<int>1.5</int>",            // no integer
                                       "<int></int>",               // nothing
                                       "<int>+-1</int>",            // two signs
                                       "<i8>1</i8>",                // a type that is none
                                       "<boolean>true</boolean>",   // 0 or 1
                                       "<double>nan</double>",      // no number
                                       "<double>1e999</double>",    // endless
                                       "<base64>aGVsbG8</base64>",  // its end is missing
                                       "<base64>a===</base64>",     // too much padding
                                       "<base64>a*==</base64>",     // no such letter
                                       "<int><b/></int>",           // no text
                                       "<nil>x</nil>",              // something
                                       "<dateTime.iso8601>20050230T11:42:02</dateTime.iso8601>",
                                       "<dateTime.iso8601>yesterday</dateTime.iso8601>");
    CAPTURE(value);
    const auto call = reports::parse_call(call_with("<value>" + value + "</value>"));
    REQUIRE(call.has_error());
    CHECK(call.error().code == -32602);
}

TEST_CASE("what is no call is not parsed", "[reports][xmlrpc_codec]") {
    const std::string xml = GENERATE(
        std::string(), std::string("hello"), std::string("<methodCall>"),
        std::string("<methodCall/>"), std::string("<methodResponse/>"),
        std::string("<methodCall><methodName/></methodCall>"),
        std::string("<methodCall><params/></methodCall>"),
        std::string(
            "<methodCall><methodName>a</methodName><methodName>b</methodName></methodCall>"),
        std::string("<methodCall><methodName>a</methodName><params/><params/></methodCall>"),
        std::string("<methodCall><methodName>a</methodName></methodCall><methodCall/>"),
        std::string("<!DOCTYPE x [<!ENTITY e 'boom'>]><methodCall><methodName>a</methodName>"
                    "</methodCall>"),
        std::string("<methodCall><methodName>a\xff</methodName></methodCall>"),
        call_with("<int>1</int>"), call_with("<value>1</value><value>2</value>"),
        call_with("<value>x<int>1</int></value>"),
        call_with("<value><int>1</int><int>2</int></value>"),
        call_with("<value><array></array></value>"),
        call_with("<value><array><data><int>1</int></data></array></value>"),
        call_with("<value><struct><member><name>a</name></member></struct></value>"),
        call_with("<value><struct><member><value/><name>a</name></member></struct></value>"));
    CAPTURE(xml);
    const auto call = reports::parse_call(xml);
    REQUIRE(call.has_error());
    CHECK(call.error().code == -32700);
}

TEST_CASE("values lie within values 32 deep, and no deeper", "[reports][xmlrpc_codec]") {
    CHECK(reports::parse_call(call_with(nested(32))).has_value());
    for (const int depth : {33, 10'000}) {
        const auto call = reports::parse_call(call_with(nested(depth)));
        REQUIRE(call.has_error());
        CHECK(call.error().code == -32700);
    }
}

TEST_CASE("an entity that a text declares is never expanded", "[reports][xmlrpc_codec]") {
    const auto call = reports::parse_call(call_with("<value>&boom;</value>"));
    REQUIRE(call.has_value());
    CHECK(std::get<std::string>(call->parameters.front().value) == "&boom;");
}

TEST_CASE("a call without parameters needs none", "[reports][xmlrpc_codec]") {
    const std::string params = GENERATE("", "<params/>", "<params>\n</params>");
    const auto call = reports::parse_call(
        "<methodCall><methodName>system.listMethods</methodName>" + params + "</methodCall>");
    REQUIRE(call.has_value());
    CHECK(*call == MethodCall{"system.listMethods", {}});
}

TEST_CASE("what is written is read as it was", "[reports][xmlrpc_codec]") {
    const Array values = {{Nil{}},
                          {true},
                          {std::int32_t{-3}},
                          {0.25},
                          {std::string("<&>\"' \r\n é")},
                          {std::string("  ")},
                          {Bytes{std::string("\0\xff", 2)}},
                          {time_2005},
                          {Array{{std::string("a")}, {Array{}}}},
                          {Struct{{"<name>", {std::int32_t{1}}}}}};

    const MethodCall call{"branch.complete", values};
    const auto read = reports::parse_call(reports::call_text(call));
    REQUIRE(read.has_value());
    CHECK(*read == call);

    const auto answer = reports::parse_answer(reports::answer_text({values}));
    REQUIRE(answer.has_value());
    CHECK(*answer == XmlrpcValue{values});

    const Fault fault{-32601, "There is no method <x>."};
    const auto refused = reports::parse_answer(reports::fault_text(fault));
    REQUIRE(refused.has_error());
    CHECK(refused.error() == fault);
}

TEST_CASE("an answer is as the specification has it", "[reports][xmlrpc_codec]") {
    CHECK(reports::answer_text({true}) ==
          "<?xml version=\"1.0\"?>\n<methodResponse><params><param><value><boolean>1</boolean>"
          "</value></param></params></methodResponse>\n");
    CHECK(reports::fault_text({4, "Too many parameters."}) ==
          "<?xml version=\"1.0\"?>\n<methodResponse><fault><value><struct><member>"
          "<name>faultCode</name><value><int>4</int></value></member><member>"
          "<name>faultString</name><value><string>Too many parameters.</string></value></member>"
          "</struct></value></fault></methodResponse>\n");
    CHECK(reports::answer_text({time_2005})
              .find("<dateTime.iso8601>20050915T11:42:02</dateTime.iso8601>") != std::string::npos);
}

TEST_CASE("what XML has no character for is replaced", "[reports][xmlrpc_codec]") {
    const auto text = reports::answer_text({std::string("a\x1b[31m\0b\xff", 9)});
    CHECK(text.find("a\xef\xbf\xbd[31m\xef\xbf\xbd"
                    "b\xef\xbf\xbd") != std::string::npos);
}

TEST_CASE("what is no answer is said to be none", "[reports][xmlrpc_codec]") {
    const std::string xml = GENERATE(
        "", "<html></html>", "<methodResponse/>", "<methodResponse><params/></methodResponse>",
        "<methodResponse><fault/></methodResponse>",
        "<methodResponse><fault><value>no</value></fault></methodResponse>",
        "<methodResponse><params><param><value/></param><param><value/></param></params>"
        "</methodResponse>");
    CAPTURE(xml);
    const auto answer = reports::parse_answer(xml);
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == -32700);
}
