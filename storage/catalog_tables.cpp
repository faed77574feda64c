#include "storage/catalog_tables.hpp"

#include "model/debian_version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace storage {
namespace {

using model::Distribution;
using model::Series;

using SeriesById = std::map<std::int64_t, Series>;

void read_series_lists(Database& database, SeriesById& series) {
    for (const Row row :
         database.execute("SELECT series, name FROM series_component ORDER BY series, place")) {
        series.at(row.integer(0)).components.push_back(row.text(1));
    }
    for (const Row row : database.execute(
             "SELECT series, name, official FROM series_architecture ORDER BY series, place")) {
        Series& owner = series.at(row.integer(0));
        auto& list = row.integer(2) != 0 ? owner.architectures : owner.unofficial_architectures;
        list.push_back(row.text(1));
    }
    for (const Row row :
         database.execute("SELECT series, flavour FROM series_image ORDER BY series, place")) {
        series.at(row.integer(0)).images.push_back({.flavour = row.text(1), .files = {}});
    }
    for (const Row row : database.execute("SELECT series, image_place, path FROM series_image_file "
                                          "ORDER BY series, image_place, place")) {
        const auto image = static_cast<std::size_t>(row.integer(1));
        series.at(row.integer(0)).images.at(image).files.push_back(row.text(2));
    }
}

std::map<std::int64_t, StoredDistribution> read_heads(Database& database) {
    std::map<std::int64_t, StoredDistribution> found;
    for (const Row row : database.execute("SELECT id, name, title, primary_url, freshness_rule, "
                                          "failures_before_disable, keyring, sync_grace, "
                                          "successes_before_enable, never_below, deep_every, "
                                          "manifest FROM distribution")) {
        StoredDistribution& stored = found[row.integer(0)];
        stored.id = row.integer(0);
        stored.name = row.text(1);
        stored.distribution.name = row.text(1);
        stored.distribution.title = row.text(2);
        stored.distribution.primary_url = row.text(3);
        stored.distribution.freshness_rule = row.word<model::FreshnessRule>(4);
        stored.distribution.failures_before_disable = static_cast<int>(row.integer(5));
        stored.distribution.keyring = row.text(6);
        stored.distribution.sync_grace = std::chrono::seconds{row.integer(7)};
        stored.distribution.successes_before_enable = static_cast<int>(row.integer(8));
        stored.distribution.never_below = static_cast<int>(row.integer(9));
        stored.distribution.deep_every = static_cast<int>(row.integer(10));
        stored.distribution.manifest = row.text(11);
    }
    for (const Row row : database.execute("SELECT distribution, word FROM "
                                          "distribution_disable_when "
                                          "ORDER BY distribution, place")) {
        found.at(row.integer(0)).distribution.disable_when.push_back(row.text(1));
    }
    for (const Row row : database.execute("SELECT distribution, pocket FROM distribution_pocket "
                                          "ORDER BY distribution, pocket")) {
        found.at(row.integer(0)).distribution.pockets.push_back(row.word<model::Pocket>(1));
    }
    for (const Row row : database.execute("SELECT distribution, name, address FROM "
                                          "distribution_admin ORDER BY distribution, place")) {
        found.at(row.integer(0))
            .distribution.admins.push_back({.name = row.text(1), .address = row.text(2)});
    }
    return found;
}

bool is_newer(const Series& left, const Series& right) {
    const auto order = model::compare_debian_versions(left.version, right.version);
    return order != 0 ? order > 0 : left.name < right.name;
}

void write_series_lists(Database& database, std::int64_t id, const Series& series) {
    database.execute("DELETE FROM series_component WHERE series = $1", {id});
    database.execute("DELETE FROM series_architecture WHERE series = $1", {id});
    database.execute("DELETE FROM series_image_file WHERE series = $1", {id});
    database.execute("DELETE FROM series_image WHERE series = $1", {id});
    int place = 0;
    for (const std::string& name : series.components) {
        database.execute("INSERT INTO series_component (series, place, name) VALUES ($1, $2, $3)",
                         {id, place++, name});
    }
    place = 0;
    const auto add_architecture = [&](const std::string& name, bool is_official) {
        database.execute(
            "INSERT INTO series_architecture (series, place, name, official) "
            "VALUES ($1, $2, $3, $4)",
            {id, place++, name, is_official});
    };
    for (const std::string& name : series.architectures) {
        add_architecture(name, true);
    }
    for (const std::string& name : series.unofficial_architectures) {
        add_architecture(name, false);
    }
    for (std::size_t image = 0; image < series.images.size(); ++image) {
        database.execute("INSERT INTO series_image (series, place, flavour) VALUES ($1, $2, $3)",
                         {id, image, series.images[image].flavour});
        place = 0;
        for (const std::string& path : series.images[image].files) {
            database.execute(
                "INSERT INTO series_image_file (series, image_place, place, path) "
                "VALUES ($1, $2, $3, $4)",
                {id, image, place++, path});
        }
    }
}

std::vector<std::string> changed_fields(const Series& old, const Series& now) {
    std::vector<std::string> changed;
    const auto compare = [&](bool is_same, const char* field) {
        if (!is_same) {
            changed.emplace_back(field);
        }
    };
    compare(old.version == now.version, "version");
    compare(old.status == now.status, "status");
    compare(old.components == now.components, "components");
    compare(old.architectures == now.architectures, "architectures");
    compare(old.unofficial_architectures == now.unofficial_architectures,
            "unofficial_architectures");
    compare(old.images == now.images, "images");
    return changed;
}

std::vector<std::string> changed_fields(const Distribution& old, const Distribution& now) {
    std::vector<std::string> changed;
    const auto compare = [&](bool is_same, const char* field) {
        if (!is_same) {
            changed.emplace_back(field);
        }
    };
    compare(old.title == now.title, "title");
    compare(old.primary_url == now.primary_url, "primary_url");
    compare(old.freshness_rule == now.freshness_rule, "freshness_rule");
    compare(old.pockets == now.pockets, "pockets");
    compare(old.admins == now.admins, "admins");
    compare(old.keyring == now.keyring, "keyring");
    compare(old.sync_grace == now.sync_grace, "sync_grace");
    compare(old.disable_when == now.disable_when, "disable_when");
    compare(old.failures_before_disable == now.failures_before_disable, "failures_before_disable");
    compare(old.successes_before_enable == now.successes_before_enable, "successes_before_enable");
    compare(old.never_below == now.never_below, "never_below");
    compare(old.deep_every == now.deep_every, "deep_every");
    compare(old.manifest == now.manifest, "manifest");
    return changed;
}

void write_series(Database& database, std::int64_t distribution, const Series& series) {
    const Rows rows = database.execute(
        "INSERT INTO series (distribution, name, version, status) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (distribution, name) DO UPDATE "
        "SET version = excluded.version, status = excluded.status RETURNING id",
        {distribution, series.name, series.version, series.status});
    write_series_lists(database, rows[0].integer(0), series);
}

std::int64_t write_head(Database& database, const Distribution& distribution) {
    const Rows rows = database.execute(
        "INSERT INTO distribution (name, title, primary_url, freshness_rule, "
        "failures_before_disable, keyring, sync_grace, successes_before_enable, never_below, "
        "deep_every, manifest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
        "ON CONFLICT (name) DO UPDATE SET title = excluded.title, "
        "primary_url = excluded.primary_url, freshness_rule = excluded.freshness_rule, "
        "failures_before_disable = excluded.failures_before_disable, "
        "keyring = excluded.keyring, sync_grace = excluded.sync_grace, "
        "successes_before_enable = excluded.successes_before_enable, "
        "never_below = excluded.never_below, deep_every = excluded.deep_every, "
        "manifest = excluded.manifest RETURNING id",
        {distribution.name, distribution.title, distribution.primary_url,
         distribution.freshness_rule, distribution.failures_before_disable, distribution.keyring,
         distribution.sync_grace.count(), distribution.successes_before_enable,
         distribution.never_below, distribution.deep_every, distribution.manifest});
    const std::int64_t id = rows[0].integer(0);
    database.execute("DELETE FROM distribution_pocket WHERE distribution = $1", {id});
    database.execute("DELETE FROM distribution_admin WHERE distribution = $1", {id});
    database.execute("DELETE FROM distribution_disable_when WHERE distribution = $1", {id});
    for (const model::Pocket pocket : distribution.pockets) {
        database.execute("INSERT INTO distribution_pocket (distribution, pocket) VALUES ($1, $2)",
                         {id, pocket});
    }
    int place = 0;
    for (const model::MailAddress& admin : distribution.admins) {
        database.execute(
            "INSERT INTO distribution_admin (distribution, place, name, address) "
            "VALUES ($1, $2, $3, $4)",
            {id, place++, admin.name, admin.address});
    }
    place = 0;
    for (const std::string& word : distribution.disable_when) {
        database.execute(
            "INSERT INTO distribution_disable_when (distribution, place, word) "
            "VALUES ($1, $2, $3)",
            {id, place++, word});
    }
    return id;
}

/// Sorts one item into what was added, updated or left; true if it must be written.
bool note_change(model::CatalogChanges& changes, model::CatalogChanges::Item item, bool is_known) {
    if (!is_known) {
        changes.added.push_back(std::move(item));
        return true;
    }
    if (item.changed_fields.empty()) {
        ++changes.unchanged;
        return false;
    }
    changes.updated.push_back(std::move(item));
    return true;
}

}  // namespace

