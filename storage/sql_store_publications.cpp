#include "storage/bucket_numbers.hpp"
#include "storage/catalog_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace storage {
namespace {

using model::Publication;

constexpr std::int64_t no_time = -1;
constexpr std::int64_t no_file = 0;

std::int64_t to_column(const std::optional<model::Timestamp>& published) {
    return published ? static_cast<std::int64_t>(published->time_since_epoch().count()) : no_time;
}

std::int64_t to_column(const std::optional<model::FileType>& type) {
    return type ? static_cast<std::int64_t>(*type) : no_file;
}

/// Publications one after the other, each with its bucket's number; of several with
/// one identity the last.
struct Numbered {
    std::int64_t bucket = 0;
    const Publication* publication = nullptr;

    auto identity() const {
        return std::tie(bucket, publication->published, publication->source, publication->version,
                        publication->file);
    }
};

void keep_last_of_each(std::vector<Numbered>& all) {
    std::stable_sort(all.begin(), all.end(), [](const Numbered& left, const Numbered& right) {
        return left.identity() < right.identity();
    });
    // std::unique keeps the first of equals, so it runs from the end.
    const auto kept =
        std::unique(all.rbegin(), all.rend(), [](const Numbered& left, const Numbered& right) {
            return left.identity() == right.identity();
        });
    all.erase(all.begin(), kept.base());
}

void stage(Database& database, const std::vector<Numbered>& all) {
    database.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS staged_publication AS "
        "SELECT * FROM publication WHERE false");
    std::vector<Value> values;
    values.reserve(all.size() * 8);
    for (const Numbered& one : all) {
        const Publication& publication = *one.publication;
        values.insert(values.end(),
                      {one.bucket, to_column(publication.published), publication.source,
                       publication.version, publication.file, publication.path,
                       to_column(publication.file_type), publication.status});
    }
    database.insert_many("staged_publication",
                         "bucket, published, source, version, file, path, file_type, status",
                         values);
}

struct Counts {
    std::size_t known = 0;
    std::size_t changed = 0;
};

Counts count_known(Database& database) {
    const Rows rows = database.execute(
        "SELECT COUNT(*), COUNT(CASE WHEN p.path <> s.path OR p.file_type <> s.file_type "
        "OR p.status <> s.status THEN 1 END) "
        "FROM staged_publication s JOIN publication p ON p.bucket = s.bucket "
        "AND p.published = s.published AND p.source = s.source AND p.version = s.version "
        "AND p.file = s.file");
    return {static_cast<std::size_t>(rows[0].integer(0)),
            static_cast<std::size_t>(rows[0].integer(1))};
}

void merge_staged(Database& database) {
    database.execute(
        "INSERT INTO publication (bucket, published, source, version, file, path, file_type, "
        "status) SELECT bucket, published, source, version, file, path, file_type, status "
        "FROM staged_publication WHERE true ON CONFLICT (bucket, published, source, version, file) "
        "DO UPDATE SET path = excluded.path, file_type = excluded.file_type, "
        "status = excluded.status WHERE publication.path <> excluded.path OR "
        "publication.file_type <> excluded.file_type OR publication.status <> excluded.status");
    database.execute("DELETE FROM staged_publication");
}

Publication read_publication(const Row& row, const std::string& distribution) {
    Publication publication;
    publication.distribution = distribution;
    publication.bucket = {.series = row.text(0),
                          .pocket = row.word<model::Pocket>(1),
                          .component = row.text(2),
                          .architecture = row.text(3)};
    publication.published = row.time(4);
    publication.source = row.text(5);
    publication.version = row.text(6);
    publication.file = row.text(7);
    publication.path = row.text(8);
    publication.file_type = row.word<model::FileType>(9);
    publication.status = row.word<model::PublicationStatus>(10);
    return publication;
}

}  // namespace

model::StoreResult<model::ImportedPublications> SqlStore::import_publications(
    std::span<const Publication> publications) {
    Transaction transaction{*database_, Access::write};
    buckets_.start();
    std::map<std::string, StoredDistribution> distributions;
    for (StoredDistribution& stored : read_distributions(*database_)) {
        std::string name = stored.distribution.name;
        distributions.emplace(std::move(name), std::move(stored));
    }
    std::vector<Numbered> numbered;
    numbered.reserve(publications.size());
    for (const Publication& publication : publications) {
        const auto owner = distributions.find(publication.distribution);
        if (owner == distributions.end()) {
            return no_such_distribution(publication.distribution);
        }
        if (!has_bucket(owner->second.distribution, publication.bucket)) {
            return no_such_bucket(publication.distribution, publication.bucket);
        }
        numbered.push_back({buckets_.number(owner->second, publication.bucket), &publication});
    }
    keep_last_of_each(numbered);
    stage(*database_, numbered);
    const Counts counts = count_known(*database_);
    merge_staged(*database_);
    transaction.commit();
    buckets_.keep();

    model::ImportedPublications imported;
    imported.added = numbered.size() - counts.known;
    imported.updated = counts.changed;
    imported.unchanged = publications.size() - imported.added - imported.updated;
    return imported;
}

std::vector<Publication> SqlStore::publications_since(const std::string& distribution,
                                                      model::Timestamp since) {
    Transaction transaction{*database_, Access::read};
    std::vector<Publication> all;
    // 4 is DSC, 1 is DEB, 2 is PUBLISHED. MATERIALIZED: the newest older one is looked up
    // once a bucket, not once a publication.
    for (const Row row : database_->execute(
             "WITH wanted AS MATERIALIZED (SELECT b.id, s.name AS series, b.pocket, b.component, "
             "b.architecture, CASE WHEN b.architecture = 'source' THEN 4 ELSE 1 END AS file_type "
             "FROM bucket b JOIN series s ON s.id = b.series "
             "JOIN distribution d ON d.id = s.distribution WHERE d.name = $1), "
             "newest AS MATERIALIZED (SELECT w.id, (SELECT MAX(p.published) FROM publication p "
             "WHERE p.bucket = w.id AND p.published < $2 AND p.published >= 0 AND p.status = 2 "
             "AND p.file <> '' AND p.file_type = w.file_type) AS published FROM wanted w) "
             "SELECT w.series, w.pocket, w.component, w.architecture, p.published, p.source, "
             "p.version, p.file, p.path, p.file_type, p.status FROM wanted w "
             "JOIN newest n ON n.id = w.id "
             "JOIN publication p ON p.bucket = w.id AND p.file_type = w.file_type "
             "AND p.published >= COALESCE(n.published, $2) "
             "WHERE p.status = 2 AND p.file <> '' ORDER BY w.id, p.published",
             {distribution, since})) {
        all.push_back(read_publication(row, distribution));
    }
    transaction.commit();
    return all;
}

}  // namespace storage
