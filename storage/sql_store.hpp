#pragma once

#include "model/store.hpp"
#include "storage/bucket_numbers.hpp"
#include "storage/database.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace storage {

/// `model::Store` in SQL, over either database. Its members are spread over
/// sql_store_*.cpp by subject.
class SqlStore final : public model::Store {
public:
    /// A database whose schema is up to date.
    explicit SqlStore(std::unique_ptr<Database>);

    // sql_store_catalog.cpp
    std::vector<model::Distribution> distributions() override;
    std::optional<model::Distribution> distribution(const std::string& name) override;
    model::StoreResult<model::CatalogChanges> load_catalog(const model::Catalog&,
                                                           const model::Author&) override;

    // sql_store_mirrors.cpp
    std::vector<model::StoredMirror> mirrors(const model::MirrorFilter&) override;
    std::vector<model::MirrorOverview> mirror_overviews(const model::MirrorFilter&) override;
    std::optional<model::StoredMirror> mirror(const std::string& name) override;
    model::StoreResult<model::MirrorId> add_mirror(const model::Mirror&, bool enabled,
                                                   const model::Author&) override;
    model::StoreResult<void> update_mirror(const model::Mirror&, const model::Author&) override;
    model::StoreResult<bool> change_mirror(const std::string& name,
                                           const std::function<bool(model::Mirror&)>& change,
                                           const model::Author&) override;
    model::StoreResult<void> delete_mirror(const std::string& name) override;
    model::StoreResult<void> enable_mirror(const std::string& name, const model::Author&,
                                           std::span<const model::Message>) override;
    model::StoreResult<void> disable_mirror(const std::string& name, const model::Author&,
                                            std::span<const model::Message>) override;
    model::StoreResult<void> set_maintenance(const std::string& name,
                                             std::optional<model::Timestamp> until,
                                             const model::Author&) override;
    std::vector<model::AuditEntry> audit(model::MirrorId) override;

    // sql_store_rows.cpp
    std::vector<model::ContentRow> rows(model::MirrorId) override;
    std::vector<model::ContentRow> unordered_rows(model::MirrorId) override;
    std::vector<model::ImageRow> images(model::MirrorId) override;
    model::StoreResult<model::ContentRow> ensure_row(model::MirrorId,
                                                     const model::Bucket&) override;
    void delete_row(model::MirrorId, const model::Bucket&) override;

    // sql_store_publications.cpp
    model::StoreResult<model::ImportedPublications> import_publications(
        std::span<const model::Publication>) override;
    std::vector<model::Publication> publications_since(const std::string& distribution,
                                                       model::Timestamp since) override;
    std::vector<model::Publication> publications(const std::string& distribution,
                                                 const model::Bucket&) override;

    // sql_store_snapshots.cpp
    std::vector<model::Snapshot> snapshots(const std::string& distribution,
                                           const std::string& suite) override;
    std::optional<model::Snapshot> newest_snapshot(const std::string& distribution,
                                                   const std::string& suite) override;
    std::optional<model::Snapshot> snapshot_of(const std::string& distribution,
                                               const model::Sha256& text) override;
    model::StoreResult<void> record_snapshot(const model::SnapshotUpdate&) override;
    std::optional<model::SuiteValidators> validators(const std::string& distribution,
                                                     const std::string& suite) override;
    void keep_validators(const std::string& distribution, const std::string& suite,
                         const model::SuiteValidators&) override;
    std::optional<model::IndexContent> index_content(const std::string& distribution,
                                                     const model::Bucket&) override;

    // sql_store_probes.cpp
    std::vector<model::ProbeId> record_probes(std::span<const model::ProbeResult>) override;
    std::vector<model::StoredProbe> probes(model::MirrorId, std::size_t most) override;
    std::map<model::MirrorId, model::StoredProbe> newest_probes() override;
    void delete_probe(model::ProbeId) override;
    std::optional<std::string> probe_log(model::ProbeId) override;
    std::vector<bool> apply(std::span<const model::Decision>, const model::Author&) override;

    // sql_store_observations.cpp
    std::optional<model::Observation> observation(model::ProbeId) override;
    void for_each_observation(const std::string& distribution, model::Timestamp since,
                              const std::function<void(const model::ObservedProbe&)>&) override;

