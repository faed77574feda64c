#include "model/stable_hash.hpp"

#include "tools/cmake/catch.hpp"

TEST_CASE("a text has the number that the hash's authors say", "[model][stable_hash]") {
    // Source: the test vectors of FNV-1a, 64 bits, by Landon Curt Noll.
    CHECK(model::stable_hash("") == 0xcbf29ce484222325U);
    CHECK(model::stable_hash("a") == 0xaf63dc4c8601ec8cU);
    CHECK(model::stable_hash("foobar") == 0x85944171f73967e8U);
}
