#include "storage/postgres_database.hpp"

#include "storage/open_store.hpp"
#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <unistd.h>

#include <arpa/inet.h>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

using namespace storage;
using namespace storage::testing;

namespace {

/// A database of PostgreSQL; null, with a word of why, where there is none.
std::unique_ptr<EmptyDatabase> make_postgres() {
    if (backends().size() < 2) {
        WARN("skipped: MIRRORWARDEN_TEST_POSTGRES names no server");
        return nullptr;
    }
    return make_database("postgresql");
}

/// Ends the connection of that name, as a server that is stopped does. Tests run at once, on
/// one server: each has a name of its own.
void end_connections(const EmptyDatabase& database, const std::string& name) {
    const auto connection = database.connect();
    Transaction transaction{*connection, Access::read};
    const Rows ended = connection->execute(
        "SELECT pg_terminate_backend(pid, 10000)::int FROM pg_stat_activity "
        "WHERE application_name = $1",
        {name});
    REQUIRE(ended.size() == 1);
    REQUIRE(ended[0].integer(0) == 1);
}

/// A port of 127.0.0.1 that nobody answers on as long as this lives.
class SilentPort {
public:
    enum class Kind { refuses, never_answers };

    explicit SilentPort(Kind kind) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(socket_, plain, size) == 0);
        REQUIRE(::getsockname(socket_, plain, &size) == 0);
        port_ = ntohs(address.sin_port);
        if (kind == Kind::never_answers) {
            REQUIRE(::listen(socket_, 8) == 0);
        }
    }
    SilentPort(const SilentPort&) = delete;
    SilentPort& operator=(const SilentPort&) = delete;
    ~SilentPort() { ::close(socket_); }

    std::string uri(const std::string& query) const {
        return "postgresql://me:sec%23ret@127.0.0.1:" + std::to_string(port_) + "/mirrors" + query;
    }

private:
    int socket_;
    int port_ = 0;
};

}  // namespace

TEST_CASE("a server that is not there is named without the password",
          "[storage][postgres_database]") {
    const auto kind = GENERATE(SilentPort::Kind::refuses, SilentPort::Kind::never_answers);
    const SilentPort port{kind};

    const std::string error =
        error_of([&] { open_store(port.uri("?connect_timeout=2"), Opening::ready); });

    CHECK(error.find("cannot reach postgresql://127.0.0.1:") == 0);
    CHECK(error.find("/mirrors: ") != std::string::npos);
    CHECK(error.find("sec") == std::string::npos);
}

TEST_CASE("a connection lost within a transaction loses all of it",
          "[storage][postgres_database]") {
    const auto empty = make_postgres();
    if (empty == nullptr) {
        return;
    }
    empty->open();
    const auto database = open_postgres_database(empty->url() + "&application_name=victim");
    const std::string error = error_of([&] {
        Transaction transaction{*database, Access::write};
        database->execute(
            "INSERT INTO distribution (name, title, primary_url, freshness_rule, "
            "failures_before_disable) VALUES ('a', 'A', '', 1, 1)");
        end_connections(*empty, "victim");
        database->execute("UPDATE distribution SET title = 'B'");
        transaction.commit();
    });

    CHECK(error.find("postgresql://") != std::string::npos);
    CHECK(empty->open()->distributions().empty());
    // The next transaction has a connection again.
    Transaction transaction{*database, Access::write};
    CHECK(database->execute("SELECT name FROM distribution").empty());
    transaction.commit();
}

TEST_CASE("a store goes on after the server was started again", "[storage][postgres_database]") {
    const auto empty = make_postgres();
    if (empty == nullptr) {
        return;
    }
    const auto store = open_store(empty->url() + "&application_name=restarted", Opening::ready);
    load(*store, acceptance_catalog());
    end_connections(*empty, "restarted");

    CHECK(store->mirrors({}).size() == 4);
    end_connections(*empty, "restarted");
    CHECK(store->add_mirror(foobarmirror(), true, foo).has_value());
}

TEST_CASE("no session stays in a transaction between two calls", "[storage][postgres_database]") {
    const auto empty = make_postgres();
    if (empty == nullptr) {
        return;
    }
    const auto store = open_store(empty->url() + "&application_name=watched", Opening::ready);
    load(*store, acceptance_catalog());
    CHECK(store->delete_mirror("nobody").has_error());
    store->mirrors({});

    const auto connection = empty->connect();
    Transaction transaction{*connection, Access::read};
    const Rows states = connection->execute(
        "SELECT state::text FROM pg_stat_activity WHERE application_name = $1", {"watched"});

    REQUIRE(states.size() == 1);
    CHECK(states[0].text(0) == "idle");
}

TEST_CASE("a connection that breaks while it begins to wait for changes is begun anew",
          "[storage][postgres_database]") {
    const auto database = make_postgres();
    if (database == nullptr) {
        return;
    }
    const auto store = open_store(database->url() + "&application_name=begins", Opening::ready);
    load(*store, acceptance_catalog());
    const auto run = [below = database->connect()](const std::string& sql) {
        Transaction transaction{*below, Access::write};
        below->execute_script(sql);
        transaction.commit();
    };
    // What names the channel ends its own session, in the middle of a transaction.
    run("CREATE FUNCTION md5(name) RETURNS text LANGUAGE sql AS "
        "'SELECT CASE current_setting(''application_name'') WHEN ''begins'' "
        "THEN pg_terminate_backend(pg_backend_pid())::text ELSE pg_catalog.md5($1::text) END'");

    const auto error = error_of([&] { store->wait_for_change(std::chrono::seconds{20}); });

    CHECK(says(error, "postgresql://"));
    run("DROP FUNCTION md5(name)");
    CHECK(store->mirrors({}).size() == 4);
    CHECK(store->wait_for_change(std::chrono::seconds{20}));
    CHECK_FALSE(store->wait_for_change(std::chrono::milliseconds{0}));
}

TEST_CASE("a wait for changes says that the server left, and then misses nothing",
          "[storage][postgres_database]") {
    const auto database = make_postgres();
    if (database == nullptr) {
        return;
    }
    const auto store = open_store(database->url() + "&application_name=waits", Opening::ready);
    REQUIRE(store->wait_for_change(std::chrono::milliseconds{0}));
    REQUIRE_FALSE(store->wait_for_change(std::chrono::milliseconds{0}));
    end_connections(*database, "waits");

    const auto error = error_of([&] { store->wait_for_change(std::chrono::seconds{20}); });

    CHECK(says(error, "cannot reach postgresql://"));
    CHECK(store->wait_for_change(std::chrono::seconds{20}));
    CHECK_FALSE(store->wait_for_change(std::chrono::milliseconds{0}));
}
