// Keys that come out of armour are never more than what went in, and any bytes may be said to be a
// keyring.

#include "model/keyring_file.hpp"
#include "model/openpgp_armor.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    model::judge_keyring(text);
    const auto keys = model::dearmor_keys(text);
    if (keys.has_value()) {
        assert(!keys->empty() && keys->size() < size);
        model::judge_keyring(*keys);
    } else {
        assert(!keys.error().what.empty());
    }
    return 0;
}
