#include "tools/service/mass_change.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/service/testing/hand_made_world.hpp"

using namespace service;
using namespace std::chrono_literals;
using service::testing::noon;

namespace {

using Form = std::vector<std::pair<std::string, std::string>>;

boost::system::result<MassChange, std::string> read(Form form) {
    Request request;
    request.form = std::move(form);
    return read_mass_change(request, noon);
}

model::StoredMirror mirror() {
    model::StoredMirror stored;
    stored.mirror.name = "near";
    stored.mirror.http_url = "http://near.example.org/debian/";
    stored.mirror.status = model::ReviewStatus::official;
    return stored;
}

model::StoredMirror disabled(model::DisabledBy who) {
    auto stored = mirror();
    stored.state.enabled = false;
    stored.state.disabled_by = who;
    return stored;
}

}  // namespace

TEST_CASE("what a form asks of many mirrors is read, or refused in a sentence",
          "[service][mass_change]") {
    const auto [form, fault, why] = GENERATE(table<Form, std::string, std::string>({
        {{{"action", "enable"}}, "", "needs nothing"},
        {{{"action", "disable"}, {"reason", "new disks"}}, "", "with a reason"},
        {{{"action", "disable"}, {"reason", " \r\n"}}, "Say why", "blanks are no reason"},
        {{{"action", "review"}, {"status", "OFFICIAL"}}, "", "with a status"},
        {{{"action", "review"}, {"status", "official"}}, "what the review", "no such status"},
        {{{"action", "maintenance"}, {"until", "2026-01-11T12:00"}}, "", "as browsers send it"},
        {{{"action", "maintenance"}, {"until", "2026-01-11T12:00:00Z"}}, "", "as RFC 3339 has it"},
        {{{"action", "maintenance"}, {"until", "2026-01-10T12:00"}}, "in the future", "now"},
        {{{"action", "maintenance"}, {"until", "2028-01-10T12:00"}}, "a year away", "too far"},
        {{{"action", "maintenance"}}, "Say until when", "no end"},
        {{{"action", "destroy"}}, "what is to be done", "no such action"},
        {{}, "what is to be done", "nothing"},
        {{{"action", "enable"}, {"reason", std::string(50'001, 'a')}}, "longer than", "too long"},
    }));
    CAPTURE(why);

    const auto change = read(form);

    REQUIRE(change.has_error() == !fault.empty());
    if (change.has_error()) {
        CHECK(change.error().find(fault) != std::string::npos);
    }
}

TEST_CASE("owners are mailed where the box is ticked", "[service][mass_change]") {
    CHECK(read({{"action", "disable"}, {"reason", "a"}, {"notify_owner", "true"}})->tells_owners);
    CHECK_FALSE(read({{"action", "disable"}, {"reason", "a"}})->tells_owners);
}

TEST_CASE("the effect on a mirror depends on how it is", "[service][mass_change]") {
    auto in_maintenance = mirror();
    in_maintenance.state.maintenance_until = noon + 24h;
    auto over = mirror();
    over.state.maintenance_until = noon - 1h;
    auto without_url = mirror();
    without_url.mirror.http_url.clear();
    const auto official = model::ReviewStatus::official;
    const auto [change, stored, is_change, why] =
        GENERATE_COPY(table<MassChange, model::StoredMirror, bool, std::string>({
            {{.act = MassAct::enable}, mirror(), false, "enabled already"},
            {{.act = MassAct::enable}, disabled(model::DisabledBy::prober), true, "comes back"},
            {{.act = MassAct::disable}, mirror(), true, "goes"},
            {{.act = MassAct::disable}, disabled(model::DisabledBy::prober), true, "stays off"},
            {{.act = MassAct::disable}, disabled(model::DisabledBy::admin), false, "off already"},
            {{.act = MassAct::review, .status = official}, mirror(), false, "official already"},
            {{.act = MassAct::probe}, mirror(), true, "is probed"},
            {{.act = MassAct::probe}, without_url, false, "cannot be"},
            {{.act = MassAct::maintenance, .until = noon + 24h}, mirror(), true, "begins"},
            {{.act = MassAct::maintenance, .until = noon + 24h}, in_maintenance, false, "is so"},
            {{.act = MassAct::maintenance, .until = noon + 25h}, in_maintenance, true, "is longer"},
            {{.act = MassAct::end_maintenance}, in_maintenance, true, "ends"},
            {{.act = MassAct::end_maintenance}, over, false, "ended by itself"},
        }));
    CAPTURE(why);

    CHECK(effect_of(change, stored, noon).is_change == is_change);
}

TEST_CASE("each change of a mirror's state changes what it is known by", "[service][mass_change]") {
    const std::string before = fingerprint_of(mirror());
    auto reviewed = mirror();
    reviewed.mirror.status = model::ReviewStatus::broken;
    auto in_maintenance = mirror();
    in_maintenance.state.maintenance_until = noon;
    auto renamed = mirror();
    renamed.mirror.display_name = "Near";

    CHECK(fingerprint_of(mirror()) == before);
    CHECK(fingerprint_of(renamed) == before);  // of no concern here
    CHECK(fingerprint_of(reviewed) != before);
    CHECK(fingerprint_of(in_maintenance) != before);
    CHECK(fingerprint_of(disabled(model::DisabledBy::admin)) != before);
    CHECK(fingerprint_of(disabled(model::DisabledBy::admin)) !=
          fingerprint_of(disabled(model::DisabledBy::prober)));
}

TEST_CASE("what was looked at comes back from a form", "[service][mass_change]") {
    const auto written = write_seen({{"near", "0123"}, {"far", "4567"}});
    std::string sent;  // as browsers end lines
    for (const char c : written) {
        sent += c == '\n' ? "\r\n" : std::string(1, c);
    }

    const auto seen = read_seen(sent);

    REQUIRE(seen.has_value());
    REQUIRE(seen->size() == 2);
    CHECK((*seen)[1].name == "far");
    CHECK((*seen)[1].fingerprint == "4567");
    CHECK(read_seen("")->empty());
    CHECK_FALSE(read_seen("near").has_value());
    CHECK_FALSE(read_seen("<script> 01").has_value());
}
