#include "tools/reports/xmlrpc_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

// What is read is written as text that is read as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer's bytes are unsigned.
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto call = reports::parse_call(text)) {
        const auto again = reports::parse_call(reports::call_text(*call));
        if (!again || again->parameters.size() != call->parameters.size()) {
            std::abort();
        }
    }
    static_cast<void>(reports::parse_answer(text));
    return 0;
}
