#include "storage/sql_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace storage {
namespace {

using model::Branch;
using model::BranchId;
using model::BranchResult;
using model::BranchType;
using model::Refusal;
using model::Timestamp;

Value time_or_null(const std::optional<Timestamp>& when) {
    return when ? Value{*when} : Value{std::nullopt};
}

std::optional<Timestamp> time_or_none(const Row& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.time(column));
}

/// Of all columns of the table, in its order.
Branch read_branch(const Row& row) {
    Branch branch{.id = BranchId{row.integer(0)},
                  .name = row.text(1),
                  .url = row.text(2),
                  .type = row.word<BranchType>(3),
                  .mirroring = {.last_mirror_attempt = time_or_none(row, 4),
                                .last_mirrored = time_or_none(row, 5),
                                .last_mirrored_id = row.text(6),
                                .mirror_failures = static_cast<int>(row.integer(7)),
                                .mirror_status_message = row.text(8),
                                .next_mirror_time = time_or_none(row, 9)}};
    if (!row.is_null(12)) {
        branch.mirroring.attempt = model::MirrorAttempt{
            .token = row.text(10), .worker = row.text(11), .lease_end = row.time(12)};
    }
    return branch;
}

std::vector<Branch> read_branches(const Rows& rows) {
    std::vector<Branch> all;
    for (const Row row : rows) {
        all.push_back(read_branch(row));
    }
    return all;
}

std::optional<Branch> first_of(const Rows& rows) {
    return rows.empty() ? std::nullopt : std::optional(read_branch(rows[0]));
}

std::optional<Branch> find_branch(Database& database, BranchId id) {
    return first_of(database.execute(
        "SELECT id, name, url, type, last_mirror_attempt, last_mirrored, last_mirrored_id, "
        "mirror_failures, mirror_status_message, next_mirror_time, attempt_token, "
        "attempt_worker, lease_end FROM branch WHERE id = CAST($1 AS BIGINT)",
        {id}));
}

std::optional<Branch> find_branch(Database& database, const std::string& name) {
    return first_of(database.execute(
        "SELECT id, name, url, type, last_mirror_attempt, last_mirrored, last_mirrored_id, "
        "mirror_failures, mirror_status_message, next_mirror_time, attempt_token, "
        "attempt_worker, lease_end FROM branch WHERE name = $1",
        {name}));
}

/// After one time until another, the first ones first.
std::vector<Branch> find_between(Database& database, std::span<const BranchType> types,
                                 Timestamp after, Timestamp until, std::size_t most) {
    const auto wanted = [&](BranchType type) {
        return std::ranges::find(types, type) == types.end() ? Value{0} : Value{type};
    };
    return read_branches(database.execute(
        "SELECT id, name, url, type, last_mirror_attempt, last_mirrored, last_mirrored_id, "
        "mirror_failures, mirror_status_message, next_mirror_time, attempt_token, "
        "attempt_worker, lease_end FROM branch "
        "WHERE next_mirror_time > $1 AND next_mirror_time <= $2 AND lease_end IS NULL "
        "AND type IN ($3, $4, $5) ORDER BY next_mirror_time, id LIMIT $6",
        {after, until, wanted(BranchType::hosted), wanted(BranchType::mirrored),
         wanted(BranchType::imported), most}));
}

std::vector<Branch> find_due(Database& database, std::span<const BranchType> types, Timestamp now,
                             std::size_t most) {
    auto due = find_between(database, types, Timestamp::min(), now, most);
    // By itself, for either end of the index is read without what lies between.
    for (auto& ahead : find_between(database, types, now + model::mirror_pause_beyond,
                                    Timestamp::max(), most - due.size())) {
        due.push_back(std::move(ahead));
    }
    return due;
}

std::vector<Branch> find_overdue(Database& database, Timestamp now) {
    return read_branches(database.execute(
        "SELECT id, name, url, type, last_mirror_attempt, last_mirrored, last_mirrored_id, "
        "mirror_failures, mirror_status_message, next_mirror_time, attempt_token, "
        "attempt_worker, lease_end FROM branch WHERE lease_end <= $1 ORDER BY id",
        {now}));
}

