#include "tools/reports/xmlrpc_methods.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using reports::Arguments;
using reports::OrFault;
using reports::XmlrpcValue;

/// One of each kind that there is.
OrFault<XmlrpcValue> read_each(Arguments& arguments) {
    arguments.integer("integer");
    arguments.text("text");
    arguments.time("time");
    arguments.texts_if_any("texts");
    arguments.text_if_any("text");
    if (auto fault = arguments.fault()) {
        return *fault;
    }
    return XmlrpcValue{true};
}

}  // namespace

// Whatever is called, what comes back is an answer: a value or a fault.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<reports::Method> methods = {{"read", {{"boolean"}}, "", read_each}};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer's bytes are unsigned.
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto answer = reports::parse_answer(reports::answer_call(methods, text));
    const bool is_call = reports::parse_call(text).has_value();
    if (is_call && answer.has_error() && answer.error().code == reports::fault_not_parseable) {
        std::abort();
    }
    return 0;
}
