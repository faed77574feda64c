#include "tools/service/owner_links.hpp"

#include "tools/service/page_layout.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace service {
namespace {

using std::chrono::seconds;

std::int64_t number_of(model::Timestamp when) {
    return std::chrono::floor<seconds>(when).time_since_epoch().count();
}

/// The year 9999; more would not fit a timestamp.
constexpr std::int64_t number_max = 253'402'300'799;

}  // namespace

// A mirror's name has no line end, so that no two links sign the same text.
std::string proof_of(const model::Secret& key, const OwnerLink& link) {
    return to_string(
        sign(key, fmt::format("owner link\n{}\n{}", link.mirror, number_of(link.expires))));
}

std::string owner_path(const model::Secret& key, const OwnerLink& link) {
    return fmt::format("/owner/{}?expires={}&proof={}", url_text(link.mirror),
                       number_of(link.expires), proof_of(key, link));
}

std::optional<OwnerLink> check_owner_link(const model::Secret& key, std::string_view mirror,
                                          std::string_view expires, std::string_view proof,
                                          model::Timestamp now) {
    std::int64_t number = 0;
    const char* const end = expires.data() + expires.size();
    const auto read = std::from_chars(expires.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || number < 0 || number > number_max) {
        return std::nullopt;
    }
    const OwnerLink link{.mirror = std::string(mirror),
                         .expires = model::Timestamp{seconds{number}}};
    if (!is_same_secret(proof_of(key, link), proof) || now >= link.expires) {
        return std::nullopt;
    }
    return link;
}

}  // namespace service
