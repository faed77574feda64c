#include "tools/mirrorwarden/impossible_names.hpp"

#include <fmt/format.h>

#include <random>
#include <string_view>

namespace mirrorwarden {

std::vector<std::string> impossible_names() {
    std::random_device random;
    std::vector<std::string> names;
    for (const std::string_view folder : {"dists/", "/"}) {
        names.push_back(fmt::format("{}no-such-file-{:08x}{:08x}", folder, random(), random()));
    }
    return names;
}

}  // namespace mirrorwarden
