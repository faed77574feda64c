#include "storage/probe_tables.hpp"
#include "storage/sql_store.hpp"

namespace storage {
namespace {

/// So many observations are in memory at once: some kilobytes each.
constexpr int observations_at_once = 200;

/// Where a page of probes, oldest first, goes on.
struct Place {
    model::Timestamp started;
    std::int64_t id = 0;
};

std::vector<model::ObservedProbe> read_page(Database& database, const std::string& distribution,
                                            Place after) {
    std::vector<model::ObservedProbe> page;
    for (const Row row : database.execute(
             "SELECT p.id, p.mirror, p.started, p.finished, p.verdict, p.suspect, p.decided, "
             "p.requests, p.expected, p.found, p.outcomes, m.name, o.json FROM probe p "
             "JOIN mirror m ON m.id = p.mirror JOIN distribution d ON d.id = m.distribution "
             "LEFT JOIN observation o ON o.probe = p.id "
             "WHERE d.name = $1 AND (p.started, p.id) > ($2, $3) "
             "ORDER BY p.started, p.id LIMIT $4",
             {distribution, after.started, after.id, observations_at_once})) {
        model::ObservedProbe one{
            .mirror = row.text(11), .probe = read_probe(row), .observation = {}};
        if (!row.is_null(12)) {
            one.observation = model::parse_observation(row.text(12)).value_or(model::Observation{});
        }
        page.push_back(std::move(one));
    }
    return page;
}

}  // namespace

std::optional<model::Observation> SqlStore::observation(model::ProbeId id) {
    Transaction transaction{*database_, Access::read};
    const Rows rows =
        database_->execute("SELECT json FROM observation WHERE probe = CAST($1 AS BIGINT)", {id});
    transaction.commit();
    if (rows.empty()) {
        return std::nullopt;
    }
    return model::parse_observation(rows[0].text(0));
}

void SqlStore::for_each_observation(
    const std::string& distribution, model::Timestamp since,
    const std::function<void(const model::ObservedProbe&)>& callback) {
    Place after{.started = since, .id = -1};  // numbers of probes start at 1
    for (;;) {
        Transaction transaction{*database_, Access::read};
        const auto page = read_page(*database_, distribution, after);
        transaction.commit();
        for (const model::ObservedProbe& one : page) {
            callback(one);
        }
        if (page.size() < static_cast<std::size_t>(observations_at_once)) {
            return;
        }
        after = {.started = page.back().probe.record.started,
                 .id = to_integer(page.back().probe.id)};
    }
}

}  // namespace storage
