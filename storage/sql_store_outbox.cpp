#include "storage/outbox_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <limits>

namespace storage {
namespace {

using namespace std::chrono_literals;

using model::DeliveryState;
using model::MessageId;
using model::OutboxEntry;
using model::Refusal;

std::vector<OutboxEntry> read_entries(const Rows& rows) {
    std::vector<OutboxEntry> all;
    for (const Row row : rows) {
        all.push_back({.id = MessageId{row.integer(0)},
                       .message = {.to = {.name = row.text(1), .address = row.text(2)},
                                   .subject = row.text(3),
                                   .body = row.text(4),
                                   .mirror = row.text(5),
                                   .message_id = row.text(6)},
                       .created = row.time(7),
                       .state = row.word<DeliveryState>(8),
                       .attempts = static_cast<int>(row.integer(9)),
                       .next_attempt = row.time(10),
                       .last_error = row.text(11)});
    }
    return all;
}

/// What a mail server said, as far as every database can hold it.
std::string printable(const std::string& error) {
    std::string text;
    for (const char c : error) {
        const auto byte = static_cast<unsigned char>(c);
        text += byte < 0x20 || byte > 0x7e ? '?' : c;
    }
    return text;
}

Refusal no_such_message(MessageId id) {
    return {.kind = Refusal::Kind::no_such_message,
            .detail = fmt::format("There is no message {} in the outbox: `mirrorwarden outbox "
                                  "list` shows those that are there.",
                                  to_integer(id))};
}

}  // namespace

void insert_messages(Database& database, std::span<const model::Message> messages,
                     model::Timestamp when) {
    for (const model::Message& message : messages) {
        database.execute(
            "INSERT INTO message (to_name, to_address, subject, body, mirror, message_id, "
            "created, state, attempts, next_attempt, last_error) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, '') "
            "ON CONFLICT (message_id) WHERE message_id <> '' DO NOTHING",
            {message.to.name, message.to.address, message.subject, message.body, message.mirror,
             message.message_id, when, DeliveryState::waiting, when});
    }
}

void SqlStore::add_messages(std::span<const model::Message> messages, model::Timestamp when) {
    Transaction transaction{*database_, Access::write};
    insert_messages(*database_, messages, when);
    transaction.commit();
}

std::vector<OutboxEntry> SqlStore::outbox(bool with_sent) {
    Transaction transaction{*database_, Access::read};
    auto all = read_entries(database_->execute(
        "SELECT id, to_name, to_address, subject, body, mirror, message_id, created, state, "
        "attempts, next_attempt, last_error FROM message WHERE state <> $1 OR $2 = 1 ORDER BY id",
        {DeliveryState::sent, with_sent}));
    transaction.commit();
    return all;
}

std::vector<OutboxEntry> SqlStore::due_messages(model::Timestamp now, std::size_t most) {
    // No pause ends later than this: the clock was ahead when that was written.
    const auto believed = now + model::delivery_pause(std::numeric_limits<int>::max()) + 1h;
    Transaction transaction{*database_, Access::read};
    auto all = read_entries(database_->execute(
        "SELECT id, to_name, to_address, subject, body, mirror, message_id, created, state, "
        "attempts, next_attempt, last_error FROM message "
        "WHERE state = $1 AND (next_attempt <= $2 OR next_attempt > $3) ORDER BY id LIMIT $4",
        {DeliveryState::waiting, now, believed, most}));
    transaction.commit();
    return all;
}

// An attempt counts once, whether or not the server was reached: it is counted when
// the message is handed over, or when it ends without having come that far.

bool SqlStore::message_handed_over(MessageId id) {
    Transaction transaction{*database_, Access::write};
    const Rows rows = database_->execute(
        "UPDATE message SET state = $1, attempts = attempts + 1 WHERE id = $2 AND state = $3 "
        "RETURNING id",
        {DeliveryState::uncertain, id, DeliveryState::waiting});
    transaction.commit();
    return !rows.empty();
}

void SqlStore::message_sent(MessageId id, model::Timestamp when) {
    Transaction transaction{*database_, Access::write};
    database_->execute(
        "UPDATE message SET attempts = attempts + CASE WHEN state = $1 THEN 1 ELSE 0 END, "
        "state = $2, sent = $3, last_error = '' WHERE id = $4",
        {DeliveryState::waiting, DeliveryState::sent, when, id});
    transaction.commit();
}

void SqlStore::message_failed(MessageId id, const std::string& error,
                              model::Timestamp next_attempt) {
    Transaction transaction{*database_, Access::write};
    database_->execute(
        "UPDATE message SET attempts = attempts + CASE WHEN state = $1 THEN 1 ELSE 0 END, "
        "state = $2, next_attempt = $3, last_error = $4 WHERE id = $5 AND state <> $6",
        {DeliveryState::waiting, DeliveryState::waiting, next_attempt, printable(error), id,
         DeliveryState::sent});
    transaction.commit();
}

model::StoreResult<void> SqlStore::retry_message(MessageId id, model::Timestamp now) {
    Transaction transaction{*database_, Access::write};
    const Rows rows =
        database_->execute("SELECT state FROM message WHERE id = CAST($1 AS BIGINT)", {id});
    if (rows.empty()) {
        return no_such_message(id);
    }
    const auto state = rows[0].word<DeliveryState>(0);
    if (state != DeliveryState::uncertain) {
        return Refusal{.kind = Refusal::Kind::already_so,
                       .detail = fmt::format("Message {} is {} already: only an uncertain one can "
                                             "be sent again.",
                                             to_integer(id), to_string(state))};
    }
    database_->execute("UPDATE message SET state = $1, next_attempt = $2 WHERE id = $3",
                       {DeliveryState::waiting, now, id});
    transaction.commit();
    return {};
}

model::StoreResult<void> SqlStore::discard_message(MessageId id) {
    Transaction transaction{*database_, Access::write};
    const Rows rows =
        database_->execute("SELECT state FROM message WHERE id = CAST($1 AS BIGINT)", {id});
    if (rows.empty()) {
        return no_such_message(id);
    }
    if (rows[0].word<DeliveryState>(0) == DeliveryState::sent) {
        return Refusal{
            .kind = Refusal::Kind::already_so,
            .detail = fmt::format("Message {} was sent: it cannot be discarded.", to_integer(id))};
    }
    database_->execute("DELETE FROM message WHERE id = $1", {id});
    transaction.commit();
    return {};
}

}  // namespace storage
