#pragma once

#include "model/branch.hpp"
#include "model/bucket.hpp"
#include "model/catalog.hpp"
#include "model/decision.hpp"
#include "model/freshness.hpp"
#include "model/history.hpp"
#include "model/mail_outbox.hpp"
#include "model/mirror_sync.hpp"
#include "model/outbox.hpp"
#include "model/probe.hpp"
#include "model/publication.hpp"
#include "model/run_record.hpp"
#include "model/script_activity.hpp"
#include "model/snapshot_update.hpp"
#include "model/token.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace model {

/// The database is missing, full, locked, of an unknown version or wrong.
/// Nothing a caller can repair: let it travel to `main`.
class StorageError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Why a change was refused. `detail` is a whole sentence for the user that
/// names both sides, e.g. which mirror already has the URL.
struct Refusal {
    enum class Kind {
        no_such_distribution,
        no_such_mirror,
        name_taken,
        url_taken,
        has_been_probed,  // such a mirror cannot be deleted
        no_such_message,
        no_such_token,
        no_such_branch,
        no_such_bucket,  // a publication or row names a bucket that the catalogue lacks
        series_in_use,
        already_so,      // nothing to change: enabled already, disabled already
        older_snapshot,  // than the newest that is known of the suite: perhaps a replay
        too_soon,        // after the last time
        not_probed,      // by any run: switched off by an admin, or without a URL
    };
    Kind kind{};
    std::string detail;
};

/// Deliberately without exception support: a refusal is read, not thrown.
template <class T>
using StoreResult = boost::system::result<T, Refusal>;

/// Who changes something, when, and why; kept in the audit trail.
struct Author {
    std::string who;  // "prober", the login name of an admin, or "owner " and by what right
    Timestamp when;
    std::string why;  // may be empty
};

/// One line of a mirror's audit trail.
struct AuditEntry {
    Timestamp when;
    std::string who;
    /// "enabled", "disabled", "status OFFICIAL", "http_url http://…", "added",
    /// "maintenance until 2026-01-02T00:00:00Z", "maintenance ended", "probe requested",
    /// "changed country, speed"
    std::string what;
    std::string why;

    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

/// One of any mirror. Later ones have higher numbers.
struct NumberedChange {
    std::int64_t number = 0;
    MirrorId mirror{};
    AuditEntry entry;

    friend bool operator==(const NumberedChange&, const NumberedChange&) = default;
};

struct MirrorFilter {
    std::optional<std::string> distribution = std::nullopt;
    std::optional<Content> content = std::nullopt;
    bool only_enabled = false;
    bool only_official = false;
};

/// A mirror with what listings show of it.
struct MirrorOverview {
    StoredMirror mirror;
    std::optional<StoredProbe> last_probe;  // the newest
    MirrorFreshness freshness;
};

/// One probe, and what it learnt beside the mirror's rows.
struct ObservedProbe {
    std::string mirror;  // its name
    StoredProbe probe;
    Observation observation;  // empty where none was kept
};

/// What loading a catalogue did. Names, in the file's order.
struct CatalogChanges {
    struct Item {
        std::string kind;                         // "distribution", "series", "mirror"
        std::string name;                         // a series: "ubuntu/hoary"
        std::vector<std::string> changed_fields;  // empty for one that was added
    };
    std::vector<Item> added;
    std::vector<Item> updated;
    std::size_t unchanged = 0;
};

struct ImportedPublications {
    std::size_t added = 0;
    std::size_t updated = 0;    // the status or path of a known one changed
    std::size_t unchanged = 0;  // known already, or twice in the input
};

/// A lock that lives as long as this object, and no longer than the process.
class StoreLock {
public:
    virtual ~StoreLock() = default;
};

/// What the program must remember between runs.
///
/// Abstract so that the program runs on either of two databases; both pass
/// the tests beside the store. Calls block; each is one transaction; any may
/// throw `StorageError`, and then nothing was changed. One thread at a time, but
/// any thread. Times are UTC.
class Store : public MailOutbox {
public:
    // The catalogue.

