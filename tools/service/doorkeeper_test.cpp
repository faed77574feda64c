#include "tools/service/doorkeeper.hpp"

#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"
#include "tools/service/secrets.hpp"

using namespace service;
using namespace storage::testing;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A database with a mirror, an admin's token and an owner's, and a door before it.
class House {
public:
    explicit House(const std::string& backend) : database_{make_database(backend)} {
        store = database_->open();
        load(*store, acceptance_catalog());
        admin = add(model::Scope::admin, "alice");
        owner = add(model::Scope::mirror, "valid-mirror");
        world = read_world(*store, new_year, nullptr);
    }

    std::string add(model::Scope scope, const std::string& holder) const {
        const auto secret = random_secret();
        const auto id = *store->add_token({scope, holder, hash_of(secret), new_year + 24h}, foo);
        return model::format_token(id, secret);
    }

    Response ask(const StoreHandler& handler, const Request& request,
                 model::Timestamp now = new_year) {
        return handler(request, *world, *store, now);
    }

private:
    std::unique_ptr<EmptyDatabase> database_;

public:
    std::unique_ptr<model::Store> store;
    std::shared_ptr<const World> world;
    std::string admin;
    std::string owner;
    std::vector<std::string> said;
    std::shared_ptr<Doorkeeper> door =
        std::make_shared<Doorkeeper>([this](std::string_view text) { said.emplace_back(text); });
};

Request make(const std::string& method, const std::string& path, Fields fields) {
    Request request;
    request.method = method;
    request.path = path;
    request.captures = {{"name", "valid-mirror"}};
    request.fields = std::move(fields);
    request.client_address = "192.0.2.7";
    request.client_key = "192.0.2.7";
    request.origin = "https://status.example.org";
    return request;
}

Request with_token(const std::string& token, const std::string& method = "POST",
                   const std::string& path = "/api/v1/mirrors/valid-mirror/enable") {
    return make(method, path, {{"authorization", "Bearer " + token}});
}

Response say_name(const Request&, const World&, model::Store&, model::Timestamp,
                  const Caller& caller) {
    return {.body = "hello " + caller.name};
}

std::string field_of(const Response& response, const std::string& name) {
    for (const auto& [key, value] : response.fields) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

const Fields form_fields = {{"content-type", "application/x-www-form-urlencoded"}};

StoreHandler route(const std::vector<Route>& routes, const std::string& method,
                   const std::string& path) {
    const auto match = find_route(routes, method, path);
    REQUIRE(match.route != nullptr);
    return match.route->store;
}

std::vector<Route> login_routes(House& house) {
    std::vector<Route> routes;
    add_login_routes(routes, *house.door);
    return routes;
}

/// "mirrorwarden_session=1_ab" of the answer's Set-Cookie.
std::string cookie_of(const Response& response) {
    const auto field = field_of(response, "Set-Cookie");
    return field.substr(0, field.find(';'));
}

/// What comes back from a log-in with that token.
Response log_in(House& house, const std::string& token, const std::string& next = "") {
    const auto routes = login_routes(house);
    auto request = make("POST", "/login", form_fields);
    request.body = "token=" + token + "&next=" + next;
    return house.ask(route(routes, "POST", "/login"), request);
}

}  // namespace

TEST_CASE("each door lets in those it is for", "[service][doorkeeper]") {
    House house{GENERATE(from_range(backends()))};
    const auto nobody = make("POST", "/api/v1/mirrors/valid-mirror/enable", {});
    const auto status = [&](const StoreHandler& handler, const Request& request) {
        return house.ask(handler, request).status;
    };

    const auto any = house.door->for_anyone(say_name);
    CHECK(house.ask(any, nobody).body == "hello ");
    CHECK(house.ask(any, with_token(house.admin)).body == "hello alice");

    const auto admin = house.door->admin_only(say_name);
    CHECK(house.ask(admin, with_token(house.admin)).body == "hello alice");
    CHECK(status(admin, with_token(house.owner)) == 403);
    CHECK(status(admin, nobody) == 401);
    CHECK(says(field_of(house.ask(admin, nobody), "WWW-Authenticate"), "Bearer"));

    const auto owner = house.door->owner_or_admin(say_name);
    CHECK(status(owner, with_token(house.admin)) == 200);
    CHECK(house.ask(owner, with_token(house.owner)).body == "hello valid-mirror");
    CHECK(status(owner, with_token(house.add(model::Scope::mirror, "invalid-mirror"))) == 403);
    CHECK(status(owner, nobody) == 401);
    CHECK(house.ask(any, nobody).keeping == Keeping::nowhere);
    CHECK(house.said.empty());
}

