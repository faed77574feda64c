#include "storage/catalog_tables.hpp"
#include "storage/mirror_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <map>

namespace storage {
namespace {

using model::Catalog;
using model::Mirror;
using model::Refusal;
using model::StoredMirror;

void write_distributions(Database& database, const Catalog& catalog,
                         model::CatalogChanges& changes) {
    const auto known = read_distributions(database);
    for (const model::Distribution& distribution : catalog.distributions) {
        const StoredDistribution* old = nullptr;
        for (const StoredDistribution& candidate : known) {
            old = candidate.distribution.name == distribution.name ? &candidate : old;
        }
        write_distribution(database, distribution, old, changes);
    }
}

/// The file's word, save where it is silent about what admins decide.
Mirror merge(const Mirror& file, const Mirror& old) {
    Mirror merged = file;
    if (file.status == model::ReviewStatus::pending_review) {
        merged.status = old.status;
    }
    if (file.whiteboard.empty()) {
        merged.whiteboard = old.whiteboard;
    }
    return merged;
}

using Known = std::map<std::string, StoredMirror>;

/// Adds or updates everything of a mirror but its URLs. Returns what it is now.
model::StoreResult<StoredMirror> write_mirror(Database& database, const Catalog::Entry& entry,
                                              const Known& known, const model::Author& author) {
    const auto distribution = find_distribution(database, entry.mirror.distribution);
    if (!distribution) {
        Refusal refusal = no_such_distribution(entry.mirror.distribution);
        refusal.detail = fmt::format("The mirror \"{}\" (line {}) cannot be loaded. {}",
                                     entry.mirror.name, entry.line, refusal.detail);
        return refusal;
    }
    StoredMirror now{entry.mirror, {}};
    const auto old = known.find(entry.mirror.name);
    if (old != known.end()) {
        now = {merge(entry.mirror, old->second.mirror), old->second.state};
        if (now.mirror != old->second.mirror) {
            update_mirror(database, old->second, {now.mirror, *distribution}, author);
        }
        return now;
    }
    const auto id =
        insert_mirror(database, {now.mirror, *distribution, entry.enabled.value_or(true)}, author);
    if (!id) {
        return Refusal{.kind = Refusal::Kind::name_taken,
                       .detail = fmt::format("The mirror \"{}\" (line {}) is there twice.",
                                             entry.mirror.name, entry.line)};
    }
    now.state.id = *id;
    return now;
}

void note(model::CatalogChanges& changes, const Mirror& now, const Known& known) {
    const auto old = known.find(now.name);
    if (old == known.end()) {
        changes.added.push_back({"mirror", now.name, {}});
        return;
    }
    auto fields = changed_fields(old->second.mirror, now);
    if (fields.empty()) {
        ++changes.unchanged;
    } else {
        changes.updated.push_back({"mirror", now.name, std::move(fields)});
    }
}

}  // namespace

std::vector<model::Distribution> SqlStore::distributions() {
    Transaction transaction{*database_, Access::read};
    std::vector<model::Distribution> all;
    for (StoredDistribution& stored : read_distributions(*database_)) {
        all.push_back(std::move(stored.distribution));
    }
    transaction.commit();
    return all;
}

std::optional<model::Distribution> SqlStore::distribution(const std::string& name) {
    Transaction transaction{*database_, Access::read};
    auto stored = read_distribution(*database_, name);
    transaction.commit();
    if (!stored) {
        return std::nullopt;
    }
    return std::move(stored->distribution);
}

model::StoreResult<model::CatalogChanges> SqlStore::load_catalog(const Catalog& catalog,
                                                                 const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    model::CatalogChanges changes;
    write_distributions(*database_, catalog, changes);

    Known known;
    for (StoredMirror& stored : read_mirrors(*database_, {})) {
        std::string name = stored.mirror.name;
        known.emplace(std::move(name), std::move(stored));
    }
    std::vector<StoredMirror> written;
    for (const Catalog::Entry& entry : catalog.mirrors) {
        auto now = write_mirror(*database_, entry, known, author);
        if (now.has_error()) {
            return now.error();
        }
        note(changes, now->mirror, known);
        written.push_back(std::move(*now));
    }
    // After all that were given up: mirrors may swap their URLs.
    for (const StoredMirror& stored : written) {
        if (auto refusal = insert_urls(*database_, stored.state.id, stored.mirror)) {
            return *refusal;
        }
    }
    transaction.commit();
    return changes;
}

}  // namespace storage
