#include "storage/publication_tables.hpp"

#include <algorithm>
#include <tuple>

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

auto identity(const NumberedPublication& one) {
    const Publication& publication = *one.publication;
    return std::tie(one.bucket, publication.published, publication.source, publication.version,
                    publication.file);
}

void keep_last_of_each(std::vector<NumberedPublication>& all) {
    std::stable_sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
        return identity(left) < identity(right);
    });
    // std::unique keeps the first of equals, so it runs from the end.
    const auto kept = std::unique(
        all.rbegin(), all.rend(),
        [](const auto& left, const auto& right) { return identity(left) == identity(right); });
    all.erase(all.begin(), kept.base());
}

void stage(Database& database, const std::vector<NumberedPublication>& all) {
    database.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS staged_publication AS "
        "SELECT * FROM publication WHERE false");
    std::vector<Value> values;
    values.reserve(all.size() * 8);
    for (const NumberedPublication& one : all) {
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

}  // namespace

MergedPublications merge_publications(Database& database, std::vector<NumberedPublication> all) {
    keep_last_of_each(all);
    stage(database, all);
    const Counts counts = count_known(database);
    merge_staged(database);
    return {.added = all.size() - counts.known, .updated = counts.changed};
}

Publication read_publication(const Row& row, const std::string& distribution) {
    Publication publication;
    publication.distribution = distribution;
    publication.bucket = {.series = row.text(0),
                          .pocket = row.word<model::Pocket>(1),
                          .component = row.text(2),
                          .architecture = row.text(3)};
    if (row.integer(4) != no_time) {
        publication.published = row.time(4);
    }
    publication.source = row.text(5);
    publication.version = row.text(6);
    publication.file = row.text(7);
    publication.path = row.text(8);
    if (row.integer(9) != no_file) {
        publication.file_type = row.word<model::FileType>(9);
    }
    publication.status = row.word<model::PublicationStatus>(10);
    return publication;
}

}  // namespace storage
