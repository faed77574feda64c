#include "storage/probe_request_tables.hpp"

#include "storage/mirror_tables.hpp"

namespace storage {

bool probe_request_waits(Database& database, model::MirrorId mirror, model::Timestamp now) {
    // What is of the future, a request or a probe, was made by a clock that was ahead.
    return !database
                .execute(
                    "SELECT r.mirror FROM probe_request r WHERE r.mirror = $1 AND r.asked > $2 "
                    "AND r.asked <= $3 AND NOT EXISTS (SELECT 1 FROM probe p "
                    "WHERE p.mirror = r.mirror AND p.started >= r.asked AND p.started <= $3)",
                    {mirror, now - model::probe_request_life, now})
                .empty();
}

void insert_probe_request(Database& database, model::MirrorId mirror, const model::Author& author) {
    database.execute(
        "INSERT INTO probe_request (mirror, asked, who) VALUES ($1, $2, $3) "
        "ON CONFLICT (mirror) DO UPDATE SET asked = excluded.asked, who = excluded.who",
        {mirror, author.when, author.who});
    add_audit(database, mirror, author, {"probe requested", author.why});
}

}  // namespace storage
