// A request's target is sent by a stranger: its path never leaves the place where we serve,
// whoever reads it.

#include "model/text_rules.hpp"
#include "tools/service/request_target.hpp"
#include "tools/service/router.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const char* base_path : {"", "/a"}) {
        const auto target = service::parse_target(text, base_path);
        if (target.has_error()) {
            continue;
        }
        const std::string& path = target->path;
        const std::string closed = path + "/";
        if (!path.starts_with('/') || !model::is_plain_text(path, model::Lines::one) ||
            path.find("//") != std::string::npos || closed.find("/../") != std::string::npos ||
            closed.find("/./") != std::string::npos || path.find('\\') != std::string::npos) {
            std::abort();
        }
        static const std::vector<service::Route> routes = {
            {.method = "GET", .pattern = "/{name}"},
            {.method = "GET", .pattern = "/a/x{name}.txt"}};
        for (const auto& [name, value] : service::find_route(routes, "GET", path).captures) {
            if (value.empty() || value.find('/') != std::string::npos) {
                std::abort();
            }
        }
    }
    return 0;
}
