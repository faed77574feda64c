#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <set>
#include <tuple>

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Freshness;
using model::Integrity;
using model::MirrorChoice;
using model::MirrorId;
using model::PastProbe;
using model::ProbeId;

namespace {

model::SuiteState suite(const std::string& name, Integrity integrity,
                        std::optional<model::Lag> lag) {
    model::SuiteState state;
    state.suite = name;
    state.integrity = integrity;
    state.lag = lag;
    return state;
}

std::vector<PastProbe> past_probes(model::Store& store, ProbeId after, model::Timestamp since) {
    std::vector<PastProbe> all;
    store.for_each_past_probe(after, since, [&](const PastProbe& one) { all.push_back(one); });
    return all;
}

/// (mirror, bucket in words, freshness)
using RowWords = std::set<std::tuple<MirrorId, std::string, Freshness>>;

RowWords rows_of(model::Store& store, const MirrorChoice& mirrors) {
    std::map<std::int64_t, std::string> names;
    for (const auto& one : store.buckets()) {
        names[one.number] = one.distribution + " " + to_string(one.bucket);
    }
    RowWords rows;
    store.for_each_row(mirrors, [&](const model::PackedRow& row) {
        CHECK(rows.insert({row.mirror, names.at(row.bucket), row.freshness}).second);
    });
    return rows;
}

std::multiset<MirrorId> mirrors_with_observation(model::Store& store, const MirrorChoice& mirrors) {
    std::multiset<MirrorId> all;
    store.for_each_newest_observation(
        mirrors, [&](MirrorId mirror, const model::Observation&) { all.insert(mirror); });
    return all;
}

}  // namespace

TEST_CASE("history keeps how a mirror stood after each probe", "[storage][history]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    auto result = probe_result(
        id, new_year,
        {{warty_i386(), Freshness::one_day_behind}, {warty_source(), Freshness::unknown}});
    result.record.finished = new_year + 7s;
    result.record.verdict = model::ProbeVerdict::failed;
    result.record.suspect = true;
    result.record.expected = 4'000'000'000;
    result.record.found = 2;
    result.observation.suites = {
        suite("warty", Integrity::whole, model::Lag{.behind = 3h}),
        suite("hoary", Integrity::torn, model::Lag{.behind = 26h, .is_estimated = true})};

    const auto probe = store->record_probe(result);

    const auto past = past_probes(*store, ProbeId{}, new_year);
    REQUIRE(past.size() == 1);
    CHECK(past[0].mirror == id);
    CHECK(past[0].id == probe);
    CHECK(past[0].started == new_year);
    CHECK(past[0].finished == new_year + 7s);
    CHECK(past[0].verdict == model::ProbeVerdict::failed);
    CHECK(past[0].suspect);
    CHECK(past[0].expected == 4'000'000'000);
    CHECK(past[0].found == 2);
    CHECK(past[0].freshness == Freshness::one_day_behind);
    REQUIRE(past[0].lag.has_value());
    CHECK(past[0].lag->behind == 26h);
    CHECK(past[0].lag->is_estimated);
    CHECK(past[0].integrity == Integrity::torn);
}

TEST_CASE("history tells what was not looked at from what could not be told",
          "[storage][history]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    auto untold = probe_result(id, new_year + 1h, {});
    untold.observation.suites = {suite("warty", Integrity::unknown, std::nullopt)};
    store->record_probe(probe_result(id, new_year, {}));
    store->record_probe(untold);

    const auto probes = past_probes(*store, ProbeId{}, new_year);

    REQUIRE(probes.size() == 2);
    CHECK(probes[0].integrity == std::nullopt);
    CHECK_FALSE(probes[0].lag.has_value());
    CHECK(probes[0].freshness == Freshness::unknown);
    CHECK(probes[1].integrity == Integrity::unknown);
    CHECK_FALSE(probes[1].lag.has_value());
}

TEST_CASE("history is told by number, of all mirrors, after a number and since a time",
          "[storage][history]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto valid = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("archive-404-mirror")->state.id;
    const auto first = store->record_probe(probe_result(valid, new_year + 2h, {}));
    const auto second = store->record_probe(probe_result(other, new_year + 1h, {}));
    store->record_probe(probe_result(valid, new_year - 1us, {}));
    const auto last = store->record_probe(probe_result(valid, new_year + 3h, {}));
    const auto ids = [&](ProbeId after) {
        std::vector<std::pair<MirrorId, ProbeId>> all;
        for (const auto& one : past_probes(*store, after, new_year)) {
            all.emplace_back(one.mirror, one.id);
        }
        return all;
    };

    CHECK(ids(ProbeId{}) == std::vector<std::pair<MirrorId, ProbeId>>{
                                {valid, first}, {other, second}, {valid, last}});
    CHECK(ids(second) == std::vector<std::pair<MirrorId, ProbeId>>{{valid, last}});
    CHECK(ids(last).empty());
}

TEST_CASE("thousands of past probes are told once each", "[storage][history]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("archive-404-mirror")->state.id;
    const int count = 1'203;  // more than one portion of what a database hands out at once
    for (int i = 0; i < count; ++i) {
        store->record_probe(probe_result(i % 2 == 0 ? id : other, new_year, {}));
    }

    const auto probes = past_probes(*store, ProbeId{}, new_year);

    REQUIRE(probes.size() == static_cast<std::size_t>(count));
    CHECK(std::ranges::is_sorted(probes, std::ranges::less{}, &PastProbe::id));
}

