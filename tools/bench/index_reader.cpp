// Reads an index the way `archive refresh` does: inflates, hashes both forms, parses every
// stanza, and compares what it lists with what another snapshot listed.

#include "prober/index_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

constexpr prober::IndexStream::Limits limits{
    .inflate = {.bytes_max = std::uint64_t{1} << 30U,
                .inflated_bytes_max = std::uint64_t{1} << 32U,
                .ratio_max = 1'000,
                .window_bytes_max = 128U << 20U},
    .stanza_bytes_max = 1U << 20U};

/// The most memory that this program had. The kernel's ru_maxrss knows that of who started it, too.
long peak_memory_kb() {
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.starts_with("VmHWM:")) {
            return std::strtol(line.c_str() + sizeof("VmHWM:") - 1, nullptr, 10);
        }
    }
    return 0;
}

int read_index(const char* name) {
    std::ifstream file(name, std::ios::binary);
    if (!file) {
        fmt::print(stderr, "bench-index-reader: cannot read {}\n", name);
        return 1;
    }
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::uint64_t> keys;
    prober::IndexStream stream(prober::compression_of(name), model::IndexKind::packages, limits,
                               [&keys](const model::IndexPackage& package) {
                                   keys.push_back(model::package_key(package));
                               });
    std::array<char, 65'536> buffer{};
    while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) {
        stream.feed({buffer.data(), static_cast<std::size_t>(file.gcount())});
    }
    const auto summary = stream.finish();
    if (summary.has_error()) {
        fmt::print(stderr, "bench-index-reader: {}: {}\n", name, summary.error().what);
        return 1;
    }
    std::sort(keys.begin(), keys.end());
    const auto doubles = keys.end() - std::unique(keys.begin(), keys.end());
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began;
    fmt::print(R"({{"packages": {}, "doubles": {}, "sha256": "{}", "inflated_sha256": "{}", )"
               R"("inflated_bytes": {}, "seconds": {:.4f}, "peak_kb": {}}})"
               "\n",
               summary->packages, doubles, to_string(summary->sha256),
               to_string(summary->inflated_sha256), summary->inflated_bytes, elapsed.count(),
               peak_memory_kb());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "Usage: bench-index-reader FILE\n");
        return 2;
    }
    return read_index(argv[1]);
}
