#include "tools/service/testing/hand_made_world.hpp"

#include "tools/service/request_target.hpp"
#include "tools/service/router.hpp"

#include <algorithm>
#include <utility>

namespace service::testing {
namespace {

using namespace std::chrono_literals;
using model::Freshness;

const std::string text_of_newest(64, 'a');
const std::string text_of_older(64, 'b');

model::Distribution debian() {
    model::Distribution debian;
    debian.name = "debian";
    debian.title = "Debian";
    debian.primary_url = "http://primary.example.org/debian/";
    debian.pockets = {model::Pocket::release, model::Pocket::security};
    debian.admins = {{"secret admin", "secret-admin@example.org"}};
    debian.keyring = "/secret/keyring.gpg";
    for (const auto& [name, version] : {std::pair{"sid", "99"}, std::pair{"bookworm", "12"}}) {
        model::Series series;
        series.name = name;
        series.version = version;
        series.components = {"main"};
        series.architectures = {"amd64", "arm64"};
        debian.series.push_back(series);
    }
    return debian;
}

model::Snapshot snapshot(const std::string& text, model::Timestamp date) {
    model::Snapshot one;
    one.suite = "sid";
    one.text_sha256 = model::parse_sha256(text).value();
    one.date = date;
    one.first_seen = date + 1min;
    return one;
}

struct Traits {
    std::string name;
    std::string country;
    model::Speed speed = model::Speed::s2m;
    bool is_official = true;
    Freshness freshness = Freshness::up;
    std::optional<std::chrono::seconds> lag;
    bool is_partial = false;
    bool is_probed = true;
};

void add_history(MirrorFacts& facts, const Traits& traits) {
    for (int day = 9; day >= 0; --day) {
        HistoryPoint point;
        point.probe = model::ProbeId{1'000 + 9 - day};
        point.started = noon - 1h - day * 24h;
        point.duration = 90s;
        point.expected = 12;
        point.found = traits.is_partial ? 4 : 12;
        point.freshness = traits.freshness;
        point.integrity = model::Integrity::whole;
        if (traits.lag) {
            point.lag = model::Lag{.behind = *traits.lag};
        }
        facts.history.push_back(point);
    }
    model::StoredProbe probe;
    probe.id = facts.history.back().probe;
    probe.record.started = facts.history.back().started;
    probe.record.finished = probe.record.started + 90s;
    probe.record.requests = 40;
    probe.record.expected = 12;
    probe.record.found = facts.history.back().found;
    probe.record.outcomes = {{"ok", 38}, {"http-status 404", 2}};
    facts.last_probe = probe;
}

void add_observation(MirrorFacts& facts, const Traits& traits) {
    model::SuiteState suite;
    suite.suite = "sid";
    suite.integrity = model::Integrity::whole;
    if (traits.lag) {
        suite.lag = model::Lag{.behind = *traits.lag};
        suite.text_sha256 =
            model::parse_sha256(*traits.lag == 0s ? text_of_newest : text_of_older).value();
    }
    suite.release_date = noon - 30h;
    facts.observation.suites = {suite};
    facts.observation.addresses = {{"192.0.2.7", {model::OutcomeKind::ok}},
                                   {"2001:db8::7", {model::OutcomeKind::refused}}};
    facts.observation.costs = {{.kind = "index", .requests = 40, .bytes = 12'345}};
}

std::shared_ptr<MirrorFacts> mirror(const World& world, const Traits& traits, int number) {
    auto facts = std::make_shared<MirrorFacts>();
    auto& mirror = facts->mirror.mirror;
    mirror.name = traits.name;
    mirror.display_name = "Mirror " + traits.name;
    mirror.distribution = "debian";
    mirror.owners = {{"secret owner", "secret-owner@example.org"}};
    mirror.whiteboard = "secret note";
    mirror.country = traits.country;
    mirror.speed = traits.speed;
    mirror.http_url = "http://" + traits.name + ".example.org/debian/";
    mirror.official_candidate = traits.is_official;
    mirror.status =
        traits.is_official ? model::ReviewStatus::official : model::ReviewStatus::pending_review;
    facts->mirror.state.id = model::MirrorId{number};
    facts->mirror.state.created_at = noon - 100 * 24h;
    facts->events = {{noon - 100 * 24h, "secret-login", "added", ""}};
    if (!traits.is_probed) {
        facts->rows.assign(world.buckets.at("debian").size(), 0);
        return facts;
    }
    for (const model::Bucket& bucket : world.buckets.at("debian")) {
        const bool has = !traits.is_partial || bucket.architecture == "amd64";
        facts->rows.push_back(has ? static_cast<std::uint8_t>(traits.freshness) : 0);
    }
    facts->freshness = model::mirror_freshness(content_rows(world, *facts));
    add_history(*facts, traits);
    add_observation(*facts, traits);
    return facts;
}

void make_off(MirrorFacts& off) {
    off.mirror.state.enabled = false;
    off.mirror.state.disabled_by = model::DisabledBy::prober;
    off.mirror.state.disabled_reason = "nothing was there";
    off.history.back().verdict = model::ProbeVerdict::failed;
    off.last_probe->record.verdict = model::ProbeVerdict::failed;
    off.events.push_back({noon - 3 * 24h, "prober", "disabled", "nothing was there"});
    off.events.push_back({noon - 2 * 24h, "prober", "enabled", "passed"});
    off.events.push_back({noon - 24h, "secret-login", "status OFFICIAL", "looks well"});
    off.events.push_back({noon - 23h, "secret-login", "http_url http://secret/", ""});
    off.events.push_back({noon - 1h, "prober", "disabled", "nothing was there"});
}

void make_hostile(MirrorFacts& hostile) {
    auto& mirror = hostile.mirror.mirror;
    mirror.display_name = hostile_text();
    mirror.description = hostile_text();
    model::Finding finding;
    finding.rule = "torn-index";
    finding.subject = hostile_text();
    finding.summary = hostile_text();
    finding.request = hostile_text();
    finding.answer = hostile_text();
    finding.curl = hostile_text();
    hostile.observation.findings = {finding};
    hostile.observation.suites.back().suite = hostile_text();
    hostile.observation.addresses = {{hostile_text(), {model::OutcomeKind::refused}}};
    hostile.observation.certificate = model::CertificateState{.host = hostile_text(),
                                                              .subject = hostile_text(),
                                                              .issuer = hostile_text(),
                                                              .not_before = noon - 24h,
                                                              .not_after = noon + 24h,
                                                              .lacks_intermediate = false};
    hostile.observation.traces = {{.name = hostile_text(),
                                   .last_sync = noon,
                                   .upstream = hostile_text(),
                                   .tool = hostile_text()}};
    hostile.last_probe->record.outcomes[hostile_text()] = 1;
    hostile.events.push_back({noon - 30min, "secret-login", "disabled", hostile_text()});
    hostile.events.push_back({noon - 20min, "secret-login", "status " + hostile_text(), ""});
}

}  // namespace

const model::Timestamp noon = model::parse_timestamp("2026-01-10T12:00:00Z").value();

std::string hostile_text() {
    return "<script>alert(\"1\")</script> ' & ]]> \\ \n# EOF\r\n\xe2\x80\xae txet \x01 \xff " +
           std::string(10'000, 'A');
}

std::shared_ptr<const World> hand_made_world() {
    auto world = std::make_shared<World>();
    world->read_at = noon;
    world->version = 1;
    world->distributions = {debian(), {}};
    world->distributions[1].name = "ubuntu";
    world->distributions[1].title = "Ubuntu";
    for (const model::Distribution& one : world->distributions) {
        world->buckets[one.name] = model::expected_buckets(one, {}, model::Expectation::everything);
    }
    world->snapshots["debian"]["sid"] = {snapshot(text_of_newest, noon - 6h),
                                         snapshot(text_of_older, noon - 30h)};
    std::vector<std::shared_ptr<MirrorFacts>> mirrors = {
        mirror(*world,
               {.name = "far",
                .country = "US",
                .speed = model::Speed::s10g,
                .lag = 0s,
                .is_partial = true},
               1),
        mirror(*world,
               {.name = "hostile",
                .country = "DE",
                .freshness = Freshness::two_days_behind,
                .lag = 40h},
               2),
        mirror(*world,
               {.name = "late",
                .country = "DE",
                .speed = model::Speed::s100m,
                .freshness = Freshness::one_day_behind,
                .lag = 26h},
               3),
        mirror(*world, {.name = "near", .country = "DE", .speed = model::Speed::s1g, .lag = 0s}, 4),
        mirror(*world, {.name = "off", .country = "BR", .speed = model::Speed::s1m, .lag = {}}, 5),
        mirror(*world,
               {.name = "unprobed",
                .country = "FR",
                .is_official = false,
                .lag = {},
                .is_probed = false},
               6)};
    make_hostile(*mirrors[1]);
    mirrors[3]->mirror.mirror.https_url = "https://near.example.org/debian/";
    make_off(*mirrors[4]);
    mirrors[2]->sync = model::MirrorSync{noon - 2h, {}};
    mirrors[3]->sync = model::MirrorSync{noon - 2h, noon - 1h};
    mirrors[4]->sync = model::MirrorSync{noon - 48h, {}};
    world->mirrors.assign(mirrors.begin(), mirrors.end());
    return world;
}

Response answer(const std::string& target, const World& world, model::Store* store) {
    std::vector<Route> routes;
    add_api_routes(routes);
    add_list_routes(routes);
    auto parsed = parse_target(target, "");
    Request request;
    request.method = "GET";
    request.path = parsed->path;
    request.query = parsed->query;
    const RouteMatch match = find_route(routes, "GET", request.path);
    if (match.route == nullptr) {
        return problem(404, "No such page", "There is no route.");
    }
    request.captures = match.captures;
    if (match.route->read) {
        return match.route->read(request, world, noon);
    }
    return match.route->store(request, world, *store, noon);
}

}  // namespace service::testing
