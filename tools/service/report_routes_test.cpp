#include "model/base64.hpp"
#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"
#include "tools/reports/xmlrpc_codec.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

using namespace service;
using namespace storage::testing;
using namespace std::chrono_literals;
using model::Scope;
using nlohmann::json;
using reports::Array;
using reports::XmlrpcValue;

namespace {

/// A service with two branches and a mirror, and those who report to it.
class Office {
public:
    Office() : database_{make_database("sqlite")}, store{database_->open()} {
        load(*store, acceptance_catalog());
        world_ = read_world(*store, new_year, nullptr);
        add_branch("tree", model::BranchType::mirrored);
        add_branch("far", model::BranchType::remote);
        token = add_token(Scope::branch_report, "puller-1");
        routes_ = all_routes({.say_fault = [](std::string_view) {}, .lease = 1h});
    }

    std::string add_token(model::Scopes scopes, const std::string& holder) {
        const auto secret = random_secret();
        const auto id = *store->add_token({scopes, holder, hash_of(secret), new_year + 24h}, foo);
        return model::format_token(id, secret);
    }

    Response send(const Request& request) {
        const auto match = find_route(routes_, request.method, request.path);
        REQUIRE(match.route != nullptr);
        Request whole = request;
        whole.captures = match.captures;
        return match.route->store(whole, *world_, *store, now);
    }

    Response post(const std::string& path, const json& body) {
        return send(request(path, "application/json", body.dump()));
    }

    Response call(const std::string& path, const std::string& method, const Array& parameters) {
        return send(request(path, "text/xml", reports::call_text({method, parameters})));
    }

    reports::OrFault<XmlrpcValue> branch(const std::string& method, const Array& parameters) {
        return reports::parse_answer(call("/xmlrpc/branch", method, parameters).body);
    }

    /// Of a call that is answered with a value.
    XmlrpcValue told(const std::string& method, const Array& parameters) {
        const auto answer = branch(method, parameters);
        REQUIRE(answer.has_value());
        return *answer;
    }

    Request request(const std::string& path, const std::string& type,
                    const std::string& body) const {
        Request request;
        request.method = "POST";
        request.path = path;
        request.body = body;
        request.client_address = "192.0.2.7";
        request.client_key = "192.0.2.7";
        request.fields = {{"content-type", type}, {"authorization", "Bearer " + token}};
        return request;
    }

    model::Branch tree() { return *store->branch("tree"); }

private:
    void add_branch(const std::string& name, model::BranchType type) {
        REQUIRE(
            store->add_branch({.name = name, .url = "https://example.org/" + name, .type = type})
                .has_value());
    }

    std::unique_ptr<EmptyDatabase> database_;

public:
    std::unique_ptr<model::Store> store;
    std::string token;  // that is sent
    model::Timestamp now = new_year;

private:
    std::shared_ptr<const World> world_;
    std::vector<Route> routes_;
};

const XmlrpcValue first{std::int32_t{1}};  // the branch "tree"
const XmlrpcValue second{std::int32_t{2}};
const XmlrpcValue unknown{std::int32_t{99}};
const XmlrpcValue yes{true};
const XmlrpcValue no{false};

XmlrpcValue text(const std::string& words) {
    return {words};
}

std::string problem_title(const Response& response) {
    return json::parse(response.body).at("title");
}

}  // namespace

TEST_CASE("XML-RPC: what was mirrored dates from when it was started", "[service][reports]") {
    Office office;

    CHECK(office.told("startMirroring", {first}) == yes);
    CHECK(office.tree().mirroring.last_mirror_attempt == new_year);
    CHECK(office.tree().mirroring.attempt->lease_end == new_year + 1h);
    office.now += 5min;
    CHECK(office.told("mirrorComplete", {first, text("rev-1")}) == yes);

    const auto mirroring = office.tree().mirroring;
    CHECK(mirroring.last_mirrored == new_year);
    CHECK(mirroring.last_mirrored_id == "rev-1");
    CHECK(mirroring.next_mirror_time == new_year + 5min + 6h);
    CHECK(!mirroring.attempt);
}

TEST_CASE("XML-RPC: a failure is counted with its reason, which may be base64",
          "[service][reports]") {
    Office office;
    office.branch("startMirroring", {first});

    CHECK(office.told("mirrorFailed", {first, {reports::Bytes{"no\nroute\x01\xff"}}}) == yes);

    CHECK(office.tree().mirroring.mirror_failures == 1);
    CHECK(office.tree().mirroring.mirror_status_message == "no route \xEF\xBF\xBD");
}

