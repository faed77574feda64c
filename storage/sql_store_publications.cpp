#include "storage/bucket_numbers.hpp"
#include "storage/catalog_tables.hpp"
#include "storage/publication_tables.hpp"
#include "storage/sql_store.hpp"

#include <algorithm>
#include <map>

namespace storage {

using model::Publication;

model::StoreResult<model::ImportedPublications> SqlStore::import_publications(
    std::span<const Publication> publications) {
    Transaction transaction{*database_, Access::write};
    buckets_.start();
    std::map<std::string, StoredDistribution> distributions;
    for (StoredDistribution& stored : read_distributions(*database_)) {
        std::string name = stored.distribution.name;
        distributions.emplace(std::move(name), std::move(stored));
    }
    std::vector<NumberedPublication> numbered;
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
    const MergedPublications merged = merge_publications(*database_, std::move(numbered));
    transaction.commit();
    buckets_.keep();

    model::ImportedPublications imported;
    imported.added = merged.added;
    imported.updated = merged.updated;
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

std::vector<Publication> SqlStore::publications(const std::string& distribution,
                                                const model::Bucket& bucket) {
    Transaction transaction{*database_, Access::read};
    std::vector<Publication> all;
    for (const Row row : database_->execute(
             "SELECT s.name, b.pocket, b.component, b.architecture, p.published, p.source, "
             "p.version, p.file, p.path, p.file_type, p.status FROM distribution d "
             "JOIN series s ON s.distribution = d.id JOIN bucket b ON b.series = s.id "
             "JOIN publication p ON p.bucket = b.id WHERE d.name = $1 AND s.name = $2 "
             "AND b.pocket = $3 AND b.component = $4 AND b.architecture = $5 AND p.status = $6",
             {distribution, bucket.series, bucket.pocket, bucket.component, bucket.architecture,
              model::PublicationStatus::published})) {
        all.push_back(read_publication(row, distribution));
    }
    transaction.commit();
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace storage
