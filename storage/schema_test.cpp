#include "storage/schema.hpp"

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <fstream>
#include <iterator>

using namespace storage;
using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

/// What version 0.1.0 left: the acceptance catalogue and its publications, a mirror added
/// by hand and disabled, and a probe of each of two mirrors.
void restore_schema_1(const EmptyDatabase& database, const std::string& backend) {
    std::ifstream file(MIRROR_TESTDATA "/storage/schema_1." + backend + ".sql");
    const std::string dump{std::istreambuf_iterator<char>(file), {}};
    REQUIRE(!dump.empty());
    const auto connection = database.connect();
    Transaction transaction{*connection, Access::write};
    connection->execute_script(dump);
    transaction.commit();
}

/// Every column of every table, as the database describes it.
std::string columns_of(const EmptyDatabase& database) {
    const auto connection = database.connect();
    Transaction transaction{*connection, Access::read};
    const Rows rows =
        connection->dialect().name == "sqlite"
            ? connection->execute(
                  "SELECT m.name || '.' || c.name || ' ' || c.type || c.\"notnull\" "
                  "|| COALESCE(c.dflt_value, '') || c.pk FROM sqlite_master m, "
                  "pragma_table_info(m.name) c ORDER BY 1")
            : connection->execute(
                  "SELECT (table_name || '.' || column_name || ' ' || data_type || is_nullable || "
                  "COALESCE(column_default, '') || is_identity)::text "
                  "FROM information_schema.columns WHERE table_schema = current_schema() "
                  "ORDER BY 1");
    std::string all;
    for (const Row row : rows) {
        all += row.text(0) + "\n";
    }
    return all;
}

/// Every index and what it is on.
std::string indexes_of(const EmptyDatabase& database) {
    const auto connection = database.connect();
    Transaction transaction{*connection, Access::read};
    const Rows rows =
        connection->dialect().name == "sqlite"
            ? connection->execute(
                  "SELECT m.name || ' ' || i.name FROM sqlite_master m, "
                  "pragma_index_info(m.name) i WHERE m.type = 'index' "
                  "ORDER BY m.name, i.seqno")
            : connection->execute(
                  "SELECT (indexname || substr(indexdef, strpos(indexdef, '(')))::text FROM "
                  "pg_indexes WHERE schemaname = current_schema() ORDER BY 1");
    std::string all;
    for (const Row row : rows) {
        all += row.text(0) + "\n";
    }
    return all;
}

/// A distribution and its mirror "old", as every schema so far holds them.
void add_old_mirror(Database& database) {
    database.execute(
        "INSERT INTO distribution (name, title, primary_url, freshness_rule, "
        "failures_before_disable) VALUES ('ubuntu', 'Ubuntu', '', 1, 1)");
    database.execute(
        "INSERT INTO mirror (name, display_name, description, distribution, country, speed, "
        "content, official_candidate, status, whiteboard, enabled, disabled_by, "
        "disabled_reason, created) "
        "SELECT 'old', '', '', id, '', 2000, 1, 0, 30, '', 1, 0, '', 0 FROM distribution");
}

}  // namespace

TEST_CASE("a database of schema 1 is refused as it is until it is migrated", "[storage][schema]") {
    const std::string backend = GENERATE(from_range(backends()));
    const auto database = make_database(backend);
    restore_schema_1(*database, backend);
    const std::string before = database->content();

    std::string error;
    try {
        database->open();
    } catch (const model::StorageError& e) {
        error = e.what();
    }

    CHECK(error.find("has schema 1, and this program needs 6: run `mirrorwarden database migrate`, "
                     "after a backup") != std::string::npos);
    CHECK(database->content() == before);
}