TEST_CASE("XML-RPC: a branch that there is not is false, and one refused a fault",
          "[service][reports]") {
    Office office;
    const auto before = office.store->branches();

    const auto [method, parameters, expected] =
        GENERATE(table<std::string, Array, reports::OrFault<XmlrpcValue>>({
            {"startMirroring", {unknown}, no},
            {"mirrorComplete", {unknown, text("r")}, no},
            {"mirrorFailed", {unknown, text("r")}, no},
            {"requestMirror", {unknown}, no},
            {"startMirroring", {second}, reports::Fault{1, ""}},
            {"mirrorComplete", {second, text("r")}, reports::Fault{1, ""}},
            {"mirrorFailed", {second, text("r")}, reports::Fault{1, ""}},
            {"requestMirror", {second}, reports::Fault{1, ""}},
            {"mirrorComplete", {first, text("r")}, reports::Fault{2, ""}},
            {"mirrorFailed", {first, text("r")}, reports::Fault{2, ""}},
            {"mirrorComplete", {first, text("r"), text("old")}, reports::Fault{3, ""}},
            {"startMirroring", {text("1")}, reports::Fault{-32602, ""}},
            {"startMirroring", {first, first}, reports::Fault{-32602, ""}},
            {"mirrorComplete", {first, text("two\nlines")}, reports::Fault{-32602, ""}},
            {"mirrorComplete", {first, text(std::string(501, 'x'))}, reports::Fault{-32602, ""}},
            {"acquireBranchToPull", {{Array{text("mirrored")}}}, reports::Fault{-32602, ""}},
            {"getBranchPullQueue", {text("ALL")}, reports::Fault{-32602, ""}},
            {"getBranchPullQueue", {}, reports::Fault{-32602, ""}},
            {"recordSuccess", {}, reports::Fault{-32601, ""}},
        }));
    CAPTURE(method);
    const auto answer = office.branch(method, parameters);

    REQUIRE(answer.has_value() == expected.has_value());
    if (expected) {
        CHECK(*answer == *expected);
    } else {
        CHECK(answer.error().code == expected.error().code);
        CHECK(!answer.error().text.empty());
    }
    CHECK(office.store->branches() == before);
}

TEST_CASE("XML-RPC: who acquires a branch gets it alone, with an attempt", "[service][reports]") {
    Office office;
    CHECK(office.told("acquireBranchToPull", {}) == XmlrpcValue{Array{}});
    office.branch("requestMirror", {first});
    CHECK(office.told("acquireBranchToPull", {{Array{text("HOSTED")}}}) == XmlrpcValue{Array{}});
    CHECK(office.told("getBranchPullQueue", {text("MIRRORED")}) ==
          XmlrpcValue{Array{
              {Array{first, text("https://example.org/tree"), text("tree"), text("MIRRORED")}}}});

    const auto answer = office.branch("acquireBranchToPull", {});

    REQUIRE(answer.has_value());
    const auto acquired = std::get<Array>(answer->value);
    REQUIRE(acquired.size() == 5);
    CHECK(acquired[0] == first);
    CHECK(acquired[3] == text("MIRRORED"));
    CHECK(std::get<std::string>(acquired[4].value).size() == 64);
    CHECK(office.told("acquireBranchToPull", {}) == XmlrpcValue{Array{}});
    CHECK(office.told("getBranchPullQueue", {text("MIRRORED")}) == XmlrpcValue{Array{}});
    CHECK(office.branch("mirrorComplete", {first, text("r"), text("another")}).error().code == 3);
    CHECK(office.told("mirrorComplete", {first, text("r"), acquired[4]}) == yes);
}

TEST_CASE("XML-RPC: a job's success is recorded", "[service][reports]") {
    Office office;
    office.token = office.add_token(Scope::script_record, "cron");

    const auto answer = reports::parse_answer(
        office
            .call("/xmlrpc/scripts", "recordSuccess",
                  {text("probe"), text("host-1"), {new_year - 2min}, {new_year - 1min}})
            .body);

    REQUIRE(answer.has_value());
    CHECK(*answer == yes);
    CHECK(office.store->last_script_activity("probe") ==
          model::ScriptActivity{"probe", "host-1", new_year - 2min, new_year - 1min});
}