    virtual std::vector<Distribution> distributions() = 0;  // by name
    virtual std::optional<Distribution> distribution(const std::string& name) = 0;
    /// Adds or updates all of it, or nothing. A mirror's `enabled`, and its status
    /// and whiteboard where the file is silent, stay as they are on an update.
    virtual StoreResult<CatalogChanges> load_catalog(const Catalog&, const Author&) = 0;

    // Mirrors.

    /// Speed descending, then name.
    virtual std::vector<StoredMirror> mirrors(const MirrorFilter&) = 0;
    virtual std::vector<MirrorOverview> mirror_overviews(const MirrorFilter&) = 0;
    virtual std::optional<StoredMirror> mirror(const std::string& name) = 0;
    virtual StoreResult<MirrorId> add_mirror(const Mirror&, bool enabled, const Author&) = 0;
    /// Replaces what people say about the mirror of that name; an audit entry for
    /// each URL and the status where they change, and one for all else that does.
    virtual StoreResult<void> update_mirror(const Mirror&, const Author&) = 0;
    /// The same of what `change` makes of the mirror as it is then, so that no other change is
    /// lost; nothing where that says no. Returns what it said. `change` must not use the store.
    virtual StoreResult<bool> change_mirror(const std::string& name,
                                            const std::function<bool(Mirror&)>& change,
                                            const Author&) = 0;
    virtual StoreResult<void> delete_mirror(const std::string& name) = 0;
    /// By hand: `Author::why` is the reason; `messages` join the outbox in the same
    /// transaction.
    virtual StoreResult<void> enable_mirror(const std::string& name, const Author&,
                                            std::span<const Message>) = 0;
    virtual StoreResult<void> disable_mirror(const std::string& name, const Author&,
                                             std::span<const Message>) = 0;
    /// Until then the mirror is not disabled or mailed about; empty ends that. `Author::why`
    /// is the reason, for the audit trail. Refused where nothing would change.
    virtual StoreResult<void> set_maintenance(const std::string& mirror,
                                              std::optional<Timestamp> until, const Author&) = 0;
    virtual std::vector<AuditEntry> audit(MirrorId) = 0;  // oldest first

    // What mirrors have. Rows in bucket order (series newest first, as expected_buckets).

    virtual std::vector<ContentRow> rows(MirrorId) = 0;
    /// The same in any order, much cheaper: for who asks for hundreds of mirrors.
    virtual std::vector<ContentRow> unordered_rows(MirrorId) = 0;
    virtual std::vector<ImageRow> images(MirrorId) = 0;
    /// The row that exists, or a new one with freshness UNKNOWN.
    virtual StoreResult<ContentRow> ensure_row(MirrorId, const Bucket&) = 0;
    /// Silent when there is none.
    virtual void delete_row(MirrorId, const Bucket&) = 0;

    // Publications.

    virtual StoreResult<ImportedPublications> import_publications(std::span<const Publication>) = 0;
    /// Those that freshness can depend on: PUBLISHED, with a file of the type that
    /// counts (DEB, DSC), published at `since` or later, and for each bucket the
    /// newest before `since`. By bucket.
    virtual std::vector<Publication> publications_since(const std::string& distribution,
                                                        Timestamp since) = 0;
    /// All PUBLISHED ones of the bucket.
    virtual std::vector<Publication> publications(const std::string& distribution,
                                                  const Bucket&) = 0;

    // What the primary archive published. A suite's older snapshots lose their entries,
    // and the oldest go, as new ones come.

    /// Newest first, without entries.
    virtual std::vector<Snapshot> snapshots(const std::string& distribution,
                                            const std::string& suite) = 0;
    /// With entries.
    virtual std::optional<Snapshot> newest_snapshot(const std::string& distribution,
                                                    const std::string& suite) = 0;
    /// Of any suite, by `Snapshot::text_sha256`; with entries unless it lost them.
    virtual std::optional<Snapshot> snapshot_of(const std::string& distribution,
                                                const Sha256& text) = 0;
    /// Refused where the suite's newest snapshot is newer. One that is the newest already
    /// stays as it was first seen; all else of the update is stored. Publications as
    /// `import_publications` has them.
    virtual StoreResult<void> record_snapshot(const SnapshotUpdate&) = 0;
    virtual std::optional<SuiteValidators> validators(const std::string& distribution,
                                                      const std::string& suite) = 0;
    /// Silent where there is no such distribution.
    virtual void keep_validators(const std::string& distribution, const std::string& suite,
                                 const SuiteValidators&) = 0;
    virtual std::optional<IndexContent> index_content(const std::string& distribution,
                                                      const Bucket&) = 0;

