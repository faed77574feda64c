#include "tools/mirrorwarden/impossible_names.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace mirrorwarden {

std::vector<std::string> impossible_names() {
    // Each mirror has names of its own. std::random_device asks the processor, which takes its
    // time: half of what planning a mirror costs.
    std::array<std::uint64_t, 2> random{};
    if (::getentropy(random.data(), sizeof random) != 0) {
        throw std::system_error(errno, std::generic_category(), "get random numbers");
    }
    constexpr std::string_view pattern = "{}no-such-file-{:016x}";
    return {fmt::format(pattern, "dists/", random[0]), fmt::format(pattern, "/", random[1])};
}

}  // namespace mirrorwarden