TEST_CASE("a page that needs a log-in leads there, and its faults are pages",
          "[service][doorkeeper]") {
    House house{"sqlite"};
    const auto handler = house.door->admin_only(say_name);

    const auto anonymous = house.ask(handler, make("GET", "/admin/tokens", {}));
    const auto owner = house.ask(handler, with_token(house.owner, "GET", "/admin"));

    CHECK(anonymous.status == 303);
    CHECK(field_of(anonymous, "Location") == "/login?next=%2Fadmin%2Ftokens");
    CHECK(owner.status == 403);
    CHECK(owner.content_type == "text/html; charset=utf-8");
    CHECK(says(owner.body, "Only an admin may do this."));
}

TEST_CASE("a log-in that failed is told without its secret, and slowed by address",
          "[service][doorkeeper]") {
    House house{GENERATE(from_range(backends()))};
    const auto handler = house.door->for_anyone(say_name);
    const auto wrong = house.admin.substr(0, house.admin.size() - 4) + "0000";
    const auto status = [&](const std::string& token, model::Timestamp now) {
        return house.ask(handler, with_token(token), now).status;
    };

    for (int i = 0; i < 5; ++i) {
        CHECK(status(wrong, new_year) == 401);
    }

    const auto refused = house.ask(handler, with_token(house.admin), new_year);
    CHECK(refused.status == 429);
    CHECK(field_of(refused, "Retry-After") == "1");
    auto elsewhere = with_token(house.admin);
    elsewhere.client_key = "192.0.2.8";
    CHECK(house.ask(handler, elsewhere, new_year).status == 200);
    CHECK(status(house.admin, new_year + 1s) == 200);
    CHECK(status(wrong, new_year + 1s) == 401);  // counts anew after a log-in
    REQUIRE(house.said.size() == 6);
    CHECK(house.said[0] == "log-in from 192.0.2.7 refused: There is no such token.");
}

TEST_CASE("a log-in by the page is slowed like any other", "[service][doorkeeper]") {
    House house{"sqlite"};

    for (int i = 0; i < 5; ++i) {
        CHECK(log_in(house, "mw_1_wrong").status == 401);
    }

    const auto slowed = log_in(house, house.admin);
    CHECK(slowed.status == 429);
    CHECK(says(slowed.body, "try again in 1 seconds"));
    CHECK(field_of(slowed, "Set-Cookie").empty());
    CHECK(slowed.body.find(house.admin) == std::string::npos);
}

TEST_CASE("a token pasted into the page begins a session, whose forms need its key",
          "[service][doorkeeper]") {
    House house{GENERATE(from_range(backends()))};
    const auto handler = house.door->admin_only(say_name);

    const auto answer = log_in(house, house.admin, "%2Fadmin%3Fa%3Db");

    CHECK(answer.status == 303);
    CHECK(field_of(answer, "Location") == "/admin?a=b");
    const auto cookie = cookie_of(answer);
    const Fields fields = {{"cookie", cookie},
                           {"content-type", "application/x-www-form-urlencoded"}};
    CHECK(house.ask(handler, make("GET", "/admin", fields)).body == "hello alice");
    auto form = make("POST", "/admin", fields);
    CHECK(house.ask(handler, form).status == 403);
    form.body = "csrf=" + std::string(64, '0');
    CHECK(house.ask(handler, form).status == 403);
    const auto credential = model::parse_session(cookie.substr(cookie.find('=') + 1));
    REQUIRE(credential.has_value());
    form.body = "csrf=" + form_key_of(credential->secret);
    CHECK(house.ask(handler, form).body == "hello alice");
    auto json = make("POST", "/api/v1/mirrors/valid-mirror/enable", {{"cookie", cookie}});
    CHECK(house.ask(handler, json).status == 403);
    json.fields.emplace_back("x-csrf-token", form_key_of(credential->secret));
    CHECK(house.ask(handler, json).status == 200);

    const auto routes = login_routes(house);
    auto leave = make("POST", "/logout", fields);
    leave.body = "csrf=" + form_key_of(credential->secret);
    const auto left = house.ask(route(routes, "POST", "/logout"), leave);
    CHECK(left.status == 303);
    CHECK(says(field_of(left, "Set-Cookie"), "mirrorwarden_session=; Path=/; Max-Age=0;"));
    CHECK(house.ask(handler, make("GET", "/admin", fields)).status == 303);
}

