#include "storage/catalog_tables.hpp"
#include "storage/mirror_tables.hpp"
#include "storage/outbox_tables.hpp"
#include "storage/probe_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>

namespace storage {
namespace {

using model::Freshness;
using model::Mirror;
using model::MirrorId;
using model::Refusal;
using model::StoredMirror;
using model::StoreResult;

/// Every mirror's freshness, without reading every row of every mirror: the worst
/// known row of each half stands for all the others.
std::map<MirrorId, model::MirrorFreshness> read_freshness(Database& database) {
    std::map<MirrorId, std::vector<model::ContentRow>> worst;
    for (const Row row : database.execute(
             "SELECT r.mirror, b.is_source, MAX(r.freshness) FROM content_row r "
             "JOIN (SELECT id, CASE WHEN architecture = 'source' THEN 1 ELSE 0 END AS is_source "
             "FROM bucket) b ON b.id = r.bucket "
             "WHERE r.freshness <> $1 GROUP BY r.mirror, b.is_source",
             {Freshness::unknown})) {
        model::ContentRow one;
        one.bucket.architecture = row.integer(1) != 0 ? model::source_architecture : "binary";
        one.freshness = row.word<Freshness>(2);
        worst[MirrorId{row.integer(0)}].push_back(std::move(one));
    }
    std::map<MirrorId, model::MirrorFreshness> all;
    for (const auto& [id, rows] : worst) {
        all.emplace(id, model::mirror_freshness(rows));
    }
    return all;
}

Refusal already(const std::string& name, std::string_view state) {
    return {.kind = Refusal::Kind::already_so,
            .detail = fmt::format("The mirror \"{}\" is {} already.", name, state)};
}

struct Switch {
    bool enabled = true;
    model::DisabledBy disabled_by = model::DisabledBy::nobody;
};

/// Switches a mirror by an admin's hand, with the audit entry and the mail of that.
void switch_mirror(Database& database, MirrorId id, Switch now, const model::Author& author) {
    database.execute(
        "UPDATE mirror SET enabled = $1, disabled_by = $2, disabled_reason = $3 "
        "WHERE id = $4",
        {now.enabled, now.disabled_by,
         now.enabled ? std::string_view{} : std::string_view{author.why}, id});
    add_audit(database, id, author, {now.enabled ? "enabled" : "disabled", author.why});
}

}  // namespace

std::vector<StoredMirror> SqlStore::mirrors(const model::MirrorFilter& filter) {
    Transaction transaction{*database_, Access::read};
    auto all = read_mirrors(*database_, filter);
    transaction.commit();
    return all;
}

std::vector<model::MirrorOverview> SqlStore::mirror_overviews(const model::MirrorFilter& filter) {
    Transaction transaction{*database_, Access::read};
    const auto probes = read_newest_probes(*database_);
    const auto freshness = read_freshness(*database_);
    std::vector<model::MirrorOverview> all;
    for (StoredMirror& stored : read_mirrors(*database_, filter)) {
        const auto id = stored.state.id;
        model::MirrorOverview overview{std::move(stored), {}, {}};
        if (const auto probe = probes.find(id); probe != probes.end()) {
            overview.last_probe = probe->second;
        }
        if (const auto known = freshness.find(id); known != freshness.end()) {
            overview.freshness = known->second;
        }
        all.push_back(std::move(overview));
    }
    transaction.commit();
    return all;
}

std::optional<StoredMirror> SqlStore::mirror(const std::string& name) {
    Transaction transaction{*database_, Access::read};
    auto found = read_mirror(*database_, name);
    transaction.commit();
    return found;
}

StoreResult<MirrorId> SqlStore::add_mirror(const Mirror& mirror, bool enabled,
                                           const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    const auto distribution = find_distribution(*database_, mirror.distribution);
    if (!distribution) {
        return no_such_distribution(mirror.distribution);
    }
    const auto id = insert_mirror(*database_, {mirror, *distribution, enabled}, author);
    if (!id) {
        return Refusal{.kind = Refusal::Kind::name_taken,
                       .detail = fmt::format("There is a mirror \"{}\" already: choose another "
                                             "name, or change it with `mirrorwarden mirror edit`.",
                                             mirror.name)};
    }
    if (auto refusal = insert_urls(*database_, *id, mirror)) {
        return *refusal;
    }
    transaction.commit();
    return *id;
}

StoreResult<void> SqlStore::update_mirror(const Mirror& mirror, const model::Author& author) {
    const auto replace = [&](Mirror& known) {
        known = mirror;
        return true;
    };
    const auto changed = change_mirror(mirror.name, replace, author);
    if (changed.has_error()) {
        return changed.error();
    }
    return {};
}

StoreResult<bool> SqlStore::change_mirror(const std::string& name,
                                          const std::function<bool(Mirror&)>& change,
                                          const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    const auto old = read_mirror(*database_, name);
    if (!old) {
        return no_such_mirror(name);
    }
    Mirror mirror = old->mirror;
    if (!change(mirror)) {
        return false;
    }
    const auto distribution = find_distribution(*database_, mirror.distribution);
    if (!distribution) {
        return no_such_distribution(mirror.distribution);
    }
    storage::update_mirror(*database_, *old, {mirror, *distribution}, author);
    if (auto refusal = insert_urls(*database_, old->state.id, mirror)) {
        return *refusal;
    }
    transaction.commit();
    return true;
}

StoreResult<void> SqlStore::delete_mirror(const std::string& name) {
    Transaction transaction{*database_, Access::write};
    const auto found = read_mirror(*database_, name);
    if (!found) {
        return no_such_mirror(name);
    }
    const MirrorId id = found->state.id;
    if (!database_->execute("SELECT id FROM probe WHERE mirror = $1 LIMIT 1", {id}).empty()) {
        return Refusal{.kind = Refusal::Kind::has_been_probed,
                       .detail = fmt::format("The mirror \"{}\" has been probed, so its history "
                                             "is kept: disable it with `mirrorwarden mirror "
                                             "disable {}` instead.",
                                             name, name)};
    }
    for (const char* statement :
         {"DELETE FROM session WHERE token IN (SELECT id FROM token WHERE mirror = $1)",
          "DELETE FROM token WHERE mirror = $1", "DELETE FROM probe_request WHERE mirror = $1",
          "DELETE FROM mirror_sync WHERE mirror = $1", "DELETE FROM content_row WHERE mirror = $1",
          "DELETE FROM image_row WHERE mirror = $1", "DELETE FROM mirror_owner WHERE mirror = $1",
          "DELETE FROM mirror_url WHERE mirror = $1", "DELETE FROM audit WHERE mirror = $1",
          "DELETE FROM mirror WHERE id = $1"}) {
        database_->execute(statement, {id});
    }
    transaction.commit();
    return {};
}

StoreResult<void> SqlStore::enable_mirror(const std::string& name, const model::Author& author,
                                          std::span<const model::Message> messages) {
    Transaction transaction{*database_, Access::write};
    const auto found = read_mirror(*database_, name);
    if (!found) {
        return no_such_mirror(name);
    }
    if (found->state.enabled) {
        return already(name, "enabled");
    }
    switch_mirror(*database_, found->state.id, {}, author);
    insert_messages(*database_, messages, author.when);
    transaction.commit();
    return {};
}

StoreResult<void> SqlStore::disable_mirror(const std::string& name, const model::Author& author,
                                           std::span<const model::Message> messages) {
    Transaction transaction{*database_, Access::write};
    const auto found = read_mirror(*database_, name);
    if (!found) {
        return no_such_mirror(name);
    }
    // One that the prober switched off would come back by itself: an admin may still
    // say that it stays off.
    if (!found->state.enabled && found->state.disabled_by == model::DisabledBy::admin) {
        return already(name, "disabled");
    }
    switch_mirror(*database_, found->state.id,
                  {.enabled = false, .disabled_by = model::DisabledBy::admin}, author);
    insert_messages(*database_, messages, author.when);
    transaction.commit();
    return {};
}

StoreResult<void> SqlStore::set_maintenance(const std::string& name,
                                            std::optional<model::Timestamp> until,
                                            const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    const auto found = read_mirror(*database_, name);
    if (!found) {
        return no_such_mirror(name);
    }
    const auto& known = found->state.maintenance_until;
    if (known == until || (!until && *known <= author.when)) {
        return until ? already(name, fmt::format("in maintenance until {}",
                                                 model::format_timestamp(*until)))
                     : Refusal{
                           .kind = Refusal::Kind::already_so,
                           .detail = fmt::format("The mirror \"{}\" is not in maintenance.", name)};
    }
    const MirrorId id = found->state.id;
    database_->execute("UPDATE mirror SET maintenance_until = $1 WHERE id = $2",
                       {until ? Value{*until} : Value{std::nullopt}, id});
    add_audit(*database_, id, author,
              {until ? fmt::format("maintenance until {}", model::format_timestamp(*until))
                     : "maintenance ended",
               author.why});
    transaction.commit();
    return {};
}

std::vector<model::AuditEntry> SqlStore::audit(MirrorId id) {
    Transaction transaction{*database_, Access::read};
    std::vector<model::AuditEntry> all;
    for (const Row row : database_->execute(
             "SELECT moment, who, what, why FROM audit WHERE mirror = $1 ORDER BY id", {id})) {
        all.push_back(
            {.when = row.time(0), .who = row.text(1), .what = row.text(2), .why = row.text(3)});
    }
    transaction.commit();
    return all;
}

}  // namespace storage
