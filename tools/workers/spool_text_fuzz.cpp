#include "tools/workers/spool_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// What was read is the same when it is written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer's bytes are unsigned.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto run = workers::parse_spool(text)) {
        if (workers::parse_spool(workers::print_spool(*run)) != run) {
            std::abort();
        }
    }
    return 0;
}