TEST_CASE("what is no job's run is refused, both ways", "[service][reports]") {
    Office office;
    office.token = office.add_token(Scope::script_record, "cron");
    const auto [why, activity] = GENERATE(table<std::string, model::ScriptActivity>({
        {"no name", {"", "host", new_year, new_year}},
        {"a line break in the name", {"a\nb", "host", new_year, new_year}},
        {"a name too long", {std::string(101, 'x'), "host", new_year, new_year}},
        {"no host", {"probe", "", new_year, new_year}},
        {"a host too long", {"probe", std::string(254, 'x'), new_year, new_year}},
        {"completed before it started", {"probe", "host", new_year, new_year - 1s}},
        {"completed tomorrow", {"probe", "host", new_year, new_year + 24h}},
    }));
    CAPTURE(why);

    const auto fault = reports::parse_answer(office
                                                 .call("/xmlrpc/scripts", "recordSuccess",
                                                       {text(activity.name),
                                                        text(activity.host),
                                                        {activity.started},
                                                        {activity.completed}})
                                                 .body);
    const auto problem = office.post("/api/v1/script-activity",
                                     {{"name", activity.name},
                                      {"host", activity.host},
                                      {"started", model::format_timestamp(activity.started)},
                                      {"completed", model::format_timestamp(activity.completed)}});

    REQUIRE(fault.has_error());
    CHECK(fault.error().code == reports::fault_wrong_arguments);
    CHECK(problem.status == 422);
    CHECK(office.store->last_script_activities().empty());
}

TEST_CASE("JSON: an attempt is started, and completed once", "[service][reports]") {
    Office office;

    const auto started = office.post("/api/v1/branches/1/mirror-start", json::object());
    REQUIRE(started.status == 200);
    const auto attempt = json::parse(started.body).at("attempt");
    CHECK(json::parse(started.body).at("branch").at("last_mirror_attempt") ==
          "2026-01-01T00:00:00Z");
    const json report = {{"revision", "abc"}, {"attempt", attempt}};
    const auto done = office.post("/api/v1/branches/1/mirror-complete", report);
    const auto again = office.post("/api/v1/branches/1/mirror-complete", report);

    CHECK(done.status == 200);
    CHECK(json::parse(done.body).at("branch").at("last_mirrored_id") == "abc");
    CHECK(json::parse(done.body).at("branch").at("lease_end").is_null());
    CHECK(again.status == 409);
    CHECK(problem_title(again) == "stale_attempt");
}

TEST_CASE("JSON: a failure that is told twice counts once", "[service][reports]") {
    Office office;
    const auto started = office.post("/api/v1/branches/1/mirror-start", json::object());
    const json report = {{"reason", "no route"},
                         {"attempt", json::parse(started.body).at("attempt")}};

    CHECK(office.post("/api/v1/branches/1/mirror-failed", report).status == 200);
    CHECK(office.post("/api/v1/branches/1/mirror-failed", report).status == 409);
    CHECK(office.tree().mirroring.mirror_failures == 1);
}

TEST_CASE("JSON: the worker that began may leave out the attempt, another may not",
          "[service][reports]") {
    Office office;
    office.post("/api/v1/branches/1/mirror-start", json::object());
    const auto mine =
        std::exchange(office.token, office.add_token(Scope::branch_report, "puller-2"));

    const auto theirs = office.post("/api/v1/branches/1/mirror-failed", {{"reason", "x"}});
    office.token = mine;
    const auto own = office.post("/api/v1/branches/1/mirror-failed", {{"reason", "x"}});

    CHECK(theirs.status == 409);
    CHECK(own.status == 200);
}

TEST_CASE("JSON: a start that comes late is dated by when it was, and its lease begins now",
          "[service][reports]") {
    Office office;

    const auto answer =
        office.post("/api/v1/branches/1/mirror-start", {{"started", "2025-12-31T20:00:00Z"}});

    CHECK(answer.status == 200);
    CHECK(office.tree().mirroring.last_mirror_attempt == new_year - 4h);
    CHECK(office.tree().mirroring.attempt->lease_end == new_year + 1h);
    const auto older =
        office.post("/api/v1/branches/1/mirror-start", {{"started", "2025-12-31T19:59:59Z"}});
    CHECK(older.status == 409);
    CHECK(problem_title(older) == "stale_attempt");
    CHECK(office.tree().mirroring.last_mirror_attempt == new_year - 4h);
}

TEST_CASE("JSON: a worker's clock may be a minute ahead, and no more", "[service][reports]") {
    Office office;

    const auto far =
        office.post("/api/v1/branches/1/mirror-start", {{"started", "2026-01-01T00:01:01Z"}});
    const auto near =
        office.post("/api/v1/branches/1/mirror-start", {{"started", "2026-01-01T00:01:00Z"}});

    CHECK(far.status == 422);
    CHECK(near.status == 200);
    CHECK(office.tree().mirroring.last_mirror_attempt == new_year);
}