std::vector<StoredDistribution> read_distributions(Database& database) {
    std::map<std::int64_t, StoredDistribution> found = read_heads(database);
    std::map<std::int64_t, std::int64_t> owners;
    SeriesById series;
    for (const Row row :
         database.execute("SELECT id, distribution, name, version, status FROM series")) {
        owners[row.integer(0)] = row.integer(1);
        Series& one = series[row.integer(0)];
        one.name = row.text(2);
        one.version = row.text(3);
        one.status = row.word<model::SeriesStatus>(4);
    }
    read_series_lists(database, series);
    for (auto& [id, one] : series) {
        StoredDistribution& owner = found.at(owners.at(id));
        owner.series_ids[one.name] = id;
        owner.distribution.series.push_back(std::move(one));
    }
    std::vector<StoredDistribution> all;
    for (auto& [id, stored] : found) {
        std::sort(stored.distribution.series.begin(), stored.distribution.series.end(), is_newer);
        all.push_back(std::move(stored));
    }
    std::sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
        return left.distribution.name < right.distribution.name;
    });
    return all;
}

std::optional<StoredDistribution> read_distribution(Database& database, const std::string& name) {
    for (StoredDistribution& stored : read_distributions(database)) {
        if (stored.distribution.name == name) {
            return std::move(stored);
        }
    }
    return std::nullopt;
}

