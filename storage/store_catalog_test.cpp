#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>

using namespace storage::testing;
using model::Refusal;

namespace {

std::vector<std::string> item_names(const std::vector<model::CatalogChanges::Item>& items) {
    std::vector<std::string> all;
    all.reserve(items.size());
    for (const auto& item : items) {
        all.push_back(item.kind + " " + item.name);
    }
    return all;
}

}  // namespace

TEST_CASE("a catalogue comes back as it was loaded", "[storage][catalog]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    model::Catalog catalog = acceptance_catalog();
    model::Distribution& distribution = catalog.distributions[0];
    distribution.freshness_rule = model::FreshnessRule::anchored;
    distribution.failures_before_disable = 3;
    distribution.pockets = {model::Pocket::release, model::Pocket::backports};
    distribution.admins = {{"Zoë", "z@example.com"}, {"", "a@example.com"}};
    distribution.series[0].status = model::SeriesStatus::obsolete;
    distribution.series[0].unofficial_architectures = {"riscv64", "armel"};
    distribution.series[2].images = {{"ubuntu", {"b.iso", "a.iso"}}, {"kubuntu", {"k.iso"}}};

    load(*store, catalog);

    CHECK(store->distribution("ubuntu") == distribution);
    CHECK(store->distributions() == std::vector{distribution});
    CHECK(store->distribution("debian") == std::nullopt);
    const auto valid = store->mirror("valid-mirror");
    REQUIRE(valid.has_value());
    CHECK(valid->mirror == acceptance_mirrors()[0]);
    CHECK(valid->state.enabled);
    CHECK(valid->state.created_at == new_year);
}

TEST_CASE("series are ordered by version as Debian does", "[storage][catalog]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    model::Catalog catalog;
    catalog.distributions = {ubuntu()};
    auto& series = catalog.distributions[0].series;
    series.resize(3);
    series[0].version = "9.10";
    series[1].version = "10.04";
    series[2].version = "10.04~beta";

    load(*store, catalog);

    const auto stored = store->distribution("ubuntu");
    REQUIRE(stored.has_value());
    CHECK(stored->series[0].version == "10.04");
    CHECK(stored->series[1].version == "10.04~beta");
    CHECK(stored->series[2].version == "9.10");
}

TEST_CASE("loading says what was added, changed and left", "[storage][catalog]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    model::Catalog catalog = acceptance_catalog();

    const auto first = store->load_catalog(catalog, foo);

    REQUIRE(first.has_value());
    CHECK(item_names(first->added) ==
          std::vector<std::string>{
              "distribution ubuntu", "series ubuntu/breezy-autotest", "series ubuntu/grumpy",
              "series ubuntu/hoary", "series ubuntu/warty", "mirror valid-mirror",
              "mirror invalid-mirror", "mirror unreachable-mirror", "mirror archive-404-mirror"});
    CHECK(first->updated.empty());
    CHECK(first->unchanged == 0);

    const auto same = store->load_catalog(catalog, foo);

    REQUIRE(same.has_value());
    CHECK(same->added.empty());
    CHECK(same->updated.empty());
    CHECK(same->unchanged == 9);

    catalog.distributions[0].title = "Ubuntu Linux";
    catalog.distributions[0].series[3].architectures = {"i386", "amd64"};
    catalog.mirrors[1].mirror.speed = model::Speed::s10g;
    catalog.mirrors[1].mirror.https_url = "https://localhost:11375/";
    const auto changed = store->load_catalog(catalog, foo);

    REQUIRE(changed.has_value());
    REQUIRE(item_names(changed->updated) == std::vector<std::string>{"distribution ubuntu",
                                                                     "series ubuntu/warty",
                                                                     "mirror invalid-mirror"});
    CHECK(changed->updated[0].changed_fields == std::vector<std::string>{"title"});
    CHECK(changed->updated[1].changed_fields == std::vector<std::string>{"architectures"});
    CHECK(changed->updated[2].changed_fields == std::vector<std::string>{"speed", "https_url"});
    CHECK(changed->unchanged == 6);
    CHECK(store->distribution("ubuntu") == catalog.distributions[0]);
}

