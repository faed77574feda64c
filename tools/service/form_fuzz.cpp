// Forms, query strings, cookies, tokens and changes are sent by strangers: what comes out of
// them is bounded, valid text.

#include "model/text_rules.hpp"
#include "model/token.hpp"
#include "tools/service/change_body.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/negotiation.hpp"
#include "tools/service/percent_coding.hpp"
#include "tools/service/request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void read_change(std::string_view text) {
    service::Request request;
    request.fields = {{"content-type", "application/json"}};
    request.body = text;
    auto body = service::ChangeBody::from_json(request);
    const auto reason = body.text("reason");
    const auto owners = body.texts("owners");
    body.flag("notify_owner");
    body.time("until");
    if (body.is_null("until") && reason && reason->size() + owners.size() > text.size()) {
        std::abort();
    }
    body.fault();
}

/// A token has one spelling, and a page's path is a path.
void read_credentials(std::string_view text) {
    if (const auto token = model::parse_token(text);
        token && model::format_token(model::TokenId{token->number}, token->secret) != text) {
        std::abort();
    }
    const auto path = service::own_path(text);
    if (!path.starts_with('/') || path.starts_with("//") ||
        path.find_first_of("\r\n\\") != std::string::npos) {
        std::abort();
    }
}

}  // namespace

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
    read_change(text);
    read_credentials(text);
    service::accepts_gzip(text);
    service::names_entity_tag(text, "\"a\"");
    return 0;
}
