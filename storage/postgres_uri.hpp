#pragma once

#include <string>
#include <string_view>

namespace storage {

/// What messages may say of a libpq URI: "postgresql://host:port/name", without user
/// and password. Where it cannot be told what is the password: "the PostgreSQL database".
std::string describe_postgres_uri(std::string_view uri);

/// The URI with what we want of a connection, where it does not say otherwise: time
/// limits for connecting, for a dead network, for locks and for idle transactions.
std::string complete_postgres_uri(std::string_view uri);

/// `text` on one line, every password of the URI replaced by "***".
std::string redact(std::string_view text, std::string_view uri);

}  // namespace storage
