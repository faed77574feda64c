#include "tools/service/mirror_query.hpp"
#include "tools/service/query.hpp"
#include "tools/service/request_target.hpp"
#include "tools/service/testing/hand_made_world.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

/// The bytes are what follows "?": whatever they are, the answer is a list or a problem, and
/// each cursor that we give is one that we take.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto world = service::testing::hand_made_world();
    const std::string query(reinterpret_cast<const char*>(data), size);
    for (const char* path : {"/api/v1/mirrors?", "/api/v1/events?", "/api/v1/mirrors/off/history?",
                             "/api/v1/mirrors/off/events?", "/debian/metalink?",
                             "/api/v1/distributions/debian/propagation?"}) {
        const std::string target = path + query;
        if (service::parse_target(target, "").has_error()) {
            return 0;
        }
        const auto response = service::testing::answer(target, *world);
        if (response.status != 200 && response.status != 400 && response.status != 404) {
            std::abort();
        }
    }
    const auto decoded = service::decode_cursor(query);
    if (decoded && service::encode_cursor(*decoded) != query) {
        std::abort();
    }
    return 0;
}
