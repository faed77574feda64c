#include "storage/bucket_numbers.hpp"
#include "storage/catalog_tables.hpp"
#include "storage/mirror_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace storage {
namespace {

using model::Bucket;
using model::ContentRow;
using model::ImageRow;
using model::MirrorId;

/// In the catalogue's order; what the catalogue has no more comes last.
void sort_rows(std::vector<ContentRow>& rows, const model::Distribution& distribution) {
    std::vector<Bucket> carried;
    carried.reserve(rows.size());
    for (const ContentRow& row : rows) {
        carried.push_back(row.bucket);
    }
    std::map<Bucket, std::size_t> places;
    for (Bucket& bucket :
         model::expected_buckets(distribution, carried, model::Expectation::everything)) {
        places.emplace(std::move(bucket), places.size());
    }
    const auto place_of = [&](const ContentRow& row) {
        const auto place = places.find(row.bucket);
        return place == places.end() ? places.size() : place->second;
    };
    std::vector<std::pair<std::size_t, ContentRow>> keyed;
    keyed.reserve(rows.size());
    for (ContentRow& row : rows) {
        const std::size_t place = place_of(row);
        keyed.emplace_back(place, std::move(row));
    }
    std::sort(keyed.begin(), keyed.end());
    rows.clear();
    for (auto& [place, row] : keyed) {
        rows.push_back(std::move(row));
    }
}

std::vector<ContentRow> read_rows(Database& database, MirrorId id) {
    std::vector<ContentRow> all;
    for (const Row row : database.execute(
             "SELECT s.name, b.pocket, b.component, b.architecture, r.freshness "
             "FROM content_row r JOIN bucket b ON b.id = r.bucket JOIN series s ON s.id = b.series "
             "WHERE r.mirror = $1",
             {id})) {
        all.push_back({.bucket = {.series = row.text(0),
                                  .pocket = row.word<model::Pocket>(1),
                                  .component = row.text(2),
                                  .architecture = row.text(3)},
                       .freshness = row.word<model::Freshness>(4)});
    }
    return all;
}

}  // namespace

std::vector<ContentRow> SqlStore::rows(MirrorId id) {
    Transaction transaction{*database_, Access::read};
    const auto stored = read_distribution(*database_, id);
    if (!stored) {
        return {};
    }
    std::vector<ContentRow> all = read_rows(*database_, id);
    transaction.commit();
    sort_rows(all, stored->distribution);
    return all;
}

std::vector<ContentRow> SqlStore::unordered_rows(MirrorId id) {
    Transaction transaction{*database_, Access::read};
    std::vector<ContentRow> all = read_rows(*database_, id);
    transaction.commit();
    return all;
}

std::vector<ImageRow> SqlStore::images(MirrorId id) {
    Transaction transaction{*database_, Access::read};
    const auto stored = read_distribution(*database_, id);
    const Rows found = database_->execute(
        "SELECT s.name, r.flavour FROM image_row r "
        "JOIN series s ON s.id = r.series WHERE r.mirror = $1",
        {id});
    transaction.commit();
    if (!stored) {
        return {};
    }
    std::vector<ImageRow> left;
    for (const Row row : found) {
        left.push_back({.series = row.text(0), .flavour = row.text(1)});
    }
    std::sort(left.begin(), left.end());
    // Series newest first, and each one's images as the catalogue has them.
    std::vector<ImageRow> all;
    for (const model::Series& series : stored->distribution.series) {
        for (const model::ImageSet& image : series.images) {
            const auto place = std::find(left.begin(), left.end(),
                                         ImageRow{.series = series.name, .flavour = image.flavour});
            if (place != left.end()) {
                all.push_back(std::move(*place));
                left.erase(place);
            }
        }
    }
    all.insert(all.end(), left.begin(), left.end());
    return all;
}

model::StoreResult<ContentRow> SqlStore::ensure_row(MirrorId id, const Bucket& bucket) {
    Transaction transaction{*database_, Access::write};
    const auto stored = read_distribution(*database_, id);
    if (!stored) {
        return no_such_mirror(id);
    }
    if (!has_bucket(stored->distribution, bucket)) {
        return no_such_bucket(stored->distribution.name, bucket);
    }
    buckets_.start();
    const std::int64_t number = buckets_.number(*stored, bucket);
    database_->execute(
        "INSERT INTO content_row (mirror, bucket, freshness) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING",
        {id, number, model::Freshness::unknown});
    const Rows rows = database_->execute(
        "SELECT freshness FROM content_row WHERE mirror = $1 AND bucket = $2", {id, number});
    transaction.commit();
    buckets_.keep();
    return ContentRow{.bucket = bucket, .freshness = rows[0].word<model::Freshness>(0)};
}

void SqlStore::delete_row(MirrorId id, const Bucket& bucket) {
    Transaction transaction{*database_, Access::write};
    const auto stored = read_distribution(*database_, id);
    if (!stored) {
        return;
    }
    const auto number = buckets_.find(*stored, bucket);
    if (!number) {
        return;
    }
    database_->execute("DELETE FROM content_row WHERE mirror = $1 AND bucket = $2", {id, *number});
    transaction.commit();
}

}  // namespace storage
