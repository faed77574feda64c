#include "tools/reports/control_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// Who is switched off is switched off plainly.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): libFuzzer's bytes are unsigned.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto permission = reports::read_permission(text, "probe");
    if (!permission.is_enabled && !permission.warning.empty()) {
        std::abort();
    }
    return 0;
}
