#include "tools/service/mirror_changes.hpp"

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace service;
using namespace storage::testing;
using namespace std::chrono_literals;
using model::Refusal;

namespace {

model::Author alice(std::string why = {}) {
    return {.who = "alice", .when = new_year, .why = std::move(why)};
}

MirrorFields of_speed(model::Speed speed) {
    MirrorFields fields;
    fields.speed = speed;
    return fields;
}

}  // namespace

TEST_CASE("a maintenance ends in the future, within a year", "[service][changes]") {
    const auto [ahead, fault, why] =
        GENERATE(table<std::chrono::seconds, MaintenanceFault, std::string>({
            {-1s, MaintenanceFault::past, "over already"},
            {0s, MaintenanceFault::past, "now is no window"},
            {1s, MaintenanceFault::none, "soon"},
            {24h * 366, MaintenanceFault::none, "a leap year"},
            {24h * 366 + 1s, MaintenanceFault::too_far, "longer"},
        }));
    INFO(why);

    CHECK(judge_maintenance(new_year + ahead, new_year) == fault);
}

TEST_CASE("a reason is plain text of some length", "[service][changes]") {
    CHECK_FALSE(reason_fault("").has_value());
    CHECK_FALSE(reason_fault("two\nlines, and \"quotes\" <b>").has_value());
    CHECK_FALSE(reason_fault(std::string(50'000, 'x')).has_value());
    CHECK(reason_fault(std::string(50'001, 'x')) == "longer than 50000 bytes");
    CHECK(reason_fault(std::string("a\0b", 3)) == "no plain UTF-8 text");
    CHECK(reason_fault("\x1b[31m") == "no plain UTF-8 text");
    CHECK(reason_fault("\xff") == "no plain UTF-8 text");
}

TEST_CASE("what is so already is said, and leaves no line in the audit trail",
          "[service][changes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const std::string name = "valid-mirror";
    const auto stored = store->mirror(name).value();
    const auto lines = [&] { return store->audit(stored.state.id).size(); };
    const auto before = lines();

    const auto enabled = enable_mirror(*store, name, alice());
    const auto reviewed = review_mirror(*store, name, stored.mirror.status, alice());
    const auto ended = set_maintenance(*store, name, {}, alice());
    const auto edited = edit_mirror(*store, name, of_speed(stored.mirror.speed), alice());

    REQUIRE(enabled.has_value());
    REQUIRE(reviewed.has_value());
    REQUIRE(ended.has_value());
    REQUIRE(edited.has_value());
    CHECK_FALSE(enabled->was_made);
    CHECK_FALSE(reviewed->was_made);
    CHECK_FALSE(ended->was_made);
    CHECK_FALSE(edited->was_made);
    CHECK(lines() == before);
}

TEST_CASE("an edit changes what it names and leaves what others changed meanwhile",
          "[service][changes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    MirrorFields renamed;
    renamed.display_name = "Valid";

    REQUIRE(edit_mirror(*store, "valid-mirror", of_speed(model::Speed::s100g), alice())->was_made);
    REQUIRE(edit_mirror(*store, "valid-mirror", renamed, alice())->was_made);

    const auto mirror = store->mirror("valid-mirror")->mirror;
    CHECK(mirror.speed == model::Speed::s100g);
    CHECK(mirror.display_name == "Valid");
}

TEST_CASE("an edit that cannot be says every fault and changes nothing", "[service][changes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    const auto before = store->mirror("valid-mirror");
    MirrorFields fields = of_speed(model::Speed::s100g);
    fields.country = "XX";
    fields.http_url = "ftp://a.example.org/";

    const auto edited = edit_mirror(*store, "valid-mirror", fields, alice());

    REQUIRE(edited.has_error());
    REQUIRE(edited.error().fields.size() == 2);
    CHECK(edited.error().fields[0].field == "country");
    CHECK(edited.error().fields[1].field == "http_url");
    CHECK(store->mirror("valid-mirror") == before);
    const auto unknown = edit_mirror(*store, "nobody", of_speed(model::Speed::s1g), alice());
    REQUIRE(unknown.has_error());
    REQUIRE(unknown.error().refusal.has_value());
    CHECK(unknown.error().refusal->kind == Refusal::Kind::no_such_mirror);
}

TEST_CASE("a disabling tells owners and admins, or admins alone", "[service][changes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    auto catalog = acceptance_catalog();
    catalog.distributions[0].admins = {{"Carol", "carol@example.org"}};
    load(*store, catalog);
    const bool tells_owners = GENERATE(true, false);
    const auto stored = store->mirror("valid-mirror").value();
    const DisablingLetter letter{
        .tells_owners = tells_owners, .id_host = "host.example.org", .read_log = {}};

    const auto disabled = disable_mirror(*store, stored, alice("moves house"), letter);

    REQUIRE(disabled.has_value());
    const auto mails = store->outbox(false);
    CHECK(disabled->mails == mails.size());
    REQUIRE(mails.size() == stored.mirror.owners.size() * (tells_owners ? 1 : 0) + 1);
    CHECK(mails.back().message.to.address == "carol@example.org");
    CHECK(says(mails.back().message.body, "> moves house"));
    CHECK(says(mails.back().message.message_id, "@host.example.org>"));
}

TEST_CASE("a probe is asked for where a run would make it", "[service][changes]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    load(*store, acceptance_catalog());
    REQUIRE(store->disable_mirror("invalid-mirror", foo, {}).has_value());

    const auto asked = request_probe(*store, store->mirror("valid-mirror").value(), 1h, alice());
    const auto off = request_probe(*store, store->mirror("invalid-mirror").value(), 1h, alice());

    REQUIRE(asked.has_value());
    CHECK(asked->was_made);
    REQUIRE(off.has_error());
    CHECK(off.error().kind == Refusal::Kind::not_probed);
    CHECK(store->probe_requests(new_year).size() == 1);
}
