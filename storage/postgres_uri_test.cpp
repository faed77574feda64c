#include "storage/postgres_uri.hpp"

#include "tools/cmake/catch.hpp"

using storage::complete_postgres_uri;
using storage::describe_postgres_uri;
using storage::redact;

TEST_CASE("a PostgreSQL URI is told without user and password", "[storage][postgres_uri]") {
    const auto [uri, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"postgresql://host/name", "postgresql://host/name", "nothing to hide"},
        {"postgres://me:secret@host:5433/name", "postgresql://host:5433/name", "a password"},
        {"postgresql://host/name?user=me&password=secret", "postgresql://host/name",
         "in the query"},
        {"postgresql://me:s%40cret@host/name", "postgresql://host/name", "an escaped @"},
        {"postgresql://me:sec@ret@host/name", "the PostgreSQL database", "two readings"},
        {"postgresql://me:sec/ret@host/name", "the PostgreSQL database", "a slash in the password"},
        {"postgresql://me:sec?ret@host/name", "the PostgreSQL database", "a ? in the password"},
        {"postgresql://host/name?password=sec@ret", "the PostgreSQL database", "an @ in the query"},
        {"postgresql:///name?host=/run/pg", "postgresql:///name", "a socket"},
    }));
    CAPTURE(why);

    CHECK(describe_postgres_uri(uri) == expected);
}

TEST_CASE("a PostgreSQL URI is completed with time limits", "[storage][postgres_uri]") {
    const auto has = [](const std::string& uri, const char* part) {
        return complete_postgres_uri(uri).find(part) != std::string::npos;
    };

    CHECK(has("postgresql://host/name", "/name?connect_timeout=10&"));
    CHECK(has("postgresql://host/name?user=me", "?user=me&connect_timeout=10&"));
    CHECK(has("postgresql://host/name", "lock_timeout%3D30s"));
    CHECK_FALSE(has("postgresql://host/name?connect_timeout=3", "connect_timeout=10"));
    CHECK(has("postgresql://host/name?options=-csearch_path%3Da",
              "timeout%3D60s%20-csearch_path%3Da"));
}

TEST_CASE("messages of the server tell no password", "[storage][postgres_uri]") {
    const std::string uri = "postgresql://me:s%2Fcret@host/name?password=other";

    CHECK(redact("FATAL: s/cret, s%2Fcret\nor  other is wrong\n", uri) ==
          "FATAL: ***, *** or *** is wrong");
    CHECK(redact("invalid port: \"p@ss\"", "postgresql://me:p@ss@host/x").find("p@ss") ==
          std::string::npos);
}
