#pragma once

#include "model/outbox.hpp"
#include "storage/database.hpp"

#include <span>

namespace storage {

/// Adds messages to the outbox, due at once, within a transaction of the caller's. One
/// whose Message-ID is there already is left out: it was decided on before.
void insert_messages(Database&, std::span<const model::Message>, model::Timestamp);

}  // namespace storage
