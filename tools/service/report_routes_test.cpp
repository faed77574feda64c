#include "model/base64.hpp"
#include "tools/service/testing/report_office.hpp"

using namespace service;
using namespace storage::testing;
using namespace std::chrono_literals;
using model::Scope;
using nlohmann::json;
using service::testing::Office;

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
    const auto call = reports::call_text({"requestMirror", {{std::int32_t{1}}}});

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