TEST_CASE("loading again leaves what people and probes decided", "[storage][catalog]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    model::Catalog catalog = acceptance_catalog();
    catalog.mirrors[1].enabled = false;
    load(*store, catalog);
    CHECK_FALSE(store->mirror("invalid-mirror")->state.enabled);
    REQUIRE(store->disable_mirror("archive-404-mirror", foo, {}).has_value());
    model::Mirror reviewed = store->mirror("archive-404-mirror")->mirror;
    reviewed.status = model::ReviewStatus::unofficial;
    reviewed.whiteboard = "asked them on Monday";
    REQUIRE(store->update_mirror(reviewed, foo).has_value());

    catalog.mirrors[3].enabled = true;
    catalog.mirrors[3].mirror.description = "new";
    load(*store, catalog);

    const auto stored = store->mirror("archive-404-mirror");
    REQUIRE(stored.has_value());
    CHECK_FALSE(stored->state.enabled);
    CHECK(stored->mirror.description == "new");
    CHECK(stored->mirror.status == model::ReviewStatus::unofficial);
    CHECK(stored->mirror.whiteboard == "asked them on Monday");
}

TEST_CASE("mirrors may swap their URLs in one catalogue", "[storage][catalog]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    model::Catalog catalog = acceptance_catalog();
    load(*store, catalog);

    std::swap(catalog.mirrors[0].mirror.http_url, catalog.mirrors[1].mirror.http_url);
    load(*store, catalog);

    CHECK(store->mirror("valid-mirror")->mirror.http_url ==
          "http://localhost:11375/invalid-mirror/");
    CHECK(store->mirror("invalid-mirror")->mirror.http_url ==
          "http://localhost:11375/valid-mirror/");
}

TEST_CASE("a catalogue that is refused leaves nothing", "[storage][catalog]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    model::Catalog catalog = acceptance_catalog();
    catalog.mirrors[3].line = 77;

    SECTION("its last mirror's distribution is unknown") {
        catalog.mirrors[3].mirror.distribution = "debian";
        const auto loaded = store->load_catalog(catalog, foo);
        REQUIRE(loaded.has_error());
        CHECK(loaded.error().kind == Refusal::Kind::no_such_distribution);
        CHECK(loaded.error().detail.find("line 77") != std::string::npos);
    }
    SECTION("its last mirror has another's URL under another scheme") {
        catalog.mirrors[3].mirror.ftp_url = catalog.mirrors[0].mirror.http_url;
        const auto loaded = store->load_catalog(catalog, foo);
        REQUIRE(loaded.has_error());
        CHECK(loaded.error().kind == Refusal::Kind::url_taken);
        CHECK(loaded.error().detail.find("\"valid-mirror\" has it") != std::string::npos);
        CHECK(loaded.error().detail.find("\"archive-404-mirror\"") != std::string::npos);
    }
    SECTION("a name is there twice") {
        catalog.mirrors[3].mirror.name = "valid-mirror";
        const auto loaded = store->load_catalog(catalog, foo);
        REQUIRE(loaded.has_error());
        CHECK(loaded.error().kind == Refusal::Kind::name_taken);
    }
    SECTION("the database refuses the last mirror") {
        catalog.mirrors[3].mirror.description = std::string{"a\0b", 3};
        CHECK_THROWS_AS(store->load_catalog(catalog, foo), model::StorageError);
    }

    CHECK(store->distributions().empty());
    CHECK(store->mirrors({}).empty());
    // And the store goes on working.
    load(*store, acceptance_catalog());
    CHECK(store->mirrors({}).size() == 4);
}

TEST_CASE("a series that a catalogue does not name stays", "[storage][catalog]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    model::Catalog catalog = acceptance_catalog();
    load(*store, catalog);

    catalog.distributions[0].series.resize(1);
    load(*store, catalog);

    CHECK(store->distribution("ubuntu")->series.size() == 4);
}
