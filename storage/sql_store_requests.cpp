#include "storage/mirror_tables.hpp"
#include "storage/probe_request_tables.hpp"
#include "storage/sql_store.hpp"

#include <fmt/format.h>

namespace storage {
namespace {

using model::ProbeRequest;
using model::Refusal;
using model::Timestamp;

ProbeRequest read_request(const Row& row) {
    return {.mirror = row.text(0), .asked = row.time(1), .who = row.text(2)};
}

std::optional<ProbeRequest> read_last(Database& database, const std::string& mirror) {
    const Rows rows = database.execute(
        "SELECT m.name, r.asked, r.who FROM probe_request r JOIN mirror m ON m.id = r.mirror "
        "WHERE m.name = $1",
        {mirror});
    return rows.empty() ? std::nullopt : std::optional(read_request(rows[0]));
}

}  // namespace

model::StoreResult<void> SqlStore::request_probe(const std::string& mirror,
                                                 std::chrono::seconds pause,
                                                 const model::Author& author) {
    Transaction transaction{*database_, Access::write};
    const auto found = read_mirror(*database_, mirror);
    if (!found) {
        return no_such_mirror(mirror);
    }
    const auto last = read_last(*database_, mirror);
    // A request of the future was made by a clock that was ahead: it holds up nobody.
    if (last && last->asked <= author.when && author.when < last->asked + pause) {
        return Refusal{.kind = Refusal::Kind::too_soon,
                       .detail = fmt::format(
                           "A probe of the mirror \"{}\" was asked for at {}; ask again after {}.",
                           mirror, model::format_timestamp(last->asked),
                           model::format_timestamp(last->asked + pause))};
    }
    const model::MirrorId id = found->state.id;
    if (probe_request_waits(*database_, id, author.when)) {
        return Refusal{.kind = Refusal::Kind::already_so,
                       .detail = fmt::format("A probe of the mirror \"{}\" was asked for at {} "
                                             "already, and has not begun.",
                                             mirror, model::format_timestamp(last->asked))};
    }
    insert_probe_request(*database_, id, author);
    transaction.commit();
    return {};
}

std::optional<ProbeRequest> SqlStore::last_probe_request(const std::string& mirror) {
    Transaction transaction{*database_, Access::read};
    auto last = read_last(*database_, mirror);
    transaction.commit();
    return last;
}

std::vector<ProbeRequest> SqlStore::probe_requests(Timestamp now) {
    Transaction transaction{*database_, Access::read};
    std::vector<ProbeRequest> all;
    for (const Row row : database_->execute(
             "SELECT m.name, r.asked, r.who FROM probe_request r JOIN mirror m ON m.id = r.mirror "
             "WHERE r.asked > $1 AND r.asked <= $2 AND NOT EXISTS (SELECT 1 FROM probe p "
             "WHERE p.mirror = r.mirror AND p.started >= r.asked AND p.started <= $2) "
             "ORDER BY r.asked, r.mirror",
             {now - model::probe_request_life, now})) {
        all.push_back(read_request(row));
    }
    transaction.commit();
    return all;
}

}  // namespace storage