    // Probes.

    /// Stores all of them in one transaction, each of another mirror, whose old rows go.
    /// `record.decided` false leaves the mirror due again until `apply` marks it. A power
    /// cut (not a killed process) may take back the newest until the next call of another
    /// kind that changes something.
    virtual std::vector<ProbeId> record_probes(std::span<const ProbeResult>) = 0;
    ProbeId record_probe(const ProbeResult& result) { return record_probes({&result, 1}).front(); }
    virtual std::vector<StoredProbe> probes(MirrorId, std::size_t most) = 0;  // newest first
    /// Of each mirror that was probed.
    virtual std::map<MirrorId, StoredProbe> newest_probes() = 0;
    virtual void delete_probe(ProbeId) = 0;
    /// The compressed log; empty if there is no such probe.
    virtual std::optional<std::string> probe_log(ProbeId) = 0;
    /// Empty if there is no such probe, or it learnt nothing beside its rows.
    virtual std::optional<Observation> observation(ProbeId) = 0;
    /// Calls back for each probe of the distribution that was started at `since` or later,
    /// oldest first, those without an observation too; reads a few at a time, so that
    /// callbacks may use the store.
    virtual void for_each_observation(const std::string& distribution, Timestamp since,
                                      const std::function<void(const ObservedProbe&)>&) = 0;
    /// All of them in one transaction, each where it still applies. Returns for
    /// each whether its change was made (true for `Change::none`).
    virtual std::vector<bool> apply(std::span<const Decision>, const Author&) = 0;

    // Many mirrors at once, in few queries whatever their number. In any order but where it
    // is said; what is called back must not use the store.

    virtual std::vector<NumberedBucket> buckets() = 0;
    virtual void for_each_row(const MirrorChoice&,
                              const std::function<void(const PackedRow&)>&) = 0;
    virtual void for_each_image(const MirrorChoice&,
                                const std::function<void(MirrorId, const ImageRow&)>&) = 0;
    /// Of each mirror's newest probe, where it learnt anything.
    virtual void for_each_newest_observation(
        const MirrorChoice&, const std::function<void(MirrorId, const Observation&)>&) = 0;
    /// The probes with a higher number that were started at `since` or later, by number.
    virtual void for_each_past_probe(ProbeId after, Timestamp since,
                                     const std::function<void(const PastProbe&)>&) = 0;
    /// The audit entries with a higher number, by number.
    virtual std::vector<NumberedChange> changes_after(std::int64_t number) = 0;
    /// The snapshots with a higher number, by number.
    virtual void for_each_snapshot(std::int64_t after,
                                   const std::function<void(const NumberedSnapshot&)>&) = 0;

    // Mail, beside what whoever delivers it needs.

    /// An admin's word that an uncertain message is to be sent again.
    virtual StoreResult<void> retry_message(MessageId, Timestamp now) = 0;
    /// An admin's word that a message that was not sent never is to be.
    virtual StoreResult<void> discard_message(MessageId) = 0;

    // Who may change things over HTTP. What is returned may have ended: `state_of` says.

    virtual StoreResult<TokenId> add_token(const NewToken&, const Author&) = 0;
    virtual std::vector<Token> tokens() = 0;  // by number, those that ended too
    virtual std::optional<Token> token(TokenId) = 0;
    /// Its sessions end with it.
    virtual StoreResult<void> revoke_token(TokenId, const Author&) = 0;
    /// Kept where it is a minute later than what was kept.
    virtual void token_used(TokenId, Timestamp) = 0;
    /// Forgets the sessions that expired, and the oldest of a token that has many. Refused
    /// where the token is gone.
    virtual StoreResult<SessionId> add_session(TokenId, const Sha256& hash, Timestamp now,
                                               Timestamp expires) = 0;
    virtual std::optional<Session> session(SessionId) = 0;
    virtual void end_session(SessionId) = 0;  // silent when there is none
    /// The key that signs links: `fresh` where none was kept.
    virtual Secret link_key(const Secret& fresh) = 0;
    /// Voids every link that was signed with the key before.
    virtual void replace_link_key(const Secret& fresh) = 0;

