// What a database gives back: anything is read or refused, and what is read is written the same.

#include "model/observation.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const auto read = model::parse_observation({reinterpret_cast<const char*>(data), size});
    if (!read) {
        return 0;
    }
    const auto json = to_json(*read);
    const auto again = model::parse_observation(json);
    if (!again || to_json(*again) != json) {
        std::abort();
    }
    return 0;
}