TEST_CASE("JSON: what is due is acquired by type", "[service][reports]") {
    Office office;
    const std::string path = "/api/v1/branches/acquire";
    CHECK(office.post(path, json::object()).body == "{\"branch\":null}\n");
    CHECK(office.post("/api/v1/branches/1/request", json::object()).status == 200);
    CHECK(office.post(path, {{"types", {"IMPORTED"}}}).body == "{\"branch\":null}\n");

    const auto acquired = office.post(path, {{"types", {"MIRRORED"}}});

    const auto body = json::parse(acquired.body);
    CHECK(body.at("branch").at("name") == "tree");
    CHECK(body.at("attempt") == office.tree().mirroring.attempt->token);
    CHECK(office.post(path, json::object()).body == "{\"branch\":null}\n");
}

TEST_CASE("JSON: what cannot be is refused with its status", "[service][reports]") {
    Office office;
    const auto before = office.store->branches();
    const auto [path, body, status] = GENERATE(table<std::string, json, int>({
        {"99/mirror-start", json::object(), 404},
        {"99/request", json::object(), 404},
        {"tree/request", json::object(), 404},
        {"9223372036854775808/request", json::object(), 404},
        {"-1/request", json::object(), 404},
        {"2/mirror-start", json::object(), 409},
        {"2/request", json::object(), 409},
        {"1/mirror-complete", {{"revision", "r"}}, 409},
        {"1/mirror-failed", {{"reason", "r"}}, 409},
        {"1/mirror-complete", json::object(), 422},
        {"1/mirror-complete", {{"revision", 7}}, 422},
        {"1/mirror-complete", {{"revision", "a\nb"}}, 422},
        {"1/mirror-complete", {{"revision", "r"}, {"attempt", nullptr}}, 422},
        {"1/mirror-failed", json::object(), 422},
        {"1/mirror-failed", {{"reason", "r"}, {"why", "r"}}, 422},
        {"1/mirror-start", {{"started", "yesterday"}}, 422},
        {"1/request", {{"now", true}}, 422},
        {"acquire", {{"types", {"MIRRORED", "x"}}}, 422},
        {"acquire", {{"types", 1}}, 422},
        {"1/request", json::array(), 400},
    }));
    CAPTURE(path);

    CHECK(office.post("/api/v1/branches/" + path, body).status == status);
    CHECK(office.store->branches() == before);
}

TEST_CASE("each call needs a token for it, and an admin's opens all", "[service][reports]") {
    Office office;
    const auto [path, opens] = GENERATE(table<std::string, Scope>({
        {"/xmlrpc/branch", Scope::branch_report},
        {"/xmlrpc/scripts", Scope::script_record},
        {"/api/v1/branches/1/request", Scope::branch_report},
        {"/api/v1/branches/1/mirror-start", Scope::branch_report},
        {"/api/v1/branches/1/mirror-complete", Scope::branch_report},
        {"/api/v1/branches/1/mirror-failed", Scope::branch_report},
        {"/api/v1/branches/acquire", Scope::branch_report},
        {"/api/v1/script-activity", Scope::script_record},
    }));
    CAPTURE(path);
    for (const Scope scope : {Scope::admin, Scope::mirror, Scope::branch_report,
                              Scope::script_record, Scope::mirror_sync}) {
        CAPTURE(to_string(scope));
        office.token = office.add_token(scope, "valid-mirror");
        // Whoever is let in is told that this is neither JSON nor XML.
        const auto status = office.send(office.request(path, "text/plain", "x")).status;
        CHECK(status == (scope == opens || scope == Scope::admin ? 415 : 403));
    }
    auto nobody = office.request(path, "text/plain", "x");
    nobody.fields.pop_back();
    CHECK(office.send(nobody).status == 401);
}

TEST_CASE("a mirror's sync is reported by its own tokens and by admins", "[service][reports]") {
    Office office;
    const auto [scope, holder, status] = GENERATE(table<Scope, std::string, int>({
        {Scope::mirror_sync, "valid-mirror", 200},
        {Scope::mirror, "valid-mirror", 200},
        {Scope::admin, "alice", 200},
        {Scope::mirror_sync, "invalid-mirror", 403},
        {Scope::mirror, "invalid-mirror", 403},
        {Scope::branch_report, "valid-mirror", 403},
        {Scope::script_record, "valid-mirror", 403},
    }));
    CAPTURE(to_string(scope), holder);
    office.token = office.add_token(scope, holder);

    const auto answer =
        office.post("/api/v1/mirrors/valid-mirror/mirror-sync-started", json::object());

    CHECK(answer.status == status);
    CHECK(office.store->mirror_syncs().empty() == (status != 200));
}