TEST_CASE("a session lasts for 12 hours, and no longer than its token", "[service][doorkeeper]") {
    House house{"sqlite"};
    const auto routes = login_routes(house);
    auto request = make("POST", "/login", form_fields);
    request.body = "token=" + house.admin;
    const auto life = [&](model::Timestamp now) {
        return field_of(house.ask(route(routes, "POST", "/login"), request, now), "Set-Cookie");
    };

    CHECK(says(life(new_year), "Max-Age=43200;"));
    CHECK(says(life(new_year + 23h), "Max-Age=3600;"));
}

TEST_CASE("the cookie is for TLS, but where the browser talks to its own machine without it",
          "[service][doorkeeper]") {
    House house{"sqlite"};
    const auto [fields, base, ending, why] =
        GENERATE(table<Fields, std::string, std::string, std::string>({
            {{{"host", "status.example.org"}, {"sec-fetch-site", "same-origin"}},
             "/branch1/ubuntu",
             "Path=/branch1/ubuntu; Max-Age=43200; HttpOnly; SameSite=Strict; Secure",
             "any name"},
            {{{"host", "127.0.0.1:8080"}},
             "",
             "Path=/; Max-Age=43200; HttpOnly; SameSite=Strict",
             "this machine"},
            {{{"host", "localhost:8080"}, {"origin", "http://localhost:8080"}},
             "",
             "Path=/; Max-Age=43200; HttpOnly; SameSite=Strict",
             "this machine by name"},
            {{{"host", "localhost.example.org"}},
             "",
             "Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure",
             "a name that begins like it"},
            {{{"host", "127.0.0.1:8080"},
              {"origin", "https://status.example.org"},
              {"sec-fetch-site", "same-origin"}},
             "",
             "Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure",
             "behind a proxy with TLS that changes the host"},
            {{{"host", "127.0.0.1:8080"}, {"x-forwarded-proto", "https"}},
             "",
             "Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure",
             "behind a proxy with TLS that tells"},
        }));
    INFO(why);
    const auto routes = login_routes(house);
    auto request = make("POST", "/login", fields);
    request.fields.push_back(form_fields[0]);
    request.body = "token=" + house.owner;
    request.base_path = base;
    request.origin = "http://127.0.0.1:8080";

    const auto answer = house.ask(route(routes, "POST", "/login"), request);

    CHECK(field_of(answer, "Set-Cookie").ends_with("; " + ending));
    CHECK(field_of(answer, "Location") == base + "/mirror/valid-mirror");
}

TEST_CASE("a form of another site, or of another type, is refused", "[service][doorkeeper]") {
    House house{"sqlite"};
    const auto handler = house.door->for_anyone(say_name);
    auto foreign = with_token(house.admin);
    foreign.fields.emplace_back("sec-fetch-site", "cross-site");

    CHECK(house.ask(handler, foreign).status == 403);
    CHECK(house.ask(handler, make("POST", "/login", {})).status == 415);
    CHECK(house.ask(handler, make("POST", "/login", {{"content-type", "text/plain"}})).status ==
          415);
    CHECK(house
              .ask(handler, make("POST", "/login",
                                 {{"content-type",
                                   "application/x-www-form-urlencoded; "
                                   "charset=utf-8"}}))
              .status == 200);
    auto broken = make("POST", "/login", form_fields);
    broken.body = "a=%ff";
    CHECK(house.ask(handler, broken).status == 400);
}

TEST_CASE("after a log-in a browser is led to our own pages alone", "[service][doorkeeper]") {
    const auto [next, path] = GENERATE(table<std::string, std::string>({
        {"/admin", "/admin"},
        {"/mirrors/a+b?sort=lag&x=%20", "/mirrors/a+b?sort=lag&x=%20"},
        {"//evil.example.org", "/"},
        {"/\\evil.example.org", "/"},
        {"https://evil.example.org", "/"},
        {"admin", "/"},
        {"/a\r\nSet-Cookie: b=c", "/"},
        {"/\t/evil.example.org", "/"},
        {"", "/"},
    }));

    CHECK(own_path(next) == path);
}
