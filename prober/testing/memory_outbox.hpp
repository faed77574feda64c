#pragma once

#include "model/mail_outbox.hpp"
#include "model/store.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace prober::testing {

/// An outbox in memory.
class MemoryOutbox : public model::MailOutbox {
public:
    std::vector<model::OutboxEntry> entries;
    bool is_broken = false;  // as a database that is gone: handing over throws

    void add_messages(std::span<const model::Message> messages, model::Timestamp now) override {
        for (const model::Message& message : messages) {
            model::OutboxEntry entry;
            entry.id = model::MessageId{static_cast<std::int64_t>(entries.size()) + 1};
            entry.message = message;
            entry.created = now;
            entry.next_attempt = now;
            entries.push_back(entry);
        }
    }
    std::vector<model::OutboxEntry> outbox(bool) override { return entries; }
    std::vector<model::OutboxEntry> due_messages(model::Timestamp now, std::size_t most) override {
        std::vector<model::OutboxEntry> due;
        for (const model::OutboxEntry& entry : entries) {
            if (entry.state == model::DeliveryState::waiting && entry.next_attempt <= now &&
                due.size() < most) {
                due.push_back(entry);
            }
        }
        return due;
    }
    bool message_handed_over(model::MessageId id) override {
        if (is_broken) {
            throw model::StorageError("the database is gone");
        }
        const auto entry = std::ranges::find(entries, id, &model::OutboxEntry::id);
        if (entry == entries.end() || entry->state != model::DeliveryState::waiting) {
            return false;
        }
        entry->state = model::DeliveryState::uncertain;
        return true;
    }
    void message_sent(model::MessageId id, model::Timestamp) override {
        at(id).state = model::DeliveryState::sent;
    }
    void message_failed(model::MessageId id, const std::string& error,
                        model::Timestamp next_attempt) override {
        auto& entry = at(id);
        entry.state = model::DeliveryState::waiting;
        ++entry.attempts;
        entry.last_error = error;
        entry.next_attempt = next_attempt;
    }

private:
    model::OutboxEntry& at(model::MessageId id) {
        return *std::ranges::find(entries, id, &model::OutboxEntry::id);
    }
};

}  // namespace prober::testing