    // Probes that somebody asked for.

    /// Leaves an audit entry. Refused as `too_soon` less than `pause` after the last request,
    /// as `already_so` where one waits.
    virtual StoreResult<void> request_probe(const std::string& mirror, std::chrono::seconds pause,
                                            const Author&) = 0;
    /// The newest, which may have been answered.
    virtual std::optional<ProbeRequest> last_probe_request(const std::string& mirror) = 0;
    /// Those that wait, by age: made within `probe_request_life`, and no probe began since.
    virtual std::vector<ProbeRequest> probe_requests(Timestamp now) = 0;

    // Runs of probes, for those who watch them. Who begins one holds the lock "probe", so one that
    // did not end before is lost.

    virtual RunId begin_run(const std::string& host, Timestamp, std::uint32_t mirrors) = 0;
    /// A power cut may take it back.
    virtual void run_goes_on(RunId, Timestamp, std::uint32_t probed) = 0;
    virtual void end_run(RunId, Timestamp, std::uint32_t probed, RunOutcome) = 0;
    virtual std::vector<RunRecord> runs(std::size_t most) = 0;  // newest first

    // Branches, and what workers report of them. What a call makes of one is a rule of
    // model/branch.hpp.

    virtual StoreResult<BranchId> add_branch(const Branch&) = 0;  // its `id` is not looked at
    virtual std::vector<Branch> branches() = 0;                   // by number
    virtual std::optional<Branch> branch(BranchId) = 0;
    virtual std::optional<Branch> branch(const std::string& name) = 0;
    /// Keeps what `change` makes of the branch as it is then, or returns why not; empty where
    /// there is no such branch. `change` must not use the store.
    virtual std::optional<BranchResult> change_branch(
        BranchId, const std::function<BranchResult(const Branch&)>& change) = 0;
    /// Those that are due, the longest-due first, then by number.
    virtual std::vector<Branch> due_branches(std::span<const BranchType>, Timestamp now,
                                             std::size_t most) = 0;
    /// The first of those, started in the same step: no two callers get the same one.
    virtual std::optional<Branch> acquire_branch(std::span<const BranchType>, const MirrorReport&,
                                                 std::chrono::seconds lease) = 0;
    /// Ends the leases that are over, as `end_lease` says. Returns those branches.
    virtual std::vector<Branch> end_leases(Timestamp now) = 0;

    // Successful runs of jobs.

    virtual void record_script(const ScriptActivity&) = 0;
    /// Of each name and host the one that was completed last; by name, then host.
    virtual std::vector<ScriptActivity> last_script_activities() = 0;
    /// Of a name the one with the greatest start, over all hosts.
    virtual std::optional<ScriptActivity> last_script_activity(const std::string& name) = 0;
    /// Those completed at `since` or later, oldest first.
    virtual std::vector<ScriptActivity> script_activities(Timestamp since) = 0;

    // What owners' sync scripts say.

    /// A sync begins; one that was under way is over.
    virtual StoreResult<void> mirror_sync_started(const std::string& mirror, const Author&) = 0;
    /// Also asks for a probe, as `request_probe` does, unless one waits. Without a start
    /// it counts as begun at that moment.
    virtual StoreResult<void> mirror_sync_completed(const std::string& mirror, const Author&) = 0;
    virtual std::map<MirrorId, MirrorSync> mirror_syncs() = 0;  // the newest of each

    /// Blocks until something was committed, by anybody, since the last call, or `patience` has
    /// passed; says whether it was. True at once the first time, and the first time after the
    /// connection was lost: who reads after each true misses nothing. Now and then true for
    /// nothing.
    virtual bool wait_for_change(std::chrono::milliseconds patience) = 0;

    // Locks. Empty if another process, or another store of this one, holds it.

    virtual std::unique_ptr<StoreLock> try_lock(const std::string& name) = 0;  // "probe", "outbox"

    /// "sqlite 3.40.1, schema 6, 12 mirrors, integrity ok"; throws what is wrong.
    virtual std::string check() = 0;
};

}  // namespace model
