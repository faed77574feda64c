// A stranger's trace: what is kept of it goes to screens and mails.

#include "model/text_rules.hpp"
#include "model/trace_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const auto trace = model::parse_trace("a", {reinterpret_cast<const char*>(data), size});
    if (trace && (!trace->last_sync || trace->tool.size() + trace->upstream.size() > 500 ||
                  !model::is_plain_text(trace->tool, model::Lines::one) ||
                  !model::is_plain_text(trace->upstream, model::Lines::one))) {
        std::abort();
    }
    return 0;
}
