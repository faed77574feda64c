#include "storage/snapshot_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string_view>

namespace storage {
namespace {

using model::ReleaseEntry;
using model::ReleaseNames;
using model::Sha256;
using model::Snapshot;
using model::StorageError;

/// How many snapshots a suite keeps. Mirrors that are older than the oldest are judged by
/// their Release's own date; an archive that publishes every hour gets back 12 weeks.
constexpr int snapshots_max = 2'000;
/// How many of these keep their entries, some 100 kB each: enough to tell from which
/// state a torn mirror has an index.
constexpr int snapshots_with_entries_max = 50;

Blob to_blob(const Sha256& digest) {
    return {{reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()}};
}

std::string format_entries(const std::vector<ReleaseEntry>& entries) {
    std::string text;
    for (const ReleaseEntry& entry : entries) {
        fmt::format_to(std::back_inserter(text), "{} {} {}\n", to_string(entry.sha256), entry.size,
                       entry.path);
    }
    return text;
}

std::optional<ReleaseEntry> parse_entry(std::string_view line) {
    const auto size_at = line.find(' ') + 1;
    const auto path_at = line.find(' ', size_at) + 1;
    if (size_at == 0 || path_at == 0) {
        return std::nullopt;
    }
    const auto digest = model::parse_sha256(line.substr(0, size_at - 1));
    ReleaseEntry entry;
    const char* const size_end = line.data() + path_at - 1;
    const auto [end, error] = std::from_chars(line.data() + size_at, size_end, entry.size);
    if (!digest || error != std::errc{} || end != size_end) {
        return std::nullopt;
    }
    entry.sha256 = *digest;
    entry.path = line.substr(path_at);
    return entry;
}

std::vector<ReleaseEntry> read_entries(const Database& database, std::string_view text) {
    std::vector<ReleaseEntry> entries;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        auto entry = parse_entry(line);
        if (!entry) {
            throw StorageError(fmt::format(
                "{} is damaged: the indexes of a snapshot cannot be read at \"{}\"; restore it "
                "from a backup",
                database.title(), line));
        }
        entries.push_back(std::move(*entry));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return entries;
}

/// The first row, if any, with its entries in column 6, and its names behind them.
std::optional<Snapshot> read_whole(const Database& database, const Rows& rows) {
    if (rows.empty()) {
        return std::nullopt;
    }
    Snapshot snapshot = read_snapshot_head(database, rows[0]);
    if (!rows[0].is_null(6)) {
        snapshot.entries = read_entries(database, rows[0].text(6));
    }
    if (!rows[0].is_null(7)) {
        snapshot.names = {
            .origin = rows[0].text(7), .codename = rows[0].text(8), .suite = rows[0].text(9)};
    }
    return snapshot;
}

Value name_of(const Snapshot& snapshot, std::string ReleaseNames::*name) {
    return snapshot.names ? Value{*snapshot.names.*name} : Value{std::nullopt};
}

/// To one that is known already, and may have been stored without them.
void add_names(Database& database, std::int64_t distribution, const Snapshot& snapshot) {
    database.execute(
        "UPDATE snapshot_entries SET origin = $4, codename = $5, named_suite = $6 "
        "WHERE snapshot IN (SELECT id FROM snapshot WHERE distribution = $1 AND suite = $2 "
        "AND text_sha256 = $3)",
        {distribution, snapshot.suite, to_blob(snapshot.text_sha256),
         name_of(snapshot, &ReleaseNames::origin), name_of(snapshot, &ReleaseNames::codename),
         name_of(snapshot, &ReleaseNames::suite)});
}

void prune(Database& database, SuiteKey suite) {
    // Only the newest few have entries at all, so these are few to look at.
    database.execute(
        "DELETE FROM snapshot_entries WHERE snapshot IN (SELECT e.snapshot "
        "FROM snapshot_entries e JOIN snapshot s ON s.id = e.snapshot "
        "WHERE s.distribution = $1 AND s.suite = $2 "
        "ORDER BY s.published DESC, s.id DESC LIMIT 1000 OFFSET $3)",
        {suite.distribution, suite.name, snapshots_with_entries_max});
    database.execute(
        "DELETE FROM snapshot WHERE id IN (SELECT id FROM snapshot "
        "WHERE distribution = $1 AND suite = $2 "
        "ORDER BY published DESC, id DESC LIMIT 1000 OFFSET $3)",
        {suite.distribution, suite.name, snapshots_max});
}

}  // namespace

model::Snapshot read_snapshot_head(const Database& database, const Row& row) {
    model::Snapshot snapshot;
    snapshot.suite = row.text(0);
    snapshot.sha256 = read_sha256(database, row.text(1));
    snapshot.text_sha256 = read_sha256(database, row.text(2));
    snapshot.date = row.time(3);
    if (!row.is_null(4)) {
        snapshot.valid_until = row.time(4);
    }
    snapshot.first_seen = row.time(5);
    return snapshot;
}

Sha256 read_sha256(const Database& database, const std::string& bytes) {
    Sha256 digest;
    if (bytes.size() != digest.bytes.size()) {
        throw StorageError(
            fmt::format("{} is damaged: a SHA-256 of {} bytes; restore it from a backup",
                        database.title(), bytes.size()));
    }
    std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
    return digest;
}

std::vector<Snapshot> read_snapshots(Database& database, SuiteKey suite) {
    std::vector<Snapshot> all;
    for (const Row row :
         database.execute("SELECT suite, sha256, text_sha256, published, valid_until, first_seen "
                          "FROM snapshot WHERE distribution = $1 AND suite = $2 "
                          "ORDER BY published DESC, id DESC",
                          {suite.distribution, suite.name})) {
        all.push_back(read_snapshot_head(database, row));
    }
    return all;
}

std::optional<Snapshot> read_newest_snapshot(Database& database, SuiteKey suite) {
    return read_whole(
        database,
        database.execute(
            "SELECT s.suite, s.sha256, s.text_sha256, s.published, s.valid_until, "
            "s.first_seen, e.entries, e.origin, e.codename, e.named_suite FROM snapshot s "
            "LEFT JOIN snapshot_entries e ON e.snapshot = s.id "
            "WHERE s.distribution = $1 AND s.suite = $2 "
            "ORDER BY s.published DESC, s.id DESC LIMIT 1",
            {suite.distribution, suite.name}));
}

std::optional<Snapshot> read_snapshot(Database& database, std::int64_t distribution,
                                      const Sha256& text) {
    return read_whole(
        database,
        database.execute(
            "SELECT s.suite, s.sha256, s.text_sha256, s.published, s.valid_until, "
            "s.first_seen, e.entries, e.origin, e.codename, e.named_suite FROM snapshot s "
            "LEFT JOIN snapshot_entries e ON e.snapshot = s.id "
            "WHERE s.distribution = $1 AND s.text_sha256 = $2 "
            "ORDER BY s.published DESC, s.id DESC LIMIT 1",
            {distribution, to_blob(text)}));
}

void write_snapshot(Database& database, std::int64_t distribution, const Snapshot& snapshot) {
    const Rows rows = database.execute(
        "INSERT INTO snapshot (distribution, suite, sha256, text_sha256, published, valid_until, "
        "first_seen) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id",
        {distribution, snapshot.suite, to_blob(snapshot.sha256), to_blob(snapshot.text_sha256),
         snapshot.date, snapshot.valid_until ? Value{*snapshot.valid_until} : Value{std::nullopt},
         snapshot.first_seen});
    if (rows.empty()) {
        add_names(database, distribution, snapshot);
        return;
    }
    const std::string entries = format_entries(snapshot.entries);
    database.execute(
        "INSERT INTO snapshot_entries (snapshot, entries, origin, codename, named_suite) "
        "VALUES ($1, $2, $3, $4, $5)",
        {rows[0].integer(0), entries, name_of(snapshot, &ReleaseNames::origin),
         name_of(snapshot, &ReleaseNames::codename), name_of(snapshot, &ReleaseNames::suite)});
    prune(database, {distribution, snapshot.suite});
}

std::optional<model::SuiteValidators> read_validators(Database& database, SuiteKey suite) {
    const Rows rows = database.execute(
        "SELECT url, etag, last_modified, checked FROM suite_validators "
        "WHERE distribution = $1 AND suite = $2",
        {suite.distribution, suite.name});
    if (rows.empty()) {
        return std::nullopt;
    }
    return model::SuiteValidators{.url = rows[0].text(0),
                                  .etag = rows[0].text(1),
                                  .last_modified = rows[0].text(2),
                                  .checked = rows[0].time(3)};
}

void write_validators(Database& database, SuiteKey suite,
                      const model::SuiteValidators& validators) {
    database.execute(
        "INSERT INTO suite_validators (distribution, suite, url, etag, last_modified, checked) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (distribution, suite) DO UPDATE SET "
        "url = excluded.url, etag = excluded.etag, last_modified = excluded.last_modified, "
        "checked = excluded.checked",
        {suite.distribution, suite.name, validators.url, validators.etag, validators.last_modified,
         validators.checked});
}

void write_index_content(Database& database, std::int64_t bucket,
                         const model::IndexContent& content) {
    const std::string packages = pack_keys(content.packages);
    database.execute(
        "INSERT INTO index_content (bucket, sha256, packages) VALUES ($1, $2, $3) "
        "ON CONFLICT (bucket) DO UPDATE SET sha256 = excluded.sha256, "
        "packages = excluded.packages",
        {bucket, to_blob(content.sha256), Blob{packages}});
}

std::string pack_keys(const std::vector<std::uint64_t>& keys) {
    std::string bytes;
    bytes.reserve(keys.size() * 8);
    for (const std::uint64_t key : keys) {
        for (unsigned int shift = 0; shift < 64; shift += 8) {
            bytes += static_cast<char>(static_cast<unsigned char>(key >> shift));
        }
    }
    return bytes;
}

std::optional<std::vector<std::uint64_t>> unpack_keys(const std::string& bytes) {
    if (bytes.size() % 8 != 0) {
        return std::nullopt;
    }
    std::vector<std::uint64_t> keys(bytes.size() / 8);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        keys[i / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i]))
                       << (i % 8 * 8);
    }
    return keys;
}

}  // namespace storage
