#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

#include <algorithm>

using namespace storage::testing;
using namespace std::chrono_literals;
using model::Freshness;
using model::Refusal;
using Names = std::vector<std::string>;

TEST_CASE("a new mirror is not official and has no rows", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());

    const auto id = store->add_mirror(foobarmirror(), true, foo);

    REQUIRE(id.has_value());
    const auto stored = store->mirror("foobarmirror");
    REQUIRE(stored.has_value());
    CHECK(stored->state.id == *id);
    CHECK(stored->mirror == foobarmirror());
    CHECK_FALSE(model::is_official(stored->mirror));
    CHECK(store->rows(*id).empty());
    CHECK(store->audit(*id) == std::vector<model::AuditEntry>{{new_year, "foo", "added", ""}});
}

TEST_CASE("listings hold the mirrors that were asked for", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    using model::Content;

    SECTION("enabled mirrors, all as fast, by name") {
        CHECK(names(store->mirrors({.distribution = "ubuntu", .only_enabled = true})) ==
              Names{"archive-404-mirror", "invalid-mirror", "unreachable-mirror", "valid-mirror"});
    }
    SECTION("enabled official mirrors") {
        const auto official =
            store->mirrors({.distribution = "ubuntu", .only_enabled = true, .only_official = true});
        REQUIRE(names(official) == Names{"valid-mirror"});
        CHECK(official[0].mirror.country == "AF");
    }
    SECTION("of a content") {
        CHECK(names(store->mirrors({.content = Content::archive})) ==
              Names{"archive-404-mirror", "valid-mirror"});
    }
    SECTION("of another distribution") {
        CHECK(store->mirrors({.distribution = "debian"}).empty());
    }
    SECTION("without those that are off") {
        REQUIRE(store->disable_mirror("valid-mirror", foo, {}).has_value());
        CHECK(store->mirrors({.only_enabled = true}).size() == 3);
        CHECK(store->mirrors({.only_enabled = true, .only_official = true}).empty());
    }
    SECTION("the fastest first, however fast") {
        model::Mirror fast = store->mirror("valid-mirror")->mirror;
        fast.speed = model::Speed::s100g;
        REQUIRE(store->update_mirror(fast, foo).has_value());
        model::Mirror slow = store->mirror("archive-404-mirror")->mirror;
        slow.speed = model::Speed::s128k;
        REQUIRE(store->update_mirror(slow, foo).has_value());
        CHECK(names(store->mirrors({})) ==
              Names{"valid-mirror", "invalid-mirror", "unreachable-mirror", "archive-404-mirror"});
    }
}

TEST_CASE("an overview tells the newest probe and the freshness", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    model::Bucket hoary = warty_i386();
    hoary.series = "hoary";
    model::Bucket security = warty_source();
    security.pocket = model::Pocket::security;
    store->record_probe(probe_result(id, new_year + 1h,
                                     {{warty_i386(), Freshness::one_hour_behind},
                                      {hoary, Freshness::two_days_behind},
                                      {warty_source(), Freshness::up},
                                      {security, Freshness::unknown}}));
    const auto newest = probe_result(id, new_year + 2h,
                                     {{warty_i386(), Freshness::one_hour_behind},
                                      {hoary, Freshness::two_days_behind},
                                      {warty_source(), Freshness::up},
                                      {security, Freshness::unknown}});
    const auto newest_id = store->record_probe(newest);
    store->record_probe(probe_result(store->mirror("invalid-mirror")->state.id, new_year,
                                     {{warty_i386(), Freshness::unknown}}));

    const auto overviews = store->mirror_overviews({});

    REQUIRE(overviews.size() == 4);
    CHECK(overviews[0].mirror.mirror.name == "archive-404-mirror");
    CHECK(overviews[0].last_probe == std::nullopt);
    CHECK(overviews[0].freshness == model::MirrorFreshness{});
    CHECK(overviews[1].freshness == model::MirrorFreshness{});
    CHECK(overviews[1].last_probe.has_value());
    CHECK(overviews[3].mirror.state.id == id);
    CHECK(overviews[3].last_probe == model::StoredProbe{newest_id, newest.record});
    CHECK(overviews[3].freshness == model::MirrorFreshness{Freshness::up,
                                                           Freshness::two_days_behind,
                                                           Freshness::two_days_behind});
}