void write_mirroring(Database& database, const Branch& branch) {
    const auto& mirroring = branch.mirroring;
    const auto attempt = mirroring.attempt.value_or(model::MirrorAttempt{});
    database.execute(
        "UPDATE branch SET last_mirror_attempt = $1, last_mirrored = $2, last_mirrored_id = $3, "
        "mirror_failures = $4, mirror_status_message = $5, next_mirror_time = $6, "
        "attempt_token = $7, attempt_worker = $8, lease_end = $9 WHERE id = $10",
        {time_or_null(mirroring.last_mirror_attempt), time_or_null(mirroring.last_mirrored),
         mirroring.last_mirrored_id, mirroring.mirror_failures, mirroring.mirror_status_message,
         time_or_null(mirroring.next_mirror_time), attempt.token, attempt.worker,
         mirroring.attempt ? Value{attempt.lease_end} : Value{std::nullopt}, branch.id});
}

}  // namespace

model::StoreResult<BranchId> SqlStore::add_branch(const Branch& branch) {
    Transaction transaction{*database_, Access::write};
    if (const auto taken = find_branch(*database_, branch.name)) {
        return Refusal{.kind = Refusal::Kind::name_taken,
                       .detail = fmt::format("Branch {} has the name \"{}\" already.",
                                             to_integer(taken->id), branch.name)};
    }
    const Rows rows = database_->execute(
        "INSERT INTO branch (name, url, type, last_mirrored_id, mirror_failures, "
        "mirror_status_message, attempt_token, attempt_worker) "
        "VALUES ($1, $2, $3, '', 0, '', '', '') RETURNING id",
        {branch.name, branch.url, branch.type});
    Branch added = branch;
    added.id = BranchId{rows[0].integer(0)};
    write_mirroring(*database_, added);
    transaction.commit();
    return added.id;
}

std::vector<Branch> SqlStore::branches() {
    Transaction transaction{*database_, Access::read};
    auto all = read_branches(database_->execute(
        "SELECT id, name, url, type, last_mirror_attempt, last_mirrored, last_mirrored_id, "
        "mirror_failures, mirror_status_message, next_mirror_time, attempt_token, "
        "attempt_worker, lease_end FROM branch ORDER BY id"));
    transaction.commit();
    return all;
}

std::optional<Branch> SqlStore::branch(BranchId id) {
    Transaction transaction{*database_, Access::read};
    auto found = find_branch(*database_, id);
    transaction.commit();
    return found;
}

std::optional<Branch> SqlStore::branch(const std::string& name) {
    Transaction transaction{*database_, Access::read};
    auto found = find_branch(*database_, name);
    transaction.commit();
    return found;
}

std::optional<BranchResult> SqlStore::change_branch(
    BranchId id, const std::function<BranchResult(const Branch&)>& change) {
    Transaction transaction{*database_, Access::write};
    auto found = find_branch(*database_, id);
    if (!found) {
        return std::nullopt;
    }
    auto result = change(*found);
    if (result.has_value()) {
        found->mirroring = *result;
        write_mirroring(*database_, *found);
        transaction.commit();
    }
    return result;
}

std::vector<Branch> SqlStore::due_branches(std::span<const BranchType> types, Timestamp now,
                                           std::size_t most) {
    Transaction transaction{*database_, Access::read};
    auto all = find_due(*database_, types, now, most);
    transaction.commit();
    return all;
}

std::optional<Branch> SqlStore::acquire_branch(std::span<const BranchType> types,
                                               const model::MirrorReport& report,
                                               std::chrono::seconds lease) {
    // Workers ask again and again: who finds nothing must not wait for those who write.
    if (due_branches(types, report.when, 1).empty()) {
        return std::nullopt;
    }
    Transaction transaction{*database_, Access::write};
    auto due = find_due(*database_, types, report.when, 1);
    if (due.empty()) {
        return std::nullopt;
    }
    Branch& branch = due.front();
    const auto started = model::start_mirroring(branch, report, lease);
    assert(started.has_value());  // only REMOTE is refused, and never due
    branch.mirroring = *started;
    write_mirroring(*database_, branch);
    transaction.commit();
    return std::move(branch);
}

std::vector<Branch> SqlStore::end_leases(Timestamp now) {
    {
        Transaction transaction{*database_, Access::read};
        const bool are_any = !find_overdue(*database_, now).empty();
        transaction.commit();
        if (!are_any) {
            return {};
        }
    }
    Transaction transaction{*database_, Access::write};
    auto all = find_overdue(*database_, now);
    for (Branch& branch : all) {
        const auto ended = model::end_lease(branch, now);
        assert(ended.has_value());
        branch.mirroring = *ended;
        write_mirroring(*database_, branch);
    }
    transaction.commit();
    return all;
}

}  // namespace storage