TEST_CASE("a token for syncs opens nothing else of its mirror", "[service][reports]") {
    Office office;
    office.token = office.add_token(Scope::mirror_sync, "valid-mirror");

    for (const std::string act : {"probe", "maintenance", "edit", "enable", "disable", "review"}) {
        CAPTURE(act);
        CHECK(office.post("/api/v1/mirrors/valid-mirror/" + act, json::object()).status == 403);
    }
}

TEST_CASE("a completed sync asks for a probe", "[service][reports]") {
    Office office;
    office.token = office.add_token(Scope::mirror_sync, "valid-mirror");
    const std::string path = "/api/v1/mirrors/valid-mirror/mirror-sync-";
    const auto id = office.store->mirror("valid-mirror")->state.id;

    CHECK(office.post(path + "started", json::object()).body == "{\"mirror\":\"valid-mirror\"}\n");
    office.now += 10min;
    CHECK(office.post(path + "completed", json::object()).status == 200);

    CHECK(office.store->mirror_syncs().at(id) == model::MirrorSync{new_year, new_year + 10min});
    REQUIRE(office.store->probe_requests(office.now).size() == 1);
    CHECK(office.store->probe_requests(office.now).front().mirror == "valid-mirror");
    CHECK(office.post(path + "completed", {{"x", 1}}).status == 422);
}

TEST_CASE("the token may be the password of HTTP's Basic, for reports alone",
          "[service][reports]") {
    Office office;
    const auto ask = [&](const std::string& path, const std::string& pair) {
        auto request = office.request(path, "application/json", "{}");
        request.fields.back().second = "Basic " + model::to_base64(pair);
        return office.send(request).status;
    };
    const auto admin = office.add_token(Scope::admin, "alice");

    CHECK(ask("/api/v1/branches/1/request", "whoever:" + office.token) == 200);
    CHECK(ask("/api/v1/mirrors/valid-mirror/mirror-sync-started", ":" + admin) == 200);
    CHECK(ask("/api/v1/mirrors/valid-mirror/enable", ":" + admin) == 401);
    CHECK(ask("/api/v1/branches/1/request", "worker:mw_1_bad") == 401);
    CHECK(ask("/api/v1/branches/1/request", office.token) == 401);
}

TEST_CASE("a report is XML where XML-RPC is spoken, and no longer than a mebibyte",
          "[service][reports]") {
    Office office;
    const auto call = reports::call_text({"requestMirror", {first}});

    CHECK(office.send(office.request("/xmlrpc/branch", "application/json", call)).status == 415);
    const auto answer =
        office.send(office.request("/xmlrpc/branch", "text/xml; charset=utf-8", call));
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "text/xml; charset=utf-8");
    const std::string blanks((1 << 20) + 1, ' ');
    CHECK(office.send(office.request("/xmlrpc/branch", "text/xml", blanks)).status == 413);
    CHECK(office.send(office.request("/api/v1/branches/acquire", "application/json", blanks))
              .status == 413);
}

TEST_CASE("where reports have listeners of their own they are there alone", "[service][reports]") {
    auto site = all_routes();
    const auto reports = take_report_routes(site);
    const auto has = [](const std::vector<Route>& routes, const std::string& method,
                        const std::string& path) {
        return find_route(routes, method, path).route != nullptr;
    };

    for (const std::string path :
         {"/xmlrpc/branch", "/xmlrpc/scripts", "/api/v1/branches/1/request",
          "/api/v1/branches/acquire", "/api/v1/script-activity"}) {
        CAPTURE(path);
        CHECK(has(reports, "POST", path));
        CHECK(!has(site, "POST", path));
    }
    for (const bool is_site : {true, false}) {
        const auto& routes = is_site ? site : reports;
        CHECK(has(routes, "POST", "/api/v1/mirrors/valid-mirror/mirror-sync-started"));
        CHECK(has(routes, "GET", "/healthz"));
        CHECK(has(routes, "GET", "/readyz"));
    }
    CHECK(has(site, "GET", "/"));
    CHECK(!has(reports, "GET", "/"));
    CHECK(!has(reports, "POST", "/login"));
}