    // sql_store_history.cpp
    std::vector<model::NumberedBucket> buckets() override;
    void for_each_row(const model::MirrorChoice&,
                      const std::function<void(const model::PackedRow&)>&) override;
    void for_each_image(
        const model::MirrorChoice&,
        const std::function<void(model::MirrorId, const model::ImageRow&)>&) override;
    void for_each_newest_observation(
        const model::MirrorChoice&,
        const std::function<void(model::MirrorId, const model::Observation&)>&) override;
    void for_each_past_probe(model::ProbeId after, model::Timestamp since,
                             const std::function<void(const model::PastProbe&)>&) override;
    std::vector<model::NumberedChange> changes_after(std::int64_t number) override;
    void for_each_snapshot(std::int64_t after,
                           const std::function<void(const model::NumberedSnapshot&)>&) override;

    // sql_store_outbox.cpp
    void add_messages(std::span<const model::Message>, model::Timestamp) override;
    std::vector<model::OutboxEntry> outbox(bool with_sent) override;
    std::vector<model::OutboxEntry> due_messages(model::Timestamp now, std::size_t most) override;
    bool message_handed_over(model::MessageId) override;
    void message_sent(model::MessageId, model::Timestamp) override;
    void message_failed(model::MessageId, const std::string& error,
                        model::Timestamp next_attempt) override;
    model::StoreResult<void> retry_message(model::MessageId, model::Timestamp now) override;
    model::StoreResult<void> discard_message(model::MessageId) override;

    // sql_store_tokens.cpp
    model::StoreResult<model::TokenId> add_token(const model::NewToken&,
                                                 const model::Author&) override;
    std::vector<model::Token> tokens() override;
    std::optional<model::Token> token(model::TokenId) override;
    model::StoreResult<void> revoke_token(model::TokenId, const model::Author&) override;
    void token_used(model::TokenId, model::Timestamp) override;
    model::StoreResult<model::SessionId> add_session(model::TokenId, const model::Sha256& hash,
                                                     model::Timestamp now,
                                                     model::Timestamp expires) override;
    std::optional<model::Session> session(model::SessionId) override;
    void end_session(model::SessionId) override;
    model::Secret link_key(const model::Secret& fresh) override;
    void replace_link_key(const model::Secret& fresh) override;

    // sql_store_requests.cpp
    model::StoreResult<void> request_probe(const std::string& mirror, std::chrono::seconds pause,
                                           const model::Author&) override;
    std::optional<model::ProbeRequest> last_probe_request(const std::string& mirror) override;
    std::vector<model::ProbeRequest> probe_requests(model::Timestamp now) override;

    // sql_store_runs.cpp
    model::RunId begin_run(const std::string& host, model::Timestamp,
                           std::uint32_t mirrors) override;
    void run_goes_on(model::RunId, model::Timestamp, std::uint32_t probed) override;
    void end_run(model::RunId, model::Timestamp, std::uint32_t probed, model::RunOutcome) override;
    std::vector<model::RunRecord> runs(std::size_t most) override;

    // sql_store_branches.cpp
    model::StoreResult<model::BranchId> add_branch(const model::Branch&) override;
    std::vector<model::Branch> branches() override;
    std::optional<model::Branch> branch(model::BranchId) override;
    std::optional<model::Branch> branch(const std::string& name) override;
    std::optional<model::BranchResult> change_branch(
        model::BranchId,
        const std::function<model::BranchResult(const model::Branch&)>& change) override;
    std::vector<model::Branch> due_branches(std::span<const model::BranchType>,
                                            model::Timestamp now, std::size_t most) override;
    std::optional<model::Branch> acquire_branch(std::span<const model::BranchType>,
                                                const model::MirrorReport&,
                                                std::chrono::seconds lease) override;
    std::vector<model::Branch> end_leases(model::Timestamp now) override;

    // sql_store_scripts.cpp
    void record_script(const model::ScriptActivity&) override;
    std::vector<model::ScriptActivity> last_script_activities() override;
    std::optional<model::ScriptActivity> last_script_activity(const std::string& name) override;
    std::vector<model::ScriptActivity> script_activities(model::Timestamp since) override;

    // sql_store_syncs.cpp
    model::StoreResult<void> mirror_sync_started(const std::string& mirror,
                                                 const model::Author&) override;
    model::StoreResult<void> mirror_sync_completed(const std::string& mirror,
                                                   const model::Author&) override;
    std::map<model::MirrorId, model::MirrorSync> mirror_syncs() override;

    // sql_store.cpp
    bool wait_for_change(std::chrono::milliseconds patience) override;
    std::unique_ptr<model::StoreLock> try_lock(const std::string& name) override;
    std::string check() override;

private:
    std::unique_ptr<Database> database_;
    BucketNumbers buckets_;
};

}  // namespace storage
