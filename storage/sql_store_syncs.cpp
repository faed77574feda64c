#include "storage/mirror_tables.hpp"
#include "storage/probe_request_tables.hpp"
#include "storage/sql_store.hpp"

#include <algorithm>

namespace storage {
namespace {

using model::MirrorId;
using model::MirrorSync;
using model::Timestamp;

MirrorSync read_sync(const Row& row, std::size_t first) {
    return {
        .started = row.time(first),
        .completed = row.is_null(first + 1) ? std::nullopt : std::optional(row.time(first + 1))};
}

void write_sync(Database& database, MirrorId mirror, const MirrorSync& sync) {
    database.execute(
        "INSERT INTO mirror_sync (mirror, started, completed) VALUES ($1, $2, $3) ON CONFLICT "
        "(mirror) DO UPDATE SET started = excluded.started, completed = excluded.completed",
        {mirror, sync.started, sync.completed ? Value{*sync.completed} : Value{std::nullopt}});
}

/// What is known once the sync has ended.
MirrorSync complete(Database& database, MirrorId mirror, Timestamp when) {
    const Rows rows =
        database.execute("SELECT started, completed FROM mirror_sync WHERE mirror = $1", {mirror});
    const bool is_under_way = !rows.empty() && rows[0].is_null(1);
    const Timestamp started = is_under_way ? read_sync(rows[0], 0).started : when;
    // A clock that was set back must not make a sync that ends before it began.
    return {.started = started, .completed = std::max(started, when)};
}

}  // namespace

model::StoreResult<void> SqlStore::mirror_sync_started(const std::string& mirror,
                                                       const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    const auto found = read_mirror(*database_, mirror);
    if (!found) {
        return no_such_mirror(mirror);
    }
    write_sync(*database_, found->state.id, {.started = author.when, .completed = {}});
    transaction.commit();
    return {};
}

model::StoreResult<void> SqlStore::mirror_sync_completed(const std::string& mirror,
                                                         const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    const auto found = read_mirror(*database_, mirror);
    if (!found) {
        return no_such_mirror(mirror);
    }
    const MirrorId id = found->state.id;
    write_sync(*database_, id, complete(*database_, id, author.when));
    if (!probe_request_waits(*database_, id, author.when)) {
        insert_probe_request(*database_, id, author);
    }
    transaction.commit();
    return {};
}

std::map<MirrorId, MirrorSync> SqlStore::mirror_syncs() {
    Transaction transaction{*database_, Access::read};
    std::map<MirrorId, MirrorSync> all;
    for (const Row row : database_->execute("SELECT mirror, started, completed FROM mirror_sync")) {
        all.emplace(MirrorId{row.integer(0)}, read_sync(row, 1));
    }
    transaction.commit();
    return all;
}

}  // namespace storage
