#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"
#include "tools/service/mirror_query.hpp"
#include "tools/service/testing/hand_made_world.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

using namespace service::testing;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

bool is_near(const Json& found, double expected) {
    return std::abs(found.get<double>() - expected) < 1e-6;
}

Json ask(const std::string& target) {
    static const auto world = hand_made_world();
    const auto response = answer(target, *world);
    INFO(target << " " << response.body);
    REQUIRE(response.status == 200);
    CHECK(response.content_type == "application/json");
    return Json::parse(response.body);
}

std::vector<std::string> names(const Json& list, const char* key) {
    std::vector<std::string> all;
    for (const auto& one : list) {
        all.push_back(one.at(key));
    }
    return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("mirrors are filtered and sorted", "[service][api]") {
    const auto [query, expected] = GENERATE(table<std::string, Names>({
        {"", {"far", "hostile", "late", "near", "off", "unprobed"}},
        {"?distribution=ubuntu", {}},
        {"?distribution=debian&country=de", {"hostile", "late", "near"}},
        {"?enabled=false", {"off"}},
        {"?official=false", {"unprobed"}},
        {"?content=RELEASE", {}},
        {"?freshness=ONEDAYBEHIND,UNKNOWN", {"late", "unprobed"}},
        {"?lag_min=26h", {"hostile", "late"}},
        {"?lag_min=27h", {"hostile"}},
        {"?sort=-name&enabled=true", {"unprobed", "near", "late", "hostile", "far"}},
        {"?sort=-speed&country=DE", {"near", "late", "hostile"}},
        {"?sort=country", {"off", "hostile", "late", "near", "unprobed", "far"}},
        // What is not known is the greatest.
        {"?sort=lag", {"far", "near", "late", "hostile", "off", "unprobed"}},
        {"?sort=freshness", {"far", "near", "off", "late", "hostile", "unprobed"}},
        {"?sort=-last_probe&limit=1", {"unprobed"}},
    }));
    CAPTURE(query);

    const Json page = ask("/api/v1/mirrors" + query);

    CHECK(names(page.at("mirrors"), "name") == expected);
}

TEST_CASE("pages follow one another whatever the order", "[service][api]") {
    const std::string sort = GENERATE("name", "-name", "country", "-speed", "freshness", "-lag");
    CAPTURE(sort);
    const std::string first = "/api/v1/mirrors?sort=" + sort;
    const Names all = names(ask(first).at("mirrors"), "name");

    Names paged;
    std::string next;
    do {
        const Json page = ask(first + "&limit=2" + (next.empty() ? "" : "&cursor=" + next));
        CHECK(page.at("total") == 6);
        for (const std::string& name : names(page.at("mirrors"), "name")) {
            paged.push_back(name);
        }
        next = page.at("next_cursor").is_null() ? "" : page.at("next_cursor").get<std::string>();
    } while (!next.empty() && paged.size() < 10);

    CHECK(paged == all);
}

TEST_CASE("a list goes on where it was when its last mirror is gone", "[service][api]") {
    const auto world = hand_made_world();
    auto smaller = std::make_shared<service::World>(*world);
    const Json page = Json::parse(answer("/api/v1/mirrors?limit=3", *world).body);
    smaller->mirrors.erase(smaller->mirrors.begin() + 2);  // late

    const auto rest = Json::parse(
        answer("/api/v1/mirrors?cursor=" + page.at("next_cursor").get<std::string>(), *smaller)
            .body);

    CHECK(names(rest.at("mirrors"), "name") == Names{"near", "off", "unprobed"});
}

TEST_CASE("only the fields that were asked for come", "[service][api]") {
    const Json page = ask("/api/v1/mirrors?fields=country,name&country=US");

    CHECK(page.at("mirrors") == Json::parse(R"([{"name": "far", "country": "US"}])"));
}

TEST_CASE("a wrong parameter is named", "[service][api]") {
    const auto [target, parameter] = GENERATE(table<std::string, std::string>({
        {"/api/v1/mirrors?limit=0", "limit"},
        {"/api/v1/mirrors?limit=2001", "limit"},
        {"/api/v1/mirrors?limit=1x", "limit"},
        {"/api/v1/mirrors?limit=", "limit"},
        {"/api/v1/mirrors?country=XX", "country"},
        {"/api/v1/mirrors?content=archive", "content"},
        {"/api/v1/mirrors?enabled=yes", "enabled"},
        {"/api/v1/mirrors?freshness=UP,DOWN", "freshness"},
        {"/api/v1/mirrors?lag_min=soon", "lag_min"},
        {"/api/v1/mirrors?sort=--name", "sort"},
        {"/api/v1/mirrors?fields=name,owners", "fields"},
        {"/api/v1/mirrors?cursor=zz", "cursor"},
        {"/api/v1/mirrors?cursor=616", "cursor"},
        {"/api/v1/mirrors?cursor=61", "cursor"},
        {"/api/v1/mirrors?distribution=arch", "distribution"},
        {"/api/v1/mirrors?country=DE&country=US", "country"},
        {"/api/v1/mirrors?owner=x", "owner"},
        {"/api/v1/mirrors/near?x=1", "x"},
        {"/api/v1/mirrors/near/history?points=11", "points"},
        {"/api/v1/mirrors/near/history?since=today", "since"},
        {"/api/v1/events?kind=gone", "kind"},
        {"/api/v1/events?cursor=6120", "cursor"},
        {"/api/v1/distributions/debian/propagation", "suite"},
        {"/api/v1/distributions/debian/propagation?suite=sid&text_sha256=12", "text_sha256"},
        {"/debian/metalink?file=../etc/passwd", "file"},
        {"/debian/metalink?file=/etc/passwd", "file"},
        {"/debian/metalink", "file"},
    }));
    CAPTURE(target);
    const auto world = hand_made_world();

    const auto response = answer(target, *world);

    CHECK(response.status == 400);
    CHECK(response.content_type == "application/problem+json");
    const Json fault = Json::parse(response.body);
    CHECK(fault.at("status") == 400);
    CHECK(fault.at("detail").get<std::string>().find("\"" + parameter + "\"") != std::string::npos);
}

TEST_CASE("what is not there is a problem of its own", "[service][api]") {
    const std::string target =
        GENERATE(as<std::string>{}, "/api/v1/mirrors/nowhere", "/api/v1/mirrors/nowhere/history",
                 "/api/v1/mirrors/nowhere/events", "/api/v1/mirrors/nowhere/probes",
                 "/api/v1/mirrors/nowhere/probes/1/log", "/api/v1/distributions/arch",
                 "/api/v1/distributions/debian/propagation?suite=potato",
                 "/api/v1/distributions/arch/propagation?suite=sid", "/arch/mirrors.txt",
                 "/debian/mirrors/XX.txt", "/badge/nowhere.svg", "/feeds/mirror/nowhere.atom",
                 "/feeds/country/de.atom", "/feeds/distribution/arch.atom");
    CAPTURE(target);
    const auto world = hand_made_world();

    const auto response = answer(target, *world);

    CHECK(response.status == 404);
    CHECK(response.content_type == "application/problem+json");
}

TEST_CASE("one mirror has its rows, verdicts and evidence", "[service][api]") {
    const Json far = ask("/api/v1/mirrors/far");

    CHECK(far.at("rows").size() == 4);  // two series, two pockets, amd64
    CHECK(far.at("rows")[0] ==
          Json::parse(R"({"series": "sid", "pocket": "RELEASE", "component": "main",
                          "arch": "amd64", "freshness": "UP"})"));
    CHECK(far.at("suites")[0].at("lag_seconds") == 0);
    CHECK(far.at("lag") == 0);
    const Json hostile = ask("/api/v1/mirrors/hostile");
    CHECK(hostile.at("findings")[0].at("rule") == "torn-index");
    CHECK(hostile.at("certificate").at("days_left") == 1);
}

TEST_CASE("one mirror has what its owner's script said of its sync", "[service][api]") {
    CHECK(ask("/api/v1/mirrors/off").at("sync") ==
          Json::parse(R"({"state": "never-ended", "started": "2026-01-08T12:00:00Z",
                          "completed": null})"));
    CHECK(ask("/api/v1/mirrors/late").at("sync").at("state") == "under-way");
    CHECK(ask("/api/v1/mirrors/near").at("sync").at("completed") == "2026-01-10T11:00:00Z");
    CHECK(ask("/api/v1/mirrors/far").at("sync").is_null());
}

TEST_CASE("nothing private is told", "[service][api]") {
    const std::string target = GENERATE(
        as<std::string>{}, "/api/v1/mirrors", "/api/v1/mirrors/off", "/api/v1/mirrors/off/history",
        "/api/v1/mirrors/off/events", "/api/v1/events", "/api/v1/distributions",
        "/api/v1/distributions/debian", "/debian/mirrors.txt", "/debian/mirrorlist",
        "/debian/Mirrors.masterlist", "/debian/mirmon.state", "/debian/mirrors/status/json",
        "/feeds/all.atom", "/feeds/mirror/off.atom", "/metrics", "/badge/off.svg");
    CAPTURE(target);
    const auto world = hand_made_world();

    const auto response = answer(target, *world);

    CHECK(response.status == 200);
    CHECK(response.body.find("secret") == std::string::npos);
}

TEST_CASE("history is of the asked time", "[service][api]") {
    const Json all = ask("/api/v1/mirrors/late/history");
    CHECK(all.at("total") == 10);
    CHECK(all.at("points").size() == 10);
    CHECK(all.at("points")[0].at("started") == "2026-01-01T11:00:00Z");
    CHECK(all.at("points")[0].at("lag") == 26 * 3600);
    CHECK(all.at("points")[0].at("duration_ms") == 90'000);

    const Json some =
        ask("/api/v1/mirrors/late/history?since=2026-01-02T11:00:00Z&until=2026-01-04T11:00:00Z");

    REQUIRE(some.at("points").size() == 2);
    CHECK(some.at("points")[0].at("started") == "2026-01-02T11:00:00Z");
    CHECK(some.at("points")[1].at("started") == "2026-01-03T11:00:00Z");
    CHECK(ask("/api/v1/mirrors/late/history?since=2027-01-01T00:00:00Z&until=2026-01-01T00:00:00Z")
              .at("points")
              .empty());
}

TEST_CASE("events say what happened, why and who, but no names", "[service][api]") {
    const Json page = ask("/api/v1/mirrors/off/events");

    CHECK(page.at("total") == 5);  // a URL's change is nobody's business
    CHECK(names(page.at("events"), "kind") ==
          Names{"disabled", "review", "recovered", "disabled", "added"});
    CHECK(names(page.at("events"), "who") == Names{"prober", "admin", "prober", "prober", "admin"});
    CHECK(page.at("events")[0].at("reason") == "nothing was there");
    CHECK(page.at("events")[0].at("when") == "2026-01-10T11:00:00Z");
    CHECK(page.at("events")[1].at("detail") == "OFFICIAL");
    CHECK(page.at("events")[1].at("reason") == "looks well");
}

TEST_CASE("events are filtered, newest first, and paged", "[service][api]") {
    CHECK(ask("/api/v1/events?country=BR").at("total") == 5);
    CHECK(ask("/api/v1/events?distribution=ubuntu").at("total") == 0);
    CHECK(ask("/api/v1/events?kind=recovered").at("total") == 1);
    CHECK(ask("/api/v1/events?since=2026-01-10T11:00:00Z").at("total") == 3);
    // Six were added at one time.
    const std::string limit = GENERATE("1", "2", "3", "7");
    const Json all = ask("/api/v1/events").at("events");
    Json paged = Json::array();
    std::string next;
    do {
        const Json page =
            ask("/api/v1/events?limit=" + limit + (next.empty() ? "" : "&cursor=" + next));
        for (const auto& one : page.at("events")) {
            paged.push_back(one);
        }
        next = page.at("next_cursor").is_null() ? "" : page.at("next_cursor").get<std::string>();
    } while (!next.empty() && paged.size() < 100);
    CHECK(paged == all);
}

TEST_CASE("distributions have counts, and the newest snapshots", "[service][api]") {
    const Json list = ask("/api/v1/distributions").at("distributions");
    CHECK(names(list, "name") == Names{"debian", "ubuntu"});
    CHECK(list[0].at("counts") ==
          Json::parse(R"({"mirrors": 6, "enabled": 5, "official": 5, "up_to_date": 2,
                          "kilobits_a_second": 11104000})"));

    const Json debian = ask("/api/v1/distributions/debian");

    CHECK(debian.at("mirrors").size() == 6);
    CHECK_FALSE(debian.contains("admins"));
    CHECK_FALSE(debian.contains("keyring"));
    CHECK(debian.at("snapshots")[0].at("newest") == "2026-01-10T06:00:00Z");
}

TEST_CASE("propagation is the share of mirrors and bandwidth that had a snapshot by then",
          "[service][api]") {
    // Published at 06:00; far and near were seen up to date at 11:00.
    const Json newest = ask("/api/v1/distributions/debian/propagation?suite=sid");
    CHECK(newest.at("published") == "2026-01-10T06:00:00Z");
    // off is disabled, and of hostile and unprobed it is not known that they carry it.
    CHECK(newest.at("mirrors") == 3);
    REQUIRE(newest.at("steps").size() == 1);
    CHECK(newest.at("steps")[0].at("after") == 5 * 3600);
    CHECK(newest.at("steps")[0].at("mirrors") == 2);
    CHECK(is_near(newest.at("steps")[0].at("share_of_mirrors"), 2.0 / 3));
    CHECK(is_near(newest.at("steps")[0].at("share_of_bandwidth"), 11'000'000.0 / 11'100'000));

    // The day before at 06:00: far and near had it at 11:00 that day; late, then 26 hours
    // behind, lacks what came after 09:00 of that day, so has it.
    const Json older = ask("/api/v1/distributions/debian/propagation?suite=sid&text_sha256=" +
                           std::string(64, 'b'));
    CHECK(older.at("steps").size() == 2);
    CHECK(older.at("steps")[0].at("after") == 5 * 3600);
    CHECK(older.at("steps")[0].at("mirrors") == 2);
    CHECK(older.at("steps")[1].at("after") == 29 * 3600);
    CHECK(older.at("steps")[1].at("mirrors") == 3);
}

TEST_CASE("probes and their logs come from the database", "[service][api]") {
    const auto database = storage::testing::make_database("sqlite");
    const auto store = database->open();
    storage::testing::load(*store, storage::testing::acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    auto result = storage::testing::probe_result(id, noon - 2h, {});
    result.record.outcomes = {{"ok", 7}};
    const auto first = store->record_probe(result);
    const auto second = store->record_probe(storage::testing::probe_result(id, noon - 1h, {}));
    const auto other = store->record_probe(
        storage::testing::probe_result(store->mirror("archive-404-mirror")->state.id, noon, {}));
    const auto world = service::read_world(*store, noon, nullptr);
    const auto get = [&](const std::string& target) {
        return answer("/api/v1/mirrors/valid-mirror/probes" + target, *world, store.get());
    };
    const auto log_path = [](model::ProbeId probe) {
        return "/" + std::to_string(to_integer(probe)) + "/log";
    };

    const Json probes = Json::parse(get("").body).at("probes");
    REQUIRE(probes.size() == 2);
    CHECK(probes[0].at("id") == to_integer(second));
    CHECK(probes[1].at("outcomes") == Json{{"ok", 7}});

    const Json one = Json::parse(get("?limit=1").body);
    REQUIRE(one.at("probes").size() == 1);
    CHECK(one.at("probes")[0].at("id") == to_integer(second));
    const auto next = one.at("next_cursor").get<std::string>();
    // What is probed meanwhile is not in between.
    store->record_probe(storage::testing::probe_result(id, noon, {}));
    const Json rest = Json::parse(get("?limit=1&cursor=" + next).body);
    REQUIRE(rest.at("probes").size() == 1);
    CHECK(rest.at("probes")[0].at("id") == to_integer(first));
    CHECK(rest.at("next_cursor").is_null());
    CHECK(get("?cursor=31").status == 400);
    CHECK(get("?cursor=nothing").status == 400);

    const auto log = get(log_path(first));
    CHECK(log.status == 200);
    CHECK(log.content_type == "text/plain; charset=utf-8");
    CHECK(log.is_gzipped);
    CHECK(log.body == store->probe_log(first));
    CHECK(get(log_path(other)).status == 404);  // of another mirror
    CHECK(get("/999/log").status == 404);
    CHECK(get("/x/log").status == 404);
}

TEST_CASE("probes are paged as they were stored, though a clock was ahead", "[service][api]") {
    const auto database = storage::testing::make_database("sqlite");
    const auto store = database->open();
    storage::testing::load(*store, storage::testing::acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    for (const auto started : {noon - 3h, noon - 2h, noon + 1'000h, noon - 1h, noon}) {
        store->record_probe(storage::testing::probe_result(id, started, {}));
    }
    const auto world = service::read_world(*store, noon, nullptr);
    const auto get = [&](const std::string& query) {
        return Json::parse(
            answer("/api/v1/mirrors/valid-mirror/probes" + query, *world, store.get()).body);
    };
    const std::string limit = GENERATE("1", "2", "3", "5");

    Json paged = Json::array();
    std::string next;
    do {
        const Json page = get("?limit=" + limit + (next.empty() ? "" : "&cursor=" + next));
        for (const auto& one : page.at("probes")) {
            paged.push_back(one);
        }
        next = page.at("next_cursor").is_null() ? "" : page.at("next_cursor").get<std::string>();
    } while (!next.empty() && paged.size() < 20);

    CHECK(paged == get("").at("probes"));
}
