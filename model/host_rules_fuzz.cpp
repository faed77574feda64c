// A stranger's wishes: they may slow us down and keep us away, within bounds.

#include "model/host_rules.hpp"
#include "model/text_rules.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool is_so) {
    if (!is_so) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr model::Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const auto rules = model::parse_host_rules({reinterpret_cast<const char*>(data), size}, now);
    require(model::is_plain_text(rules.contact, model::Lines::one));
    require(!rules.requests_per_second ||
            (*rules.requests_per_second >= 0.1 && *rules.requests_per_second <= 1000));
    require(!rules.maintenance_until || *rules.maintenance_until <= now + std::chrono::days{31});
    require(rules.disallowed.size() + rules.remarks.size() <= 402);
    require(!is_disallowed(rules, "/"));
    for (const auto& path : rules.disallowed) {
        require(path.starts_with('/') && is_disallowed(rules, path));
    }
    for (const auto& remark : rules.remarks) {
        require(model::is_plain_text(remark.what, model::Lines::one));
    }
    return 0;
}