TEST_CASE("a database of schema 1 has everything after its migration", "[storage][schema]") {
    const std::string backend = GENERATE(from_range(backends()));
    const auto database = make_database(backend);
    restore_schema_1(*database, backend);

    const auto store = database->open(Opening::migrate);

    CHECK(store->check().find(", schema 6, 5 mirrors, integrity ok") != std::string::npos);
    const auto ubuntu = store->distribution("ubuntu");
    REQUIRE(ubuntu.has_value());
    CHECK(ubuntu->series.size() == 4);
    CHECK(ubuntu->failures_before_disable == 1);
    CHECK(ubuntu->sync_grace == 6h);
    CHECK(ubuntu->successes_before_enable == 1);
    CHECK(ubuntu->never_below == 0);
    CHECK(ubuntu->deep_every == 0);
    CHECK(ubuntu->disable_when.empty());
    CHECK(ubuntu->keyring.empty());
    CHECK(ubuntu->manifest.empty());

    const auto valid = store->mirror("valid-mirror");
    REQUIRE(valid.has_value());
    CHECK(valid->mirror.http_url == "http://localhost:11375/valid-mirror/");
    CHECK(valid->state.enabled);
    CHECK_FALSE(valid->state.maintenance_until.has_value());
    CHECK(store->rows(valid->state.id).size() == 3);
    const auto probes = store->probes(valid->state.id, 9);
    REQUIRE(probes.size() == 1);
    CHECK(probes[0].record.found == 3);
    CHECK(probes[0].record.outcomes == model::OutcomeCounts{{"http-status 404", 79}, {"ok", 3}});
    CHECK(store->probe_log(probes[0].id)->starts_with("\x1f\x8b"));
    CHECK(store->observation(probes[0].id) == std::nullopt);
    const auto third = store->mirror("third");
    REQUIRE(third.has_value());
    CHECK(third->mirror.owners == std::vector<model::MailAddress>{{"José", "jose@example.org"}});
    CHECK(third->state.disabled_by == model::DisabledBy::admin);
    CHECK(store->audit(third->state.id).back().why == "moves house");
    CHECK(store->mirror("archive-404-mirror")->state.disabled_by == model::DisabledBy::prober);
    CHECK(store->outbox(true).size() == 2);
    CHECK(store->publications_since("ubuntu", model::Timestamp{}).size() > 3);
    int told = 0;
    store->for_each_observation("ubuntu", {}, [&](const auto&) { ++told; });
    CHECK(told == 2);
}

TEST_CASE("what was migrated takes all that is new, and is opened as any other",
          "[storage][schema]") {
    const std::string backend = GENERATE(from_range(backends()));
    const auto database = make_database(backend);
    restore_schema_1(*database, backend);
    database->open(Opening::migrate);
    const auto store = database->open();
    auto ubuntu = store->distribution("ubuntu").value();
    ubuntu.keyring = "/etc/keys/ubuntu.gpg";
    ubuntu.disable_when = {"no-content", "lag>7d"};
    ubuntu.sync_grace = 90min;
    REQUIRE(store->load_catalog({.distributions = {ubuntu}, .mirrors = {}}, foo).has_value());
    const auto id = store->mirror("valid-mirror")->state.id;
    auto probed = probe_result(id, new_year, {{warty_i386(), model::Freshness::up}});
    probed.observation.is_deep = true;
    model::SnapshotUpdate update;
    update.distribution = "ubuntu";
    update.snapshot.suite = "warty";
    update.snapshot.date = new_year;
    update.contents = {{.bucket = warty_i386(), .sha256 = {}, .packages = {7}}};

    const auto probe = store->record_probe(probed);
    REQUIRE(store->record_snapshot(update).has_value());
    REQUIRE(store->set_maintenance("third", new_year + 1h, foo).has_value());
    const auto token = store->add_token(
        {.scopes = model::Scope::mirror, .holder = "third", .hash = {}, .expires = new_year + 24h},
        foo);
    REQUIRE(token.has_value());
    REQUIRE(store->add_session(*token, {}, new_year, new_year + 1h).has_value());
    REQUIRE(store->request_probe("third", 1h, foo).has_value());
    store->link_key({});

    CHECK(store->token(*token)->holder == "third");
    CHECK(store->probe_requests(new_year).size() == 1);
    CHECK(store->distribution("ubuntu") == ubuntu);
    REQUIRE(store->observation(probe).has_value());
    CHECK(store->observation(probe)->is_deep);
    CHECK(store->newest_snapshot("ubuntu", "warty") == update.snapshot);
    CHECK(store->index_content("ubuntu", warty_i386()) == update.contents[0]);
    CHECK(store->mirror("third")->state.maintenance_until == new_year + 1h);
    CHECK(store->check().find("integrity ok") != std::string::npos);
}

TEST_CASE("a migrated database is made as a new one is", "[storage][schema]") {
    const std::string backend = GENERATE(from_range(backends()));
    const auto migrated = make_database(backend);
    restore_schema_1(*migrated, backend);
    migrated->open(Opening::migrate);
    const auto made = make_database(backend);
    made->open();

    CHECK(columns_of(*migrated) == columns_of(*made));
    CHECK(indexes_of(*migrated) == indexes_of(*made));
    CHECK(columns_of(*made).find("observation.json") != std::string::npos);
    CHECK(indexes_of(*made).find("probe_by_start") != std::string::npos);
}

