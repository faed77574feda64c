// A location is sent by a stranger: it may not crash us, nor lead out of the
// schemes that we speak, nor carry a line break into a request or a log.

#include "model/redirect.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view location(reinterpret_cast<const char*>(data), size);
    const auto target =
        model::follow_redirect("http://a.example/ubuntu/Packages.gz", location, 0, 3);
    if (!target) {
        return 0;
    }
    const bool is_known = target->starts_with("http://") || target->starts_with("https://") ||
                          target->starts_with("ftp://");
    const bool is_one_line = target->find_first_of("\r\n ") == std::string::npos;
    // Following it again from where it led must be possible: it is a whole URL.
    const bool is_whole = model::follow_redirect(*target, *target, 0, 1).has_value();
    if (!is_known || !is_one_line || !is_whole) {
        std::abort();
    }
    return 0;
}