TEST_CASE("a mirror that cannot be added is refused with the reason", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    model::Mirror mirror = foobarmirror();
    auto expected = Refusal::Kind::already_so;
    std::string names_both_sides;

    SECTION("the name is taken") {
        mirror.name = "valid-mirror";
        expected = Refusal::Kind::name_taken;
        names_both_sides = "\"valid-mirror\"";
    }
    SECTION("another mirror has the URL") {
        mirror.http_url = "http://localhost:11375/timeout/";
        expected = Refusal::Kind::url_taken;
        names_both_sides = "\"unreachable-mirror\" has it";
    }
    SECTION("there is no such distribution") {
        mirror.distribution = "debian";
        expected = Refusal::Kind::no_such_distribution;
        names_both_sides = "\"debian\"";
    }
    const auto added = store->add_mirror(mirror, true, foo);

    REQUIRE(added.has_error());
    CHECK(added.error().kind == expected);
    CHECK(added.error().detail.find(names_both_sides) != std::string::npos);
    CHECK(added.error().detail.ends_with("."));
    CHECK(store->mirrors({}).size() == 4);
    CHECK(store->mirror("foobarmirror") == std::nullopt);
}

TEST_CASE("a change leaves audit entries: for the status, each URL, and all else",
          "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->add_mirror(foobarmirror(), true, foo);
    REQUIRE(id.has_value());
    model::Mirror mirror = foobarmirror();
    mirror.status = model::ReviewStatus::official;
    mirror.http_url = "";
    mirror.rsync_url = "rsync://foo.bar.com/pub/";
    mirror.description = "named, not told";
    mirror.owners = {{"B", "b@example.com"}, {"A", "a@example.com"}};
    const model::Author reviewer{.who = "carol", .when = new_year + 1h, .why = "looks good"};

    REQUIRE(store->update_mirror(mirror, reviewer).has_value());
    REQUIRE(store->update_mirror(mirror, reviewer).has_value());

    CHECK(store->mirror("foobarmirror")->mirror == mirror);
    CHECK(store->audit(*id) ==
          std::vector<model::AuditEntry>{
              {new_year, "foo", "added", ""},
              {new_year + 1h, "carol", "status OFFICIAL", "looks good"},
              {new_year + 1h, "carol", "http_url removed", "looks good"},
              {new_year + 1h, "carol", "rsync_url rsync://foo.bar.com/pub/", "looks good"},
              {new_year + 1h, "carol", "changed description, owner", "looks good"}});
    // What it gave up is free for others.
    model::Mirror other = foobarmirror();
    other.name = "other";
    CHECK(store->add_mirror(other, true, foo).has_value());
}

TEST_CASE("an update that is refused changes nothing", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto before = store->mirror("valid-mirror");
    REQUIRE(before.has_value());
    model::Mirror mirror = before->mirror;
    mirror.description = "changed";
    auto expected = Refusal::Kind::already_so;

    SECTION("another has the URL") {
        mirror.https_url = "http://localhost:11375/timeout/";
        expected = Refusal::Kind::url_taken;
    }
    SECTION("there is no such distribution") {
        mirror.distribution = "debian";
        expected = Refusal::Kind::no_such_distribution;
    }
    SECTION("there is no such mirror") {
        mirror.name = "nobody";
        expected = Refusal::Kind::no_such_mirror;
    }
    const auto updated = store->update_mirror(mirror, foo);

    REQUIRE(updated.has_error());
    CHECK(updated.error().kind == expected);
    CHECK(store->mirror("valid-mirror") == before);
}

