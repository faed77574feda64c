#include "storage/sql_store.hpp"

namespace storage {
namespace {

using model::RunId;
using model::RunOutcome;
using model::RunRecord;
using model::Timestamp;

/// A run a day for years; older ones are forgotten.
constexpr int runs_kept = 2'000;

}  // namespace

RunId SqlStore::begin_run(const std::string& host, Timestamp when, std::uint32_t mirrors) {
    Transaction transaction{*database_, Access::write};
    database_->execute("UPDATE run SET finished = seen, outcome = $1 WHERE finished IS NULL",
                       {RunOutcome::lost});
    const Rows rows = database_->execute(
        "INSERT INTO run (host, started, seen, mirrors, probed) VALUES ($1, $2, $2, $3, 0) "
        "RETURNING id",
        {host, when, mirrors});
    const RunId id{rows[0].integer(0)};
    database_->execute("DELETE FROM run WHERE id <= $1", {to_integer(id) - runs_kept});
    transaction.commit();
    return id;
}

void SqlStore::run_goes_on(RunId id, Timestamp when, std::uint32_t probed) {
    Transaction transaction{*database_, Access::write_unhurried};
    database_->execute("UPDATE run SET seen = $1, probed = $2 WHERE id = $3 AND finished IS NULL",
                       {when, probed, id});
    transaction.commit();
}

void SqlStore::end_run(RunId id, Timestamp when, std::uint32_t probed, RunOutcome outcome) {
    Transaction transaction{*database_, Access::write};
    database_->execute(
        "UPDATE run SET seen = $1, probed = $2, finished = $1, outcome = $3 WHERE id = $4",
        {when, probed, outcome, id});
    transaction.commit();
}

std::vector<RunRecord> SqlStore::runs(std::size_t most) {
    Transaction transaction{*database_, Access::read};
    std::vector<RunRecord> all;
    for (const Row row :
         database_->execute("SELECT id, host, started, seen, mirrors, probed, finished, outcome "
                            "FROM run ORDER BY id DESC LIMIT $1",
                            {most})) {
        RunRecord run{.id = RunId{row.integer(0)},
                      .host = row.text(1),
                      .started = row.time(2),
                      .seen = row.time(3),
                      .mirrors = static_cast<std::uint32_t>(row.integer(4)),
                      .probed = static_cast<std::uint32_t>(row.integer(5))};
        if (!row.is_null(6)) {
            run.finished = row.time(6);
            run.outcome = row.word<RunOutcome>(7);
        }
        all.push_back(std::move(run));
    }
    transaction.commit();
    return all;
}

}  // namespace storage
