#include "storage/sql_store.hpp"

#include <algorithm>
#include <tuple>

namespace storage {
namespace {

using model::ScriptActivity;
using model::Timestamp;

/// A week of a job that runs each minute, and decades of one that runs daily: of each job and
/// host older ones are forgotten.
constexpr std::int64_t activities_kept = 10'000;

/// Of the columns name, host, started, completed.
ScriptActivity read_activity(const Row& row) {
    return {
        .name = row.text(0), .host = row.text(1), .started = row.time(2), .completed = row.time(3)};
}

struct NumberedRun {
    std::int64_t script = 0;
    std::int64_t number = 0;
};

NumberedRun count_run(Database& database, const ScriptActivity& activity) {
    const Rows known = database.execute(
        "UPDATE script SET runs = runs + 1 WHERE name = $1 AND host = $2 RETURNING id, runs",
        {activity.name, activity.host});
    const Rows rows = !known.empty() ? known
                                     : database.execute(
                                           "INSERT INTO script (name, host, runs) "
                                           "VALUES ($1, $2, 1) RETURNING id, runs",
                                           {activity.name, activity.host});
    return {.script = rows[0].integer(0), .number = rows[0].integer(1)};
}

}  // namespace

void SqlStore::record_script(const ScriptActivity& activity) {
    Transaction transaction{*database_, Access::write};
    const auto run = count_run(*database_, activity);
    database_->execute(
        "INSERT INTO script_activity (script, number, started, completed) VALUES ($1, $2, $3, $4)",
        {run.script, run.number, activity.started, activity.completed});
    if (run.number > activities_kept) {
        database_->execute("DELETE FROM script_activity WHERE script = $1 AND number <= $2",
                           {run.script, run.number - activities_kept});
    }
    transaction.commit();
}

std::vector<ScriptActivity> SqlStore::last_script_activities() {
    Transaction transaction{*database_, Access::read};
    std::vector<ScriptActivity> all;
    for (const Row row : database_->execute(
             "SELECT s.name, s.host, a.started, a.completed FROM script s JOIN script_activity a "
             "ON a.script = s.id AND a.number = (SELECT b.number FROM script_activity b "
             "WHERE b.script = s.id ORDER BY b.completed DESC, b.number DESC LIMIT 1)")) {
        all.push_back(read_activity(row));
    }
    transaction.commit();
    // Here and not in SQL, where each database compares names in its own way.
    std::ranges::sort(all, {}, [](const ScriptActivity& activity) {
        return std::tie(activity.name, activity.host);
    });
    return all;
}

std::optional<ScriptActivity> SqlStore::last_script_activity(const std::string& name) {
    Transaction transaction{*database_, Access::read};
    const Rows rows = database_->execute(
        "SELECT s.name, s.host, a.started, a.completed FROM script s JOIN script_activity a "
        "ON a.script = s.id WHERE s.name = $1 ORDER BY a.started DESC, a.completed DESC, s.id "
        "LIMIT 1",
        {name});
    transaction.commit();
    return rows.empty() ? std::nullopt : std::optional(read_activity(rows[0]));
}

std::vector<ScriptActivity> SqlStore::script_activities(Timestamp since) {
    Transaction transaction{*database_, Access::read};
    std::vector<ScriptActivity> all;
    for (const Row row : database_->execute(
             "SELECT s.name, s.host, a.started, a.completed FROM script_activity a JOIN script s "
             "ON s.id = a.script WHERE a.completed >= $1 "
             "ORDER BY a.completed, a.script, a.number",
             {since})) {
        all.push_back(read_activity(row));
    }
    transaction.commit();
    return all;
}

}  // namespace storage