std::optional<StoredDistribution> read_distribution(Database& database, model::MirrorId mirror) {
    const Rows rows = database.execute("SELECT distribution FROM mirror WHERE id = $1", {mirror});
    if (rows.empty()) {
        return std::nullopt;
    }
    for (StoredDistribution& stored : read_distributions(database)) {
        if (stored.id == rows[0].integer(0)) {
            return std::move(stored);
        }
    }
    return std::nullopt;
}

std::optional<DistributionIds> read_distribution_ids(Database& database, model::MirrorId mirror) {
    std::optional<DistributionIds> ids;
    for (const Row row :
         database.execute("SELECT d.id, d.name, s.id, s.name FROM mirror m "
                          "JOIN distribution d ON d.id = m.distribution "
                          "LEFT JOIN series s ON s.distribution = d.id WHERE m.id = $1",
                          {mirror})) {
        if (!ids) {
            ids = DistributionIds{.id = row.integer(0), .name = row.text(1), .series_ids = {}};
        }
        if (!row.is_null(2)) {
            ids->series_ids.emplace(row.text(3), row.integer(2));
        }
    }
    return ids;
}

std::optional<std::int64_t> find_distribution(Database& database, const std::string& name) {
    const Rows rows = database.execute("SELECT id FROM distribution WHERE name = $1", {name});
    if (rows.empty()) {
        return std::nullopt;
    }
    return rows[0].integer(0);
}

model::Refusal no_such_distribution(const std::string& name) {
    return {.kind = model::Refusal::Kind::no_such_distribution,
            .detail = fmt::format("There is no distribution \"{}\": load it with `mirrorwarden "
                                  "catalog load`, or look at `mirrorwarden catalog show`.",
                                  name)};
}

model::Refusal no_such_bucket(const std::string& distribution, const model::Bucket& bucket) {
    return {.kind = model::Refusal::Kind::no_such_bucket,
            .detail = fmt::format("The distribution \"{}\" has no {}: add that series, pocket, "
                                  "component or architecture to its catalogue first.",
                                  distribution, to_string(bucket))};
}

void write_distribution(Database& database, const Distribution& distribution,
                        const StoredDistribution* known, model::CatalogChanges& changes) {
    model::CatalogChanges::Item head{"distribution", distribution.name, {}};
    if (known != nullptr) {
        head.changed_fields = changed_fields(known->distribution, distribution);
    }
    const bool is_changed = note_change(changes, std::move(head), known != nullptr);
    const std::int64_t id = is_changed ? write_head(database, distribution) : known->id;

    for (const Series& series : distribution.series) {
        const Series* old = nullptr;
        if (known != nullptr) {
            for (const Series& candidate : known->distribution.series) {
                old = candidate.name == series.name ? &candidate : old;
            }
        }
        model::CatalogChanges::Item item{
            "series", fmt::format("{}/{}", distribution.name, series.name), {}};
        if (old != nullptr) {
            item.changed_fields = changed_fields(*old, series);
        }
        if (note_change(changes, std::move(item), old != nullptr)) {
            write_series(database, id, series);
        }
    }
}

}  // namespace storage