TEST_CASE("a mirror is changed from what it is at that moment", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    auto faster = store->mirror("valid-mirror")->mirror;
    faster.speed = model::Speed::s100g;
    REQUIRE(store->update_mirror(faster, foo).has_value());
    const auto entries = store->audit(store->mirror("valid-mirror")->state.id).size();
    const auto rename = [](model::Mirror& mirror) {
        mirror.display_name = "Valid";
        return mirror.speed == model::Speed::s100g;
    };

    const auto changed = store->change_mirror("valid-mirror", rename, foo);
    const auto declined = store->change_mirror("invalid-mirror", rename, foo);

    REQUIRE(changed.has_value());
    CHECK(*changed);
    faster.display_name = "Valid";
    CHECK(store->mirror("valid-mirror")->mirror == faster);
    CHECK(store->audit(store->mirror("valid-mirror")->state.id).size() == entries + 1);
    REQUIRE(declined.has_value());
    CHECK_FALSE(*declined);
    CHECK(store->mirror("invalid-mirror")->mirror.display_name != "Valid");
    CHECK(store->change_mirror("nobody", rename, foo).error().kind ==
          Refusal::Kind::no_such_mirror);
}

TEST_CASE("a mirror that was never probed can be deleted", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    REQUIRE(store->ensure_row(id, warty_i386()).has_value());

    REQUIRE(store->delete_mirror("valid-mirror").has_value());

    CHECK(store->mirror("valid-mirror") == std::nullopt);
    const auto again = store->delete_mirror("valid-mirror");
    REQUIRE(again.has_error());
    CHECK(again.error().kind == Refusal::Kind::no_such_mirror);
    // Its name and URL are free, and its number is never given to another.
    const auto fresh = store->add_mirror(acceptance_mirrors()[0], true, foo);
    REQUIRE(fresh.has_value());
    CHECK(*fresh != id);
}

TEST_CASE("a mirror that was probed cannot be deleted", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    const auto probe = store->record_probe(probe_result(id, new_year, {}));

    const auto refused = store->delete_mirror("valid-mirror");

    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == Refusal::Kind::has_been_probed);
    store->delete_probe(probe);
    CHECK(store->delete_mirror("valid-mirror").has_value());
}

TEST_CASE("an admin disables a mirror and its owner is told", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const model::Author admin{.who = "carol", .when = new_year + 1h, .why = "it serves porn"};
    const std::vector<model::Message> mail = {message("<1@host>")};

    REQUIRE(store->disable_mirror("valid-mirror", admin, mail).has_value());

    const auto stored = store->mirror("valid-mirror");
    CHECK_FALSE(stored->state.enabled);
    CHECK(stored->state.disabled_by == model::DisabledBy::admin);
    CHECK(stored->state.disabled_reason == "it serves porn");
    CHECK(store->audit(stored->state.id).back() ==
          model::AuditEntry{new_year + 1h, "carol", "disabled", "it serves porn"});
    const auto outbox = store->outbox(false);
    REQUIRE(outbox.size() == 1);
    CHECK(outbox[0].message == mail[0]);

    const auto again = store->disable_mirror("valid-mirror", admin, {});
    REQUIRE(again.has_error());
    CHECK(again.error().kind == Refusal::Kind::already_so);

    REQUIRE(store->enable_mirror("valid-mirror", admin, {}).has_value());
    CHECK(store->mirror("valid-mirror")->state.enabled);
    CHECK(store->mirror("valid-mirror")->state.disabled_by == model::DisabledBy::nobody);
    CHECK(store->mirror("valid-mirror")->state.disabled_reason.empty());
    const auto on = store->enable_mirror("valid-mirror", admin, mail);
    REQUIRE(on.has_error());
    CHECK(on.error().kind == Refusal::Kind::already_so);
    CHECK(store->enable_mirror("nobody", admin, {}).has_error());
    CHECK(store->disable_mirror("nobody", admin, mail).has_error());
    CHECK(store->outbox(false).size() == 1);
}

TEST_CASE("an admin may keep off what the prober switched off", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto id = store->mirror("valid-mirror")->state.id;
    model::Decision decision;
    decision.mirror = id;
    decision.change = model::Change::disable;
    REQUIRE(store->apply(std::vector{decision}, foo) == std::vector<bool>{true});

    REQUIRE(store->disable_mirror("valid-mirror", foo, {}).has_value());

    CHECK(store->mirror("valid-mirror")->state.disabled_by == model::DisabledBy::admin);
}

