// Forms, query strings and cookies are sent by strangers: what comes out of them is bounded,
// valid text.

#include "model/text_rules.hpp"
#include "tools/service/negotiation.hpp"
#include "tools/service/percent_coding.hpp"
#include "tools/service/request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto pairs = service::parse_form(text)) {
        std::size_t bytes = 0;
        for (const auto& [name, value] : *pairs) {
            bytes += name.size() + value.size();
            if (!model::is_plain_text(name, model::Lines::one) ||
                !model::is_plain_text(value, model::Lines::many)) {
                std::abort();
            }
        }
        if (bytes > size || pairs->size() > service::pairs_max) {
            std::abort();
        }
    }
    service::Request request;
    request.fields = {{"cookie", std::string(text)}};
    if (const auto value = service::cookie(request, "session");
        value && value->find(';') != std::string_view::npos) {
        std::abort();
    }
    service::accepts_gzip(text);
    service::names_entity_tag(text, "\"a\"");
    return 0;
}
