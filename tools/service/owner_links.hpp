#pragma once

#include "model/timestamp.hpp"
#include "model/token.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Links in mails to owners, which need no account: what they may do ends by itself, and is
/// signed with a key that the database keeps.
namespace service {

/// For how long a link is good.
inline constexpr std::chrono::hours owner_link_life{24 * 30};

struct OwnerLink {
    std::string mirror;
    model::Timestamp expires;  // whole seconds
};

/// What makes the link good for that mirror until then, and for nothing else: 64 hexadecimal
/// digits.
std::string proof_of(const model::Secret& key, const OwnerLink&);

/// "/owner/valid-mirror?expires=1767225600&proof=…", below the base path.
std::string owner_path(const model::Secret& key, const OwnerLink&);

/// The link that somebody shows; empty where it expired, or is not of that key.
std::optional<OwnerLink> check_owner_link(const model::Secret& key, std::string_view mirror,
                                          std::string_view expires, std::string_view proof,
                                          model::Timestamp now);

}  // namespace service
