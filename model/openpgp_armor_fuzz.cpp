// Keys that come out of armour are never more than what went in.

#include "model/openpgp_armor.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto keys = model::dearmor_keys(text);
    if (keys.has_value()) {
        assert(!keys->empty() && keys->size() < size);
    } else {
        assert(!keys.error().what.empty());
    }
    return 0;
}
