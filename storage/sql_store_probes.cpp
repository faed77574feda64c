#include "storage/bucket_numbers.hpp"
#include "storage/catalog_tables.hpp"
#include "storage/mirror_tables.hpp"
#include "storage/outbox_tables.hpp"
#include "storage/portions.hpp"
#include "storage/probe_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <nlohmann/json.hpp>

namespace storage {
namespace {

using model::Change;
using model::MirrorId;
using model::ProbeId;
using model::ProbeRecord;
using model::StorageError;
using model::StoredProbe;

bool is_empty(const model::Observation& seen) {
    return seen.suites.empty() && seen.addresses.empty() && !seen.certificate &&
           seen.traces.empty() && seen.costs.empty() && seen.findings.empty() && !seen.is_deep;
}

/// Or NULL.
template <class T>
Value value_or_null(const std::optional<T>& value) {
    return value ? Value{*value} : Value{std::nullopt};
}

/// Rows of the table `probe`, in the order of its columns.
class ProbeRows {
public:
    static constexpr const char* columns =
        "id, mirror, started, finished, verdict, suspect, decided, requests, expected, found, "
        "outcomes, freshness, lag, lag_estimated, integrity";

    void add(std::int64_t id, const model::ProbeResult& result) {
        const ProbeRecord& record = result.record;
        const auto lag = model::worst_lag(result.observation);
        const Value behind = lag ? Value{lag->behind.count()} : Value{std::nullopt};
        const Value is_estimated = lag ? Value{lag->is_estimated} : Value{std::nullopt};
        outcomes_.push_back(nlohmann::json(record.outcomes).dump());
        values_.insert(
            values_.end(),
            {id, result.mirror, record.started, record.finished, record.verdict, record.suspect,
             record.decided, record.requests, record.expected, record.found, outcomes_.back(),
             model::mirror_freshness(result.rows).overall, behind, is_estimated,
             value_or_null(model::known_integrity(result.observation))});
    }
    std::span<const Value> values() const noexcept { return values_; }

private:
    std::deque<std::string> outcomes_;  // that `values_` shows
    std::vector<Value> values_;
};

using NumberedRow = std::pair<std::int64_t, std::int64_t>;  // bucket, freshness

std::vector<NumberedRow> number_rows(BucketNumbers& buckets, const DistributionIds& stored,
                                     std::span<const model::ContentRow> rows) {
    std::vector<const model::Bucket*> named;
    named.reserve(rows.size());
    for (const model::ContentRow& row : rows) {
        named.push_back(&row.bucket);
    }
    const auto numbers = buckets.numbers(stored, named);
    std::vector<NumberedRow> numbered;
    numbered.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        numbered.emplace_back(numbers[i], static_cast<std::int64_t>(rows[i].freshness));
    }
    return numbered;
}

/// The distributions of the mirrors.
std::map<MirrorId, DistributionIds> read_distributions(Database& database,
                                                       std::span<const MirrorId> mirrors) {
    std::map<std::int64_t, DistributionIds> known;
    std::map<MirrorId, DistributionIds> by_mirror;
    in_portions(mirrors, [&](const std::vector<Value>& portion) {
        for (const Row row : database.execute(
                 "SELECT id, distribution FROM mirror WHERE id IN "
                 "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                 portion)) {
            const MirrorId mirror{row.integer(0)};
            const auto [distribution, is_new] = known.try_emplace(row.integer(1));
            if (is_new) {
                distribution->second = read_distribution_ids(database, mirror).value();
            }
            by_mirror.emplace(mirror, distribution->second);
        }
    });
    for (const MirrorId mirror : mirrors) {
        if (!by_mirror.contains(mirror)) {
            throw StorageError(
                fmt::format("{}: a probe cannot be stored: its mirror (number {}) was "
                            "deleted meanwhile",
                            database.title(), to_integer(mirror)));
        }
    }
    return by_mirror;
}

using RowsByMirror = std::map<MirrorId, std::vector<NumberedRow>>;

RowsByMirror read_numbered_rows(Database& database, std::span<const MirrorId> mirrors) {
    RowsByMirror rows;
    in_portions(mirrors, [&](const std::vector<Value>& portion) {
        for (const Row row : database.execute(
                 "SELECT mirror, bucket, freshness FROM content_row WHERE mirror IN "
                 "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
                 "ORDER BY mirror, bucket",
                 portion)) {
            rows[MirrorId{row.integer(0)}].emplace_back(row.integer(1), row.integer(2));
        }
    });
    return rows;
}

void delete_rows(Database& database, std::span<const MirrorId> mirrors) {
    in_portions(mirrors, [&](const std::vector<Value>& portion) {
        database.execute(
            "DELETE FROM content_row WHERE mirror IN "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            portion);
    });
}

/// As parameters rows take several times the memory, so there are never more of them.
constexpr std::size_t rows_at_once = 8192;

void insert_rows(Database& database, const RowsByMirror& of_mirrors) {
    std::vector<Value> values;
    const auto insert = [&] {
        if (!values.empty()) {
            database.insert_many("content_row", "mirror, bucket, freshness", values);
            values.clear();
        }
    };
    for (const auto& [mirror, rows] : of_mirrors) {
        for (const auto& [bucket, freshness] : rows) {
            values.insert(values.end(), {Value{mirror}, Value{bucket}, Value{freshness}});
            if (values.size() == 3 * rows_at_once) {
                insert();
            }
        }
    }
    insert();
}

void replace_rows(Database& database, std::span<const MirrorId> mirrors, RowsByMirror now) {
    const RowsByMirror old = read_numbered_rows(database, mirrors);
    std::vector<MirrorId> outdated;
    for (auto of_mirror = now.begin(); of_mirror != now.end();) {
        auto& [mirror, rows] = *of_mirror;
        std::sort(rows.begin(), rows.end());
        const auto before = old.find(mirror);
        const bool is_same = before != old.end() ? before->second == rows : rows.empty();
        if (before != old.end() && !is_same) {
            outdated.push_back(mirror);
        }
        // As on most days: nothing to write.
        of_mirror = is_same ? now.erase(of_mirror) : std::next(of_mirror);
    }
    delete_rows(database, outdated);
    insert_rows(database, now);
}

void insert_image(Database& database, const DistributionIds& stored, MirrorId mirror,
                  const model::ImageRow& image) {
    const auto series = stored.series_ids.find(image.series);
    if (series == stored.series_ids.end()) {
        throw StorageError(fmt::format(
            "{}: the images of {} cannot be stored: the distribution {} has no such series",
            database.title(), image.series, stored.name));
    }
    database.execute("INSERT INTO image_row (mirror, series, flavour) VALUES ($1, $2, $3)",
                     {mirror, series->second, image.flavour});
}

void delete_images(Database& database, std::span<const MirrorId> mirrors) {
    in_portions(mirrors, [&](const std::vector<Value>& portion) {
        database.execute(
            "DELETE FROM image_row WHERE mirror IN "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            portion);
    });
}

void mark_decided(Database& database, std::span<const ProbeId> probes, bool suspect) {
    in_portions(probes, [&](std::vector<Value> portion) {
        portion.emplace_back(suspect);
        database.execute(
            "UPDATE probe SET decided = 1, suspect = $17 WHERE id IN "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            portion);
    });
}

/// Makes the decision's change where it still applies; false where it does not.
bool change_mirror(Database& database, const model::Decision& decision, model::Timestamp now) {
    switch (decision.change) {
    case Change::none: return true;
    case Change::disable:
        return !database
                    .execute(
                        "UPDATE mirror SET enabled = 0, disabled_by = $1, "
                        "disabled_reason = $2 WHERE id = $3 AND enabled = 1 "
                        "AND (maintenance_until IS NULL OR maintenance_until <= $4) RETURNING id",
                        {model::DisabledBy::prober, decision.reason, decision.mirror, now})
                    .empty();
    case Change::enable:
        return !database
                    .execute(
                        "UPDATE mirror SET enabled = 1, disabled_by = $1, "
                        "disabled_reason = '' WHERE id = $2 AND enabled = 0 "
                        "AND disabled_by = $3 "
                        "AND (maintenance_until IS NULL OR maintenance_until <= $4) RETURNING id",
                        {model::DisabledBy::nobody, decision.mirror, model::DisabledBy::prober,
                         now})
                    .empty();
    }
    return false;
}

bool apply_one(Database& database, const model::Decision& decision, const model::Author& author) {
    if (!change_mirror(database, decision, author.when)) {
        return false;
    }
    if (decision.change != Change::none) {
        add_audit(database, decision.mirror, author,
                  {decision.change == Change::enable ? "enabled" : "disabled", decision.reason});
    }
    insert_messages(database, decision.messages, author.when);
    return true;
}

}  // namespace

StoredProbe read_probe(const Row& row) {
    StoredProbe stored;
    stored.id = ProbeId{row.integer(0)};
    ProbeRecord& record = stored.record;
    record.started = row.time(2);
    record.finished = row.time(3);
    record.verdict = row.word<model::ProbeVerdict>(4);
    record.suspect = row.integer(5) != 0;
    record.decided = row.integer(6) != 0;
    record.requests = static_cast<std::uint32_t>(row.integer(7));
    record.expected = static_cast<std::uint32_t>(row.integer(8));
    record.found = static_cast<std::uint32_t>(row.integer(9));
    const auto outcomes = nlohmann::json::parse(row.text(10), nullptr, false);
    if (outcomes.is_object()) {
        for (const auto& [name, count] : outcomes.items()) {
            record.outcomes[name] = count.is_number_unsigned() ? count.get<std::uint32_t>() : 0;
        }
    }
    return stored;
}

// The newest probe is the one that was stored last: `started` is what the clock said, which may
// have been far ahead.
std::map<MirrorId, StoredProbe> read_newest_probes(Database& database) {
    std::map<MirrorId, StoredProbe> all;
    for (const Row row : database.execute(
             "SELECT p.id, p.mirror, p.started, p.finished, p.verdict, p.suspect, p.decided, "
             "p.requests, p.expected, p.found, p.outcomes FROM mirror m JOIN probe p ON p.id = "
             "(SELECT max(q.id) FROM probe q WHERE q.mirror = m.id)")) {
        all.emplace(MirrorId{row.integer(1)}, read_probe(row));
    }
    return all;
}

std::vector<ProbeId> SqlStore::record_probes(std::span<const model::ProbeResult> results) {
    // A run has hundreds of these and one decision, which brings them all to the disk.
    Transaction transaction{*database_, Access::write_unhurried};
    buckets_.start();
    std::vector<MirrorId> mirrors;
    std::ranges::transform(results, std::back_inserter(mirrors), &model::ProbeResult::mirror);
    const auto distributions = read_distributions(*database_, mirrors);
    delete_images(*database_, mirrors);
    RowsByMirror rows;
    // A question for each probe would be most of what PostgreSQL's client waits for.
    const auto keys = database_->new_keys("probe", results.size());
    ProbeRows probes;
    std::vector<ProbeId> ids;
    std::vector<Value> logs;
    std::vector<Value> observations;
    std::deque<std::string> texts;  // that `observations` shows
    for (const model::ProbeResult& result : results) {
        const auto& stored = distributions.at(result.mirror);
        rows[result.mirror] = number_rows(buckets_, stored, result.rows);
        for (const model::ImageRow& image : result.images) {
            insert_image(*database_, stored, result.mirror, image);
        }
        ids.push_back(ProbeId{keys[ids.size()]});
        probes.add(to_integer(ids.back()), result);
        logs.insert(logs.end(), {Value{ids.back()}, Value{Blob{result.log_gz}}});
        if (!is_empty(result.observation)) {
            texts.push_back(to_json(result.observation));
            observations.insert(observations.end(), {Value{ids.back()}, Value{texts.back()}});
        }
    }
    replace_rows(*database_, mirrors, std::move(rows));
    database_->insert_many("probe", ProbeRows::columns, probes.values());
    database_->insert_many("probe_log", "probe, gz", logs);
    if (!observations.empty()) {
        database_->insert_many("observation", "probe, json", observations);
    }
    transaction.commit();
    buckets_.keep();
    return ids;
}

std::vector<StoredProbe> SqlStore::probes(MirrorId id, std::size_t most) {
    Transaction transaction{*database_, Access::read};
    std::vector<StoredProbe> all;
    for (const Row row : database_->execute(
             "SELECT id, mirror, started, finished, verdict, suspect, decided, requests, expected, "
             "found, outcomes FROM probe WHERE mirror = $1 ORDER BY id DESC LIMIT $2",
             {id, most})) {
        all.push_back(read_probe(row));
    }
    transaction.commit();
    return all;
}

std::map<MirrorId, StoredProbe> SqlStore::newest_probes() {
    Transaction transaction{*database_, Access::read};
    auto all = read_newest_probes(*database_);
    transaction.commit();
    return all;
}

void SqlStore::delete_probe(ProbeId id) {
    Transaction transaction{*database_, Access::write};
    database_->execute("DELETE FROM probe_log WHERE probe = $1", {id});
    database_->execute("DELETE FROM observation WHERE probe = $1", {id});
    database_->execute("DELETE FROM probe WHERE id = $1", {id});
    transaction.commit();
}

std::optional<std::string> SqlStore::probe_log(ProbeId id) {
    Transaction transaction{*database_, Access::read};
    const Rows rows =
        database_->execute("SELECT gz FROM probe_log WHERE probe = CAST($1 AS BIGINT)", {id});
    transaction.commit();
    if (rows.empty()) {
        return std::nullopt;
    }
    return rows[0].text(0);
}

std::vector<bool> SqlStore::apply(std::span<const model::Decision> decisions,
                                  const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    std::array<std::vector<ProbeId>, 2> probes;  // not suspect, suspect
    for (const model::Decision& decision : decisions) {
        probes.at(decision.suspect ? 1 : 0).push_back(decision.probe);
    }
    mark_decided(*database_, probes[0], false);
    mark_decided(*database_, probes[1], true);
    std::vector<bool> made;
    made.reserve(decisions.size());
    for (const model::Decision& decision : decisions) {
        made.push_back(apply_one(*database_, decision, author));
    }
    transaction.commit();
    return made;
}

}  // namespace storage
