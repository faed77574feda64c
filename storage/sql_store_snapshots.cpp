#include "storage/bucket_numbers.hpp"
#include "storage/catalog_tables.hpp"
#include "storage/publication_tables.hpp"
#include "storage/snapshot_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <cassert>

namespace storage {
namespace {

using model::Refusal;
using model::Snapshot;

Refusal older_snapshot(const model::SnapshotUpdate& update, const Snapshot& newest) {
    return {
        .kind = Refusal::Kind::older_snapshot,
        .detail = fmt::format(
            "The Release of {} {} is of {}, and one of {} is known already: an old one was "
            "not stored; ask the archive, or whoever stands between, why it serves it.",
            update.distribution, update.snapshot.suite,
            model::format_timestamp(update.snapshot.date), model::format_timestamp(newest.date))};
}

/// The first bucket that the catalogue lacks.
const model::Bucket* find_unknown_bucket(const model::Distribution& distribution,
                                         const model::SnapshotUpdate& update) {
    for (const model::IndexContent& content : update.contents) {
        if (!has_bucket(distribution, content.bucket)) {
            return &content.bucket;
        }
    }
    for (const model::Publication& publication : update.publications) {
        assert(publication.distribution == update.distribution);
        if (!has_bucket(distribution, publication.bucket)) {
            return &publication.bucket;
        }
    }
    return nullptr;
}

}  // namespace

std::vector<Snapshot> SqlStore::snapshots(const std::string& distribution,
                                          const std::string& suite) {
    Transaction transaction{*database_, Access::read};
    std::vector<Snapshot> all;
    if (const auto id = find_distribution(*database_, distribution)) {
        all = read_snapshots(*database_, {*id, suite});
    }
    transaction.commit();
    return all;
}

std::optional<Snapshot> SqlStore::newest_snapshot(const std::string& distribution,
                                                  const std::string& suite) {
    Transaction transaction{*database_, Access::read};
    std::optional<Snapshot> newest;
    if (const auto id = find_distribution(*database_, distribution)) {
        newest = read_newest_snapshot(*database_, {*id, suite});
    }
    transaction.commit();
    return newest;
}

std::optional<Snapshot> SqlStore::snapshot_of(const std::string& distribution,
                                              const model::Sha256& text) {
    Transaction transaction{*database_, Access::read};
    std::optional<Snapshot> found;
    if (const auto id = find_distribution(*database_, distribution)) {
        found = read_snapshot(*database_, *id, text);
    }
    transaction.commit();
    return found;
}

model::StoreResult<void> SqlStore::record_snapshot(const model::SnapshotUpdate& update) {
    Transaction transaction{*database_, Access::write};
    const auto stored = read_distribution(*database_, update.distribution);
    if (!stored) {
        return no_such_distribution(update.distribution);
    }
    const SuiteKey suite{stored->id, update.snapshot.suite};
    const auto newest = read_newest_snapshot(*database_, suite);
    if (newest && newest->date > update.snapshot.date) {
        return older_snapshot(update, *newest);
    }
    if (const model::Bucket* unknown = find_unknown_bucket(stored->distribution, update)) {
        return no_such_bucket(update.distribution, *unknown);
    }
    write_snapshot(*database_, stored->id, update.snapshot);
    write_validators(*database_, suite, update.validators);
    buckets_.start();
    for (const model::IndexContent& content : update.contents) {
        write_index_content(*database_, buckets_.number(*stored, content.bucket), content);
    }
    std::vector<NumberedPublication> numbered;
    numbered.reserve(update.publications.size());
    for (const model::Publication& publication : update.publications) {
        numbered.push_back({buckets_.number(*stored, publication.bucket), &publication});
    }
    merge_publications(*database_, std::move(numbered));
    transaction.commit();
    buckets_.keep();
    return {};
}

std::optional<model::SuiteValidators> SqlStore::validators(const std::string& distribution,
                                                           const std::string& suite) {
    Transaction transaction{*database_, Access::read};
    std::optional<model::SuiteValidators> found;
    if (const auto id = find_distribution(*database_, distribution)) {
        found = read_validators(*database_, {*id, suite});
    }
    transaction.commit();
    return found;
}

void SqlStore::keep_validators(const std::string& distribution, const std::string& suite,
                               const model::SuiteValidators& validators) {
    Transaction transaction{*database_, Access::write};
    const auto id = find_distribution(*database_, distribution);
    if (!id) {
        return;
    }
    write_validators(*database_, {*id, suite}, validators);
    transaction.commit();
}

std::optional<model::IndexContent> SqlStore::index_content(const std::string& distribution,
                                                           const model::Bucket& bucket) {
    Transaction transaction{*database_, Access::read};
    const Rows rows = database_->execute(
        "SELECT c.sha256, c.packages FROM distribution d JOIN series s ON s.distribution = d.id "
        "JOIN bucket b ON b.series = s.id JOIN index_content c ON c.bucket = b.id "
        "WHERE d.name = $1 AND s.name = $2 AND b.pocket = $3 AND b.component = $4 "
        "AND b.architecture = $5",
        {distribution, bucket.series, bucket.pocket, bucket.component, bucket.architecture});
    transaction.commit();
    if (rows.empty()) {
        return std::nullopt;
    }
    auto packages = unpack_keys(rows[0].text(1));
    if (!packages) {
        throw model::StorageError(
            fmt::format("{} is damaged: the packages of {} are no whole number of keys; restore "
                        "it from a backup",
                        database_->title(), to_string(bucket)));
    }
    return model::IndexContent{.bucket = bucket,
                               .sha256 = read_sha256(*database_, rows[0].text(0)),
                               .packages = std::move(*packages)};
}

}  // namespace storage
