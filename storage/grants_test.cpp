#include "storage/grants.hpp"

#include "storage/postgres_database.hpp"
#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <fmt/format.h>

using namespace storage;
using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

bool has_postgres() {
    return backends().size() > 1;
}

void run_script(const EmptyDatabase& database, const std::string& sql) {
    const auto connection = database.connect();
    Transaction transaction{*connection, Access::write};
    connection->execute_script(sql);
    transaction.commit();
}

std::string answer_of(const EmptyDatabase& database, const char* sql) {
    const auto connection = database.connect();
    Transaction transaction{*connection, Access::read};
    std::string all;
    for (const Row row : connection->execute(sql)) {
        all += (all.empty() ? "" : "\n") + row.text(0);
    }
    transaction.commit();
    return all;
}

/// A database of ours with the acceptance catalogue and a branch, and a role of its server that
/// was given what the service needs.
class Granted {
public:
    Granted() : database{make_database("postgresql")} {
        const auto store = database->open();
        load(*store, acceptance_catalog());
        store->record_probe(probe_result(store->mirror("valid-mirror")->state.id, new_year, {}));
        REQUIRE(store->add_branch({.name = "b", .url = "https://git.example.org/b"}).has_value());
        schema = answer_of(*database, "SELECT current_schema()::text");
        role = schema + " \"service\"";
        run_script(*database, fmt::format("CREATE ROLE {}", quoted()));
        grant();
    }
    Granted(const Granted&) = delete;
    Granted& operator=(const Granted&) = delete;
    ~Granted() { run_script(*database, fmt::format("DROP OWNED BY {0}; DROP ROLE {0}", quoted())); }

    /// Without the words that make it a transaction: a script has one already.
    void grant() const {
        const auto sql = service_grants({.role = role, .schema = schema});
        const std::string first = "BEGIN;\n";
        const std::string last = "COMMIT;\n";
        REQUIRE(sql.starts_with(first));
        REQUIRE(sql.ends_with(last));
        run_script(*database, sql.substr(first.size(), sql.size() - first.size() - last.size()));
    }

