// A stranger's page: the names in it become parts of URLs, and go to screens and mails.

#include "model/directory_listing.hpp"
#include "model/text_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t files_max = 50;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view page{reinterpret_cast<const char*>(data), size};
    const auto files = model::parse_listing(page, files_max);
    if (files.size() > files_max || model::choose_traces(files, "a.example").size() > 3) {
        std::abort();
    }
    for (const auto& file : files) {
        if (!model::is_plain_text(file.name, model::Lines::one) ||
            file.name.find('/') != std::string::npos || file.name.starts_with('.')) {
            std::abort();
        }
    }
    return 0;
}
