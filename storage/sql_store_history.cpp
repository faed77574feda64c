#include "storage/portions.hpp"
#include "storage/snapshot_tables.hpp"
#include "storage/sql_store.hpp"

namespace storage {
namespace {

using model::MirrorChoice;
using model::MirrorId;
using model::PastProbe;
using model::ProbeId;

/// The same question about all mirrors, and about `keys_per_statement` of them.
struct Question {
    const char* all;
    const char* some;
};

void ask(Database& database, const Question& question, const MirrorChoice& mirrors,
         const std::function<void(const Row&)>& callback) {
    Transaction transaction{database, Access::read};
    if (!mirrors) {
        database.for_each(question.all, {}, callback);
    } else {
        in_portions(*mirrors, [&](const std::vector<Value>& portion) {
            database.for_each(question.some, portion, callback);
        });
    }
    transaction.commit();
}

PastProbe read_past_probe(const Row& row) {
    PastProbe probe;
    probe.id = ProbeId{row.integer(0)};
    probe.mirror = MirrorId{row.integer(1)};
    probe.started = row.time(2);
    probe.finished = row.time(3);
    probe.verdict = row.word<model::ProbeVerdict>(4);
    probe.suspect = row.integer(5) != 0;
    probe.expected = static_cast<std::uint32_t>(row.integer(6));
    probe.found = static_cast<std::uint32_t>(row.integer(7));
    if (!row.is_null(8)) {
        probe.freshness = row.word<model::Freshness>(8);
    }
    if (!row.is_null(9) && !row.is_null(10)) {
        probe.lag = model::Lag{.behind = std::chrono::seconds{row.integer(9)},
                               .is_estimated = row.integer(10) != 0};
    }
    if (!row.is_null(11)) {
        probe.integrity = row.word<model::Integrity>(11);
    }
    return probe;
}

}  // namespace

std::vector<model::NumberedBucket> SqlStore::buckets() {
    Transaction transaction{*database_, Access::read};
    std::vector<model::NumberedBucket> all;
    for (const Row row : database_->execute(
             "SELECT b.id, d.name, s.name, b.pocket, b.component, b.architecture FROM bucket b "
             "JOIN series s ON s.id = b.series JOIN distribution d ON d.id = s.distribution")) {
        all.push_back({.number = row.integer(0),
                       .distribution = row.text(1),
                       .bucket = {.series = row.text(2),
                                  .pocket = row.word<model::Pocket>(3),
                                  .component = row.text(4),
                                  .architecture = row.text(5)}});
    }
    transaction.commit();
    return all;
}

void SqlStore::for_each_row(const MirrorChoice& mirrors,
                            const std::function<void(const model::PackedRow&)>& callback) {
    static constexpr Question question = {
        .all = "SELECT mirror, bucket, freshness FROM content_row",
        .some =
            "SELECT mirror, bucket, freshness FROM content_row WHERE mirror IN "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};
    ask(*database_, question, mirrors, [&](const Row& row) {
        callback({.mirror = MirrorId{row.integer(0)},
                  .bucket = row.integer(1),
                  .freshness = row.word<model::Freshness>(2)});
    });
}

void SqlStore::for_each_image(
    const MirrorChoice& mirrors,
    const std::function<void(MirrorId, const model::ImageRow&)>& callback) {
    static constexpr Question question = {
        .all =
            "SELECT r.mirror, s.name, r.flavour FROM image_row r "
            "JOIN series s ON s.id = r.series",
        .some =
            "SELECT r.mirror, s.name, r.flavour FROM image_row r "
            "JOIN series s ON s.id = r.series WHERE r.mirror IN "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};
    ask(*database_, question, mirrors, [&](const Row& row) {
        callback(MirrorId{row.integer(0)}, {.series = row.text(1), .flavour = row.text(2)});
    });
}

void SqlStore::for_each_newest_observation(
    const MirrorChoice& mirrors,
    const std::function<void(MirrorId, const model::Observation&)>& callback) {
    static constexpr Question question = {
        .all =
            "SELECT m.id, o.json FROM mirror m JOIN observation o ON o.probe = "
            "(SELECT max(q.id) FROM probe q WHERE q.mirror = m.id)",
        .some =
            "SELECT m.id, o.json FROM mirror m JOIN observation o ON o.probe = "
            "(SELECT max(q.id) FROM probe q WHERE q.mirror = m.id) WHERE m.id IN "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};
    ask(*database_, question, mirrors, [&](const Row& row) {
        if (const auto observation = model::parse_observation(row.text(1))) {
            callback(MirrorId{row.integer(0)}, *observation);
        }
    });
}

void SqlStore::for_each_past_probe(ProbeId after, model::Timestamp since,
                                   const std::function<void(const PastProbe&)>& callback) {
    Transaction transaction{*database_, Access::read};
    database_->for_each(
        "SELECT id, mirror, started, finished, verdict, suspect, expected, found, freshness, lag, "
        "lag_estimated, integrity FROM probe WHERE id > $1 AND started >= $2 ORDER BY id",
        {to_integer(after), since}, [&](const Row& row) { callback(read_past_probe(row)); });
    transaction.commit();
}

std::vector<model::NumberedChange> SqlStore::changes_after(std::int64_t number) {
    Transaction transaction{*database_, Access::read};
    std::vector<model::NumberedChange> all;
    database_->for_each(
        "SELECT id, mirror, moment, who, what, why FROM audit WHERE id > $1 ORDER BY id", {number},
        [&](const Row& row) {
            all.push_back({.number = row.integer(0),
                           .mirror = MirrorId{row.integer(1)},
                           .entry = {.when = row.time(2),
                                     .who = row.text(3),
                                     .what = row.text(4),
                                     .why = row.text(5)}});
        });
    transaction.commit();
    return all;
}

void SqlStore::for_each_snapshot(
    std::int64_t after, const std::function<void(const model::NumberedSnapshot&)>& callback) {
    Transaction transaction{*database_, Access::read};
    database_->for_each(
        "SELECT s.suite, s.sha256, s.text_sha256, s.published, s.valid_until, s.first_seen, s.id, "
        "d.name FROM snapshot s JOIN distribution d ON d.id = s.distribution "
        "WHERE s.id > $1 ORDER BY s.id",
        {after}, [&](const Row& row) {
            callback({.number = row.integer(6),
                      .distribution = row.text(7),
                      .snapshot = read_snapshot_head(*database_, row)});
        });
    transaction.commit();
}

}  // namespace storage
