// An index comes from a stranger, packed: it may not crash us, grow beyond its limits, or be
// another one when it comes in other pieces. The first byte chooses the packing, the second the
// size of the pieces.

#include "prober/index_stream.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::size_t packings = 4;
constexpr std::uint64_t inflated_bytes_max = 1U << 20U;
constexpr prober::IndexStream::Limits limits{.inflate = {.bytes_max = 1U << 16U,
                                                         .inflated_bytes_max = inflated_bytes_max,
                                                         .ratio_max = 200,
                                                         .window_bytes_max = 8U << 20U},
                                             .stanza_bytes_max = 4096};

auto read(prober::Compression compression, std::string_view bytes, std::size_t piece) {
    std::uint64_t packages = 0;
    prober::IndexStream stream(compression, model::IndexKind::packages, limits,
                               [&](const model::IndexPackage&) { ++packages; });
    for (std::size_t at = 0; at < bytes.size() && stream.feed(bytes.substr(at, piece));
         at += piece) {
    }
    auto result = stream.finish();
    if (result.has_value() && (result->packages != packages || result->bytes != bytes.size() ||
                               result->inflated_bytes > inflated_bytes_max)) {
        std::abort();
    }
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t head = 2;
    if (size < head) {
        return 0;
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view bytes(reinterpret_cast<const char*>(data) + head, size - head);
    const auto compression = static_cast<prober::Compression>(data[0] % packings);
    const auto whole = read(compression, bytes, std::max<std::size_t>(bytes.size(), 1));
    const auto pieces = read(compression, bytes, 1U + data[1]);
    if (whole.has_value() != pieces.has_value() ||
        (whole.has_value() && whole->inflated_sha256 != pieces->inflated_sha256)) {
        std::abort();
    }
    return 0;
}
