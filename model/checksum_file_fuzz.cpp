// A stranger's SHA256SUMS: each name once, and found.

#include "model/checksum_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const auto checksums = model::parse_checksums({reinterpret_cast<const char*>(data), size});
    if (checksums.has_error()) {
        return checksums.error().what.empty() ? (std::abort(), 0) : 0;
    }
    for (const auto& checksum : *checksums) {
        if (checksum.name.empty() || find_checksum(*checksums, checksum.name) != &checksum) {
            std::abort();
        }
    }
    return 0;
}