TEST_CASE("a maintenance begins, moves and ends, each with its reason", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const model::Author owner{.who = "carol", .when = new_year, .why = "new disks"};
    const model::Timestamp until = new_year + 5h + 1us;
    const auto state = [&] { return store->mirror("valid-mirror")->state; };
    const auto what = [&] { return store->audit(state().id).back().what; };
    CHECK_FALSE(state().maintenance_until.has_value());

    REQUIRE(store->set_maintenance("valid-mirror", until, owner).has_value());
    CHECK(state().maintenance_until == until);
    CHECK(state().enabled);
    CHECK(store->audit(state().id).back() ==
          model::AuditEntry{new_year, "carol", "maintenance until 2026-01-01T05:00:00.000001Z",
                            "new disks"});
    CHECK_FALSE(store->mirror("invalid-mirror")->state.maintenance_until.has_value());

    REQUIRE(store->set_maintenance("valid-mirror", until + 1h, owner).has_value());
    CHECK(state().maintenance_until == until + 1h);
    CHECK(store->mirrors({}).back().state == state());
    const auto again = store->set_maintenance("valid-mirror", until + 1h, owner);
    REQUIRE(again.has_error());
    CHECK(again.error().kind == Refusal::Kind::already_so);

    REQUIRE(store->set_maintenance("valid-mirror", std::nullopt, owner).has_value());
    CHECK_FALSE(state().maintenance_until.has_value());
    CHECK(what() == "maintenance ended");
    CHECK(store->audit(state().id).size() == 4);  // with "added"
}

TEST_CASE("only a maintenance that lasts can be ended", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->set_maintenance("invalid-mirror", new_year + 1h, foo).has_value());
    model::Author later = foo;
    later.when = new_year + 1h;
    const std::size_t entries = store->audit(store->mirror("invalid-mirror")->state.id).size();

    const auto passed = store->set_maintenance("invalid-mirror", std::nullopt, later);
    const auto never = store->set_maintenance("valid-mirror", std::nullopt, later);
    const auto nobody = store->set_maintenance("nobody", new_year + 2h, later);

    REQUIRE(passed.has_error());
    CHECK(passed.error().kind == Refusal::Kind::already_so);
    CHECK(store->audit(store->mirror("invalid-mirror")->state.id).size() == entries);
    REQUIRE(never.has_error());
    CHECK(never.error().kind == Refusal::Kind::already_so);
    REQUIRE(nobody.has_error());
    CHECK(nobody.error().kind == Refusal::Kind::no_such_mirror);
}

TEST_CASE("loading a catalogue again and editing leave a maintenance as it is",
          "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->set_maintenance("valid-mirror", new_year + 1h, foo).has_value());
    auto catalog = acceptance_catalog();
    catalog.mirrors[0].mirror.country = "BR";

    load(*store, catalog);
    REQUIRE(store->update_mirror(acceptance_mirrors()[0], foo).has_value());

    CHECK(store->mirror("valid-mirror")->state.maintenance_until == new_year + 1h);
}

TEST_CASE("texts come back byte for byte, and NUL is refused", "[storage][mirrors]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    model::Mirror mirror = foobarmirror();
    mirror.description = GENERATE(as<std::string>{}, "'; DROP TABLE mirror; --", "\"quoted\\x41\"",
                                  "emoji \U0001F600 and \u00e9", "$1 ? :a %s \\N \t\r\n");

    REQUIRE(store->add_mirror(mirror, true, foo).has_value());

    CHECK(store->mirror("foobarmirror")->mirror == mirror);
    CHECK(store->mirror("' OR '1'='1") == std::nullopt);
    CHECK(store->mirror("") == std::nullopt);
    mirror.description.push_back('\0');
    CHECK_THROWS_AS(store->update_mirror(mirror, foo), model::StorageError);
}
