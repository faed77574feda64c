// Dates that strangers write: a real moment that we can write ourselves, or nothing; and how long
// they ask us to wait, a year at most.

#include "model/retry_after.hpp"
#include "model/written_date.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto moment : {model::parse_release_date(text), model::parse_trace_date(text),
                              model::parse_http_date(text, model::Timestamp{})}) {
        if (moment && model::parse_timestamp(model::format_timestamp(*moment)) != moment) {
            std::abort();
        }
    }
    const auto pause = model::parse_retry_after(text, model::Timestamp{});
    if (pause && (*pause < std::chrono::seconds{0} || *pause > std::chrono::days{365})) {
        std::abort();
    }
    return 0;
}