TEST_CASE("rows, images and observations are told of all mirrors or of some",
          "[storage][history]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto valid = store->mirror("valid-mirror")->state.id;
    const auto other = store->mirror("archive-404-mirror")->state.id;
    auto old = probe_result(valid, new_year, {{warty_source(), Freshness::up}});
    old.observation.is_deep = true;
    auto now = probe_result(valid, new_year + 1h,
                            {{warty_i386(), Freshness::up}, {warty_source(), Freshness::unknown}});
    now.images = {{"warty", "ubuntu"}, {"hoary", "kubuntu"}};
    now.observation.since_deep = 2;
    now.observation.suites = {suite("warty", Integrity::whole, {})};
    auto elsewhere = probe_result(other, new_year, {{warty_i386(), Freshness::one_week_behind}});
    elsewhere.images = {{"warty", "ubuntu"}};
    elsewhere.observation.is_deep = true;
    store->record_probe(old);
    store->record_probe(now);
    store->record_probe(elsewhere);
    const RowWords valid_rows = {{valid, "ubuntu warty RELEASE main i386", Freshness::up},
                                 {valid, "ubuntu warty RELEASE main source", Freshness::unknown}};
    RowWords all_rows = valid_rows;
    all_rows.insert({other, "ubuntu warty RELEASE main i386", Freshness::one_week_behind});
    const std::vector<MirrorId> some = {valid, MirrorId{4711}};
    const auto images = [&](const MirrorChoice& mirrors) {
        std::set<std::pair<MirrorId, model::ImageRow>> found;
        store->for_each_image(mirrors, [&](MirrorId mirror, const model::ImageRow& image) {
            CHECK(found.insert({mirror, image}).second);
        });
        return found;
    };

    CHECK(rows_of(*store, std::nullopt) == all_rows);
    CHECK(rows_of(*store, some) == valid_rows);
    CHECK(rows_of(*store, std::vector<MirrorId>{}).empty());
    CHECK(images(std::nullopt).size() == 3);
    CHECK(images(some) == std::set<std::pair<MirrorId, model::ImageRow>>{
                              {valid, {"warty", "ubuntu"}}, {valid, {"hoary", "kubuntu"}}});
    CHECK(mirrors_with_observation(*store, std::nullopt) == std::multiset<MirrorId>{valid, other});
    CHECK(mirrors_with_observation(*store, some) == std::multiset<MirrorId>{valid});
    store->for_each_newest_observation(some, [&](MirrorId, const model::Observation& seen) {
        CHECK_FALSE(seen.is_deep);
        CHECK(seen.since_deep == 2);
    });
}

TEST_CASE("hundreds of chosen mirrors are each told of once", "[storage][history]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    std::vector<MirrorId> chosen;
    std::vector<model::ProbeResult> results;
    const auto count = GENERATE(as<std::size_t>{}, 15, 16, 17, 33);
    for (std::size_t i = 0; i <= count; ++i) {
        auto mirror = foobarmirror();
        mirror.name += std::to_string(i);
        mirror.http_url = "http://foo.bar.com/" + std::to_string(i) + "/";
        const auto id = store->add_mirror(mirror, true, foo);
        REQUIRE(id.has_value());
        results.push_back(probe_result(*id, new_year, {{warty_i386(), Freshness::up}}));
        results.back().observation.is_deep = true;
        if (i != count) {
            chosen.push_back(*id);
        }
    }
    store->record_probes(results);

    CHECK(rows_of(*store, chosen).size() == count);
    CHECK(mirrors_with_observation(*store, chosen).size() == count);
}

TEST_CASE("audit entries of all mirrors are told after a number", "[storage][history]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto before = store->changes_after(0);
    REQUIRE(before.size() == 4);  // each mirror was added
    const auto id = store->mirror("valid-mirror")->state.id;

    REQUIRE(
        store->disable_mirror("valid-mirror", {"root", new_year + 1h, "moves"}, {}).has_value());

    const auto after = store->changes_after(before.back().number);
    REQUIRE(after.size() == 1);
    CHECK(after[0].number > before.back().number);
    CHECK(after[0].mirror == id);
    CHECK(after[0].entry == model::AuditEntry{new_year + 1h, "root", "disabled", "moves"});
    CHECK(store->changes_after(after[0].number).empty());
}

TEST_CASE("snapshots of all suites are told after a number, without entries",
          "[storage][history]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    std::vector<model::NumberedSnapshot> all;
    const auto read_after = [&](std::int64_t number) {
        all.clear();
        store->for_each_snapshot(number, [&](const auto& one) { all.push_back(one); });
    };
    model::SnapshotUpdate update;
    update.distribution = "ubuntu";
    update.snapshot.suite = "warty";
    update.snapshot.date = new_year;
    update.snapshot.first_seen = new_year + 1min;
    update.snapshot.text_sha256.bytes[0] = 7;
    update.snapshot.entries = {{.path = "main/x", .size = 1, .sha256 = {}}};
    REQUIRE(store->record_snapshot(update).has_value());
    update.snapshot.suite = "hoary";
    update.snapshot.valid_until = new_year + 24h;
    REQUIRE(store->record_snapshot(update).has_value());

    read_after(0);

    REQUIRE(all.size() == 2);
    CHECK(all[0].distribution == "ubuntu");
    CHECK(all[0].snapshot.suite == "warty");
    CHECK(all[0].snapshot.text_sha256.bytes[0] == 7);
    CHECK(all[0].snapshot.first_seen == new_year + 1min);
    CHECK(all[0].snapshot.entries.empty());
    CHECK(all[1].snapshot.suite == "hoary");
    CHECK(all[1].snapshot.valid_until == new_year + 24h);

    read_after(all[0].number);

    REQUIRE(all.size() == 1);
    CHECK(all[0].snapshot.suite == "hoary");
}
