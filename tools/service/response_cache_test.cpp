#include "tools/service/response_cache.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;
using namespace std::chrono_literals;

namespace {

const ResponseCache::Time noon{12h};

std::shared_ptr<const ReadyResponse> response(std::size_t bytes) {
    ReadyResponse ready;
    ready.body.assign(bytes, 'x');
    return std::make_shared<const ReadyResponse>(std::move(ready));
}

}  // namespace

TEST_CASE("what was kept is found until it is old", "[service][response_cache]") {
    ResponseCache cache{10'000};
    const auto kept = response(10);
    cache.keep("/a", kept, noon);

    CHECK(cache.find("/a", noon + ResponseCache::age_max) == kept);
    CHECK(cache.find("/b", noon) == nullptr);
    CHECK(cache.find("/a", noon + ResponseCache::age_max + 1s) == nullptr);
    CHECK(cache.bytes() == 0);
}

TEST_CASE("where there is no room, what was not asked for longest goes",
          "[service][response_cache]") {
    ResponseCache cache{3'500};
    cache.keep("/a", response(700), noon);
    cache.keep("/b", response(700), noon);
    cache.keep("/c", response(700), noon);
    REQUIRE(cache.find("/a", noon) != nullptr);

    cache.keep("/d", response(700), noon);

    CHECK(cache.find("/a", noon) != nullptr);
    CHECK(cache.find("/b", noon) == nullptr);
    CHECK(cache.find("/c", noon) != nullptr);
    CHECK(cache.find("/d", noon) != nullptr);
    CHECK(cache.bytes() <= 3'500);
}

TEST_CASE("what is larger than all of it is not kept", "[service][response_cache]") {
    ResponseCache cache{3'500};
    cache.keep("/a", response(700), noon);

    cache.keep("/b", response(4'000), noon);

    CHECK(cache.find("/a", noon) != nullptr);
    CHECK(cache.find("/b", noon) == nullptr);
}

TEST_CASE("what is kept again takes the place of what was", "[service][response_cache]") {
    ResponseCache cache{10'000};
    cache.keep("/a", response(700), noon);
    const auto bytes = cache.bytes();
    const auto newer = response(700);

    cache.keep("/a", newer, noon + 1s);

    CHECK(cache.find("/a", noon + 1s) == newer);
    CHECK(cache.bytes() == bytes);
    cache.clear();
    CHECK(cache.find("/a", noon + 1s) == nullptr);
    CHECK(cache.bytes() == 0);
}