    std::string quoted() const { return fmt::format(R"("{} ""service""")", schema); }

    /// The same database, to one who has the role.
    std::string url() const {
        return database->url() + "%20-crole%3D" + schema + "%5C%20%22service%22";
    }

    std::unique_ptr<EmptyDatabase> database;
    std::string schema;
    std::string role;
};

}  // namespace

TEST_CASE("every table is spoken of in the service's rights", "[storage][grants]") {
    if (!has_postgres()) {
        return;
    }
    const auto database = make_database("postgresql");
    database->open();

    std::string named;
    for (const auto& right : service_rights()) {
        named += (named.empty() ? "" : "\n") + std::string(right.table);
    }

    CHECK(named == answer_of(*database,
                             "SELECT table_name::text FROM information_schema.tables WHERE "
                             "table_schema = current_schema() ORDER BY table_name COLLATE \"C\""));
}

TEST_CASE("names of roles and schemas cannot add to what is granted", "[storage][grants]") {
    const auto sql = service_grants({.role = "a\"; DROP TABLE branch; --", .schema = "s\"x"});

    CHECK(says(sql, "GRANT DELETE ON \"s\"\"x\".session TO \"a\"\"; DROP TABLE branch; --\";\n"));
}

TEST_CASE("the service's role can do all that the service does", "[storage][grants]") {
    if (!has_postgres()) {
        return;
    }
    const Granted granted;
    const auto store = open_store(granted.url(), Opening::ready);
    const auto changed = [](model::Mirror& mirror) {
        mirror.description = "new";
        mirror.owners = {{"Owner", "owner@example.org"}};
        mirror.http_url = "http://elsewhere.example.org/";
        mirror.status = model::ReviewStatus::broken;
        mirror.content = model::Content::release;
        mirror.whiteboard = "w";
        return true;
    };
    const auto mail = message("<1@example.org>");
    const model::MirrorReport report{.worker = "w", .token = "t", .when = new_year + 1h};

    CHECK(store->mirrors({}).size() == 4);
    CHECK(store->change_mirror("valid-mirror", changed, foo).has_value());
    CHECK(store->disable_mirror("valid-mirror", foo, {&mail, 1}).has_value());
    CHECK(store->enable_mirror("valid-mirror", foo, {}).has_value());
    CHECK(store->set_maintenance("valid-mirror", new_year + 1h, foo).has_value());
    CHECK(store->request_probe("valid-mirror", 0s, foo).has_value());
    const auto waiting = store->outbox(true);
    REQUIRE(waiting.size() == 1);
    granted.database->open()->message_handed_over(waiting[0].id);  // who delivers is another
    CHECK(store->retry_message(waiting[0].id, new_year).has_value());
    CHECK(store->discard_message(waiting[0].id).has_value());
    const auto token = store->add_token(
        {.scopes = model::Scope::admin, .holder = "a", .hash = {}, .expires = new_year + 1h}, foo);
    REQUIRE(token.has_value());
    store->token_used(*token, new_year);
    const auto session = store->add_session(*token, {}, new_year, new_year + 1h);
    REQUIRE(session.has_value());
    store->end_session(*session);
    CHECK(store->revoke_token(*token, foo).has_value());
    store->link_key({});
    const auto branch = store->branches().at(0).id;
    CHECK(store
              ->change_branch(
                  branch,
                  [](const model::Branch& it) { return model::request_mirroring(it, new_year); })
              .has_value());
    CHECK(store->acquire_branch(model::pulled_types, report, 1h).has_value());
    CHECK(store->end_leases(new_year + 2h).size() == 1);
    store->record_script({"probe", "a", new_year, new_year});
    store->record_script({"probe", "a", new_year, new_year});
    CHECK(store->mirror_sync_started("valid-mirror", foo).has_value());
    CHECK(store->mirror_sync_completed("valid-mirror", foo).has_value());
    CHECK(store->last_script_activities().size() == 1);
    CHECK(store->probe_log(store->newest_probes().begin()->second.id).has_value());
    CHECK(store->wait_for_change(0ms));
    CHECK(says(store->check(), "integrity ok"));
}

TEST_CASE("the service's role can do nothing else", "[storage][grants]") {
    if (!has_postgres()) {
        return;
    }
    const Granted granted;
    granted.grant();  // a second time, as after an upgrade, gives no more
    const auto [statement, why] = GENERATE(table<std::string, std::string>({
        {"INSERT INTO branch (name) VALUES ('x')", "branches are the admin's"},
        {"UPDATE branch SET url = 'ext::sh'", "where to pull from is the admin's"},
        {"UPDATE branch SET type = 1", "so is whether"},
        {"DELETE FROM branch", "and that it is there"},
        {"UPDATE mirror SET name = 'x'", "a mirror's name stays"},
        {"UPDATE mirror SET distribution = 1", "and its distribution"},
        {"INSERT INTO mirror (name) VALUES ('x')", "mirrors are added elsewhere"},
        {"DELETE FROM mirror", "and deleted elsewhere"},
        {"UPDATE audit SET who = 'x'", "what was done stays known"},
        {"DELETE FROM audit", "what was done stays known"},
        {"UPDATE script_activity SET completed = 9", "what was recorded stays"},
        {"UPDATE token SET scope = 1", "no worker becomes an admin"},
        {"UPDATE token SET sha256 = ''", "nor by another secret"},
        {"UPDATE secret SET value = ''", "links in mails stay good"},
        {"UPDATE message SET body = ''", "what mails say stays"},
        {"INSERT INTO probe (mirror) VALUES (1)", "probes are the prober's"},
        {"UPDATE probe SET verdict = 1", "probes are the prober's"},
        {"DELETE FROM probe_log", "and their logs"},
        {"INSERT INTO content_row (mirror, bucket, freshness) VALUES (1, 1, 1)", "and what it saw"},
        {"DELETE FROM publication", "the archive's"},
        {"UPDATE snapshot SET published = 1", "the archive's"},
        {"UPDATE distribution SET never_below = 0", "the catalogue's"},
        {"UPDATE schema_version SET version = 1", "the migration's"},
        {"TRUNCATE session", "no right to delete is a right to that"},
        {"CREATE TABLE mine (x INTEGER)", "no tables of its own"},
        {"DROP TABLE session", "nor without ours"},
        {"CREATE TRIGGER t BEFORE INSERT ON token EXECUTE FUNCTION f()", "nor spies on them"},
    }));
    INFO(statement << ": " << why);
    const auto connection = open_postgres_database(granted.url());

    const auto error = error_of([&, sql = statement] {
        Transaction transaction{*connection, Access::write};
        connection->execute_script(sql);
        transaction.commit();
    });

    INFO(error);
    CHECK((says(error, "permission denied") || says(error, "must be owner")));
}

TEST_CASE("who has no right is given none, and what everybody had is taken", "[storage][grants]") {
    if (!has_postgres()) {
        return;
    }
    const Granted granted;
    run_script(*granted.database,
               "GRANT SELECT ON token TO PUBLIC; GRANT DELETE, UPDATE (url) ON "
               "branch TO " +
                   granted.quoted());

    granted.grant();

    CHECK(answer_of(*granted.database,
                    "SELECT (table_name || ' ' || privilege_type || ' ' || grantee)::text FROM "
                    "information_schema.table_privileges WHERE table_schema = current_schema() "
                    "AND (grantee = 'PUBLIC' OR (table_name = 'branch' AND "
                    "grantee = current_schema() || ' \"service\"'))") ==
          "branch SELECT " + granted.role);
    CHECK(answer_of(*granted.database,
                    "SELECT column_name::text FROM information_schema.column_privileges WHERE "
                    "table_schema = current_schema() AND table_name = 'branch' AND "
                    "privilege_type = 'UPDATE' AND grantee LIKE '%service%' AND "
                    "column_name IN ('url', 'type', 'name', 'lease_end')") == "lease_end");
}
