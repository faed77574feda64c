#pragma once

#include "model/sha256.hpp"
#include "model/token.hpp"

#include <string>
#include <string_view>

namespace service {

/// From the system's generator. Throws `std::runtime_error` where it gives none.
model::Secret random_secret();

model::Sha256 hash_of(const model::Secret&);

/// HMAC-SHA-256, RFC 2104.
model::Sha256 sign(const model::Secret& key, std::string_view text);

/// In a time that does not tell how much of the two is the same.
bool is_same_secret(const model::Sha256&, const model::Sha256&) noexcept;
bool is_same_secret(std::string_view, std::string_view) noexcept;

}  // namespace service
