// A stranger's token or session: one secret has one spelling.

#include "model/token.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto token = model::parse_token(text);
    if (token && model::format_token(model::TokenId{token->number}, token->secret) != text) {
        std::abort();
    }
    const auto session = model::parse_session(text);
    if (session &&
        model::format_session(model::SessionId{session->number}, session->secret) != text) {
        std::abort();
    }
    return 0;
}
