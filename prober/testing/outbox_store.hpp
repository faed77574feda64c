#pragma once

#include "model/store.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace prober::testing {

/// A store in memory that has an outbox and nothing else: all other calls throw.
class OutboxStore : public model::Store {
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
    void message_handed_over(model::MessageId id) override {
        if (is_broken) {
            throw model::StorageError("the database is gone");
        }
        at(id).state = model::DeliveryState::uncertain;
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

    std::vector<model::Distribution> distributions() override { absent(); }
    std::optional<model::Distribution> distribution(const std::string&) override { absent(); }
    model::StoreResult<model::CatalogChanges> load_catalog(const model::Catalog&,
                                                           const model::Author&) override {
        absent();
    }
    std::vector<model::StoredMirror> mirrors(const model::MirrorFilter&) override { absent(); }
    std::vector<model::MirrorOverview> mirror_overviews(const model::MirrorFilter&) override {
        absent();
    }
    std::optional<model::StoredMirror> mirror(const std::string&) override { absent(); }
    model::StoreResult<model::MirrorId> add_mirror(const model::Mirror&, bool,
                                                   const model::Author&) override {
        absent();
    }
    model::StoreResult<void> update_mirror(const model::Mirror&, const model::Author&) override {
        absent();
    }
    model::StoreResult<bool> change_mirror(const std::string&,
                                           const std::function<bool(model::Mirror&)>&,
                                           const model::Author&) override {
        absent();
    }
    model::StoreResult<void> delete_mirror(const std::string&) override { absent(); }
    model::StoreResult<void> enable_mirror(const std::string&, const model::Author&,
                                           std::span<const model::Message>) override {
        absent();
    }
    model::StoreResult<void> disable_mirror(const std::string&, const model::Author&,
                                            std::span<const model::Message>) override {
        absent();
    }
    model::StoreResult<void> set_maintenance(const std::string&, std::optional<model::Timestamp>,
                                             const model::Author&) override {
        absent();
    }
    std::vector<model::AuditEntry> audit(model::MirrorId) override { absent(); }
    std::vector<model::ContentRow> rows(model::MirrorId) override { absent(); }
    std::vector<model::ContentRow> unordered_rows(model::MirrorId) override { absent(); }
    std::vector<model::ImageRow> images(model::MirrorId) override { absent(); }
    model::StoreResult<model::ContentRow> ensure_row(model::MirrorId,
                                                     const model::Bucket&) override {
        absent();
    }
    void delete_row(model::MirrorId, const model::Bucket&) override { absent(); }
    model::StoreResult<model::ImportedPublications> import_publications(
        std::span<const model::Publication>) override {
        absent();
    }
    std::vector<model::Publication> publications_since(const std::string&,
                                                       model::Timestamp) override {
        absent();
    }
    std::vector<model::Publication> publications(const std::string&,
                                                 const model::Bucket&) override {
        absent();
    }
    std::vector<model::Snapshot> snapshots(const std::string&, const std::string&) override {
        absent();
    }
    std::optional<model::Snapshot> newest_snapshot(const std::string&,
                                                   const std::string&) override {
        absent();
    }
    std::optional<model::Snapshot> snapshot_of(const std::string&, const model::Sha256&) override {
        absent();
    }
    model::StoreResult<void> record_snapshot(const model::SnapshotUpdate&) override { absent(); }
    std::optional<model::SuiteValidators> validators(const std::string&,
                                                     const std::string&) override {
        absent();
    }
    void keep_validators(const std::string&, const std::string&,
                         const model::SuiteValidators&) override {
        absent();
    }
    std::optional<model::IndexContent> index_content(const std::string&,
                                                     const model::Bucket&) override {
        absent();
    }
    std::vector<model::ProbeId> record_probes(std::span<const model::ProbeResult>) override {
        absent();
    }
    std::vector<model::StoredProbe> probes(model::MirrorId, std::size_t) override { absent(); }
    std::map<model::MirrorId, model::StoredProbe> newest_probes() override { absent(); }
    void delete_probe(model::ProbeId) override { absent(); }
    std::optional<std::string> probe_log(model::ProbeId) override { absent(); }
    std::optional<model::Observation> observation(model::ProbeId) override { absent(); }
    void for_each_observation(const std::string&, model::Timestamp,
                              const std::function<void(const model::ObservedProbe&)>&) override {
        absent();
    }
    std::vector<model::NumberedBucket> buckets() override { absent(); }
    void for_each_row(const model::MirrorChoice&,
                      const std::function<void(const model::PackedRow&)>&) override {
        absent();
    }
    void for_each_image(
        const model::MirrorChoice&,
        const std::function<void(model::MirrorId, const model::ImageRow&)>&) override {
        absent();
    }
    void for_each_newest_observation(
        const model::MirrorChoice&,
        const std::function<void(model::MirrorId, const model::Observation&)>&) override {
        absent();
    }
    void for_each_past_probe(model::ProbeId, model::Timestamp,
                             const std::function<void(const model::PastProbe&)>&) override {
        absent();
    }
    std::vector<model::NumberedChange> changes_after(std::int64_t) override { absent(); }
    void for_each_snapshot(std::int64_t,
                           const std::function<void(const model::NumberedSnapshot&)>&) override {
        absent();
    }
    std::vector<bool> apply(std::span<const model::Decision>, const model::Author&) override {
        absent();
    }
    model::StoreResult<void> retry_message(model::MessageId, model::Timestamp) override {
        absent();
    }
    model::StoreResult<model::TokenId> add_token(const model::NewToken&,
                                                 const model::Author&) override {
        absent();
    }
    std::vector<model::Token> tokens() override { absent(); }
    std::optional<model::Token> token(model::TokenId) override { absent(); }
    model::StoreResult<void> revoke_token(model::TokenId, const model::Author&) override {
        absent();
    }
    void token_used(model::TokenId, model::Timestamp) override { absent(); }
    model::StoreResult<model::SessionId> add_session(model::TokenId, const model::Sha256&,
                                                     model::Timestamp, model::Timestamp) override {
        absent();
    }
    std::optional<model::Session> session(model::SessionId) override { absent(); }
    void end_session(model::SessionId) override { absent(); }
    model::Secret link_key(const model::Secret&) override { absent(); }
    void replace_link_key(const model::Secret&) override { absent(); }
    model::StoreResult<void> request_probe(const std::string&, std::chrono::seconds,
                                           const model::Author&) override {
        absent();
    }
    std::optional<model::ProbeRequest> last_probe_request(const std::string&) override { absent(); }
    std::vector<model::ProbeRequest> probe_requests(model::Timestamp) override { absent(); }
    model::StoreResult<void> discard_message(model::MessageId) override { absent(); }
    model::RunId begin_run(const std::string&, model::Timestamp, std::uint32_t) override {
        absent();
    }
    void run_goes_on(model::RunId, model::Timestamp, std::uint32_t) override { absent(); }
    void end_run(model::RunId, model::Timestamp, std::uint32_t, model::RunOutcome) override {
        absent();
    }
    std::vector<model::RunRecord> runs(std::size_t) override { absent(); }

    bool wait_for_change(std::chrono::milliseconds) override { absent(); }
    std::unique_ptr<model::StoreLock> try_lock(const std::string&) override { absent(); }
    std::string check() override { absent(); }

private:
    [[noreturn]] static void absent() { throw std::logic_error("this store has an outbox only"); }

    model::OutboxEntry& at(model::MessageId id) {
        return *std::ranges::find(entries, id, &model::OutboxEntry::id);
    }
};

}  // namespace prober::testing