TEST_CASE("the history of what a database of schema 2 had is not known, and of the next probe is",
          "[storage][schema]") {
    const std::string backend = GENERATE(from_range(backends()));
    const auto database = make_database(backend);
    {
        const auto connection = database->connect();
        ensure_schema(*connection, Opening::ready, migrations().first(2));
        Transaction transaction{*connection, Access::write};
        add_old_mirror(*connection);
        connection->execute(
            "INSERT INTO probe (mirror, started, finished, verdict, suspect, decided, requests, "
            "expected, found, outcomes) SELECT id, 5, 6, 1, 0, 1, 9, 8, 7, '{}' FROM mirror");
        transaction.commit();
    }

    const auto store = database->open(Opening::migrate);

    const auto id = store->mirror("old")->state.id;
    store->record_probe(probe_result(id, new_year, {}));
    std::vector<model::PastProbe> past;
    store->for_each_past_probe(model::ProbeId{}, {}, [&](const auto& one) { past.push_back(one); });
    REQUIRE(past.size() == 2);
    CHECK(past[0].found == 7);
    CHECK(past[0].freshness == model::Freshness::unknown);
    CHECK_FALSE(past[0].lag.has_value());
    CHECK(past[0].integrity == std::nullopt);
    CHECK(past[1].started == new_year);
}

TEST_CASE("the tokens of a database of schema 4 are good for what they were, and workers report",
          "[storage][schema]") {
    const std::string backend = GENERATE(from_range(backends()));
    const auto database = make_database(backend);
    {
        const auto connection = database->connect();
        ensure_schema(*connection, Opening::ready, migrations().first(4));
        Transaction transaction{*connection, Access::write};
        add_old_mirror(*connection);
        const std::string hash(32, 'h');
        connection->execute(
            "INSERT INTO token (scope, login, mirror, sha256, created, created_by, expires, "
            "revoked_by) VALUES (1, 'alice', NULL, $1, 0, 'root', 9, '')",
            {Blob{hash}});
        connection->execute(
            "INSERT INTO token (scope, login, mirror, sha256, created, created_by, expires, "
            "revoked_by) SELECT 2, '', id, $1, 0, 'root', 9, '' FROM mirror",
            {Blob{hash}});
        transaction.commit();
    }
    CHECK(says(error_of([&] { database->open(); }), "has schema 4, and this program needs 6"));

    const auto store = database->open(Opening::migrate);

    const auto tokens = store->tokens();
    REQUIRE(tokens.size() == 2);
    CHECK(tokens[0].scopes == model::Scope::admin);
    CHECK(tokens[0].holder == "alice");
    CHECK(tokens[1].scopes == model::Scope::mirror);
    CHECK(tokens[1].holder == "old");
    CHECK(store->branches().empty());
    REQUIRE(store->add_branch({.name = "b", .url = "u"}).has_value());
    store->record_script({"probe", "a", new_year, new_year});
    CHECK(store->last_script_activities().size() == 1);
    REQUIRE(store->mirror_sync_started("old", foo).has_value());
    CHECK(store->mirror_syncs().size() == 1);
}

TEST_CASE("a snapshot of a database of schema 5 is without names", "[storage][schema]") {
    const std::string backend = GENERATE(from_range(backends()));
    const auto database = make_database(backend);
    {
        const auto connection = database->connect();
        ensure_schema(*connection, Opening::ready, migrations().first(5));
        Transaction transaction{*connection, Access::write};
        add_old_mirror(*connection);
        const std::string digest(32, 'd');
        connection->execute(
            "INSERT INTO snapshot (distribution, suite, sha256, text_sha256, published, "
            "first_seen) SELECT id, 'warty', $1, $1, 5, 6 FROM distribution",
            {Blob{digest}});
        connection->execute(
            "INSERT INTO snapshot_entries (snapshot, entries) SELECT id, '' FROM snapshot");
        transaction.commit();
    }

    const auto store = database->open(Opening::migrate);

    const auto newest = store->newest_snapshot("ubuntu", "warty");
    REQUIRE(newest.has_value());
    CHECK(newest->names == std::nullopt);
}
