#include "tools/service/doorkeeper.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/router.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

namespace service {
namespace {

using model::Store;
using model::Timestamp;

constexpr std::chrono::hours session_time{12};

bool is_loopback(std::string_view host) noexcept {
    return host.starts_with("127.") || host.starts_with("[::1]") || host == "localhost" ||
           host.starts_with("localhost:");
}

/// Whether the browser talks to this machine itself without TLS: a cookie that asks for TLS
/// would be dropped by some. A proxy with TLS before us tells of itself in one of the fields.
bool is_plain_loopback(const Request& request) noexcept {
    const auto origin = field(request, "origin").value_or("http://");
    return origin.starts_with("http://") && !request.origin.starts_with("https://") &&
           field(request, "x-forwarded-proto").value_or("http") == "http" &&
           is_loopback(field(request, "host").value_or(""));
}

void set_cookie(Response& response, const Request& request, std::string_view value,
                std::chrono::seconds life) {
    response.fields.emplace_back(
        "Set-Cookie",
        fmt::format("{}={}; Path={}; Max-Age={}; HttpOnly; SameSite=Strict{}", session_cookie,
                    value, request.base_path.empty() ? "/" : request.base_path, life.count(),
                    is_plain_loopback(request) ? "" : "; Secure"));
}

std::string describe(const Caller& caller) {
    return caller.kind == Caller::Kind::admin ? fmt::format("the admin {}", caller.name)
                                              : fmt::format("an owner of {}", caller.name);
}

struct LoginPage {
    std::string next;
    std::string fault = {};
    int status = 200;
};

Response show(const Request& request, const World& world, const Caller& caller,
              const LoginPage& login) {
    Page page{.file = "login.html", .title = "Log in", .status = login.status};
    page.fields.text("fault", login.fault);
    page.fields.text("next", login.next);
    page.fields.text("csrf", caller.form_key);
    page.fields.text("who", caller.form_key.empty() ? "" : describe(caller));
    auto response = page_response(request, world, std::move(page));
    response.keeping = Keeping::nowhere;
    return response;
}

Response show_login(const Request& request, const World& world, Store&, Timestamp,
                    const Caller& caller) {
    return show(request, world, caller,
                {.next = std::string{query_value(request, "next").value_or("")}});
}

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Where somebody goes who did not say.
std::string first_page_of(const Caller& caller) {
    return caller.kind == Caller::Kind::owner ? "/mirror/" + url_text(caller.name) : "/admin";
}

Response log_in(Doorkeeper& door, const Request& request, const World& world, Store& store,
                Timestamp now) {
    const std::string next{form_value(request, "next").value_or("")};
    Response refusal;
    const auto caller =
        door.log_in(request, trim(form_value(request, "token").value_or("")), store, now, refusal);
    if (!caller) {
        const auto json = nlohmann::json::parse(refusal.body, nullptr, false);
        auto page =
            show(request, world, {},
                 {.next = next, .fault = json.value("detail", ""), .status = refusal.status});
        page.fields = std::move(refusal.fields);
        return page;
    }
    if (caller->kind == Caller::Kind::worker) {
        return show(request, world, {},
                    {.next = next,
                     .fault = "This token is for reports of a worker, and opens no page.",
                     .status = 403});
    }
    const auto token = store.token(caller->token);
    const auto expires = std::min(now + session_time, token ? token->expires : now);
    const auto secret = random_secret();
    const auto session = store.add_session(caller->token, hash_of(secret), now, expires);
    if (session.has_error()) {
        return show(request, world, {}, {.next = next, .fault = "The token was revoked just now."});
    }
    auto response = see_other(request, next.empty() ? first_page_of(*caller) : own_path(next));
    set_cookie(response, request, model::format_session(*session, secret),
               std::chrono::floor<std::chrono::seconds>(expires - now));
    return response;
}

Response log_out(const Request& request, const World&, Store& store, Timestamp,
                 const Caller& caller) {
    if (caller.proof == Caller::Proof::session) {
        store.end_session(caller.session);
    }
    auto response = see_other(request, "/");
    set_cookie(response, request, "", std::chrono::seconds{0});
    return response;
}

}  // namespace

void add_login_routes(std::vector<Route>& routes, Doorkeeper& door) {
    routes.push_back({.method = "GET", .pattern = "/login", .store = door.for_anyone(show_login)});
    routes.push_back({.method = "POST",
                      .pattern = "/login",
                      .store = door.for_anyone([&door](const Request& request, const World& world,
                                                       Store& store, Timestamp now, const Caller&) {
                          return log_in(door, request, world, store, now);
                      })});
    routes.push_back({.method = "POST", .pattern = "/logout", .store = door.for_anyone(log_out)});
}

}  // namespace service
