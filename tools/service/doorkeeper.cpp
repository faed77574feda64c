#include "tools/service/doorkeeper.hpp"

#include "tools/service/page_layout.hpp"
#include "tools/service/percent_coding.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace service {
namespace {

using model::Store;
using model::Timestamp;

/// A form has a box for each mirror that may be chosen.
constexpr std::size_t form_fields_max = 5'000;
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

bool is_read(const Request& request) noexcept {
    return request.method == "GET" || request.method == "HEAD";
}

bool is_for_programs(const Request& request) noexcept {
    return request.path.starts_with("/api/") || request.path.starts_with("/xmlrpc/");
}

/// The media type without its parameters.
std::string_view media_type(const Request& request) noexcept {
    const auto type = field(request, "content-type").value_or("");
    return type.substr(0, type.find_first_of("; \t"));
}

Response needs_login(const Request& request) {
    if (!is_for_programs(request)) {
        return problem(401, "log-in needed",
                       fmt::format("You are not logged in (any more). Log in at {}/login, and send "
                                   "it again from the page that it was on.",
                                   request.base_path));
    }
    auto response = problem(401, "log-in needed",
                            "This needs a token: send it as \"Authorization: Bearer mw_...\".");
    response.fields.emplace_back("WWW-Authenticate", "Bearer realm=\"mirrorwarden\"");
    return response;
}

/// Refused before the handler: what no page of ours sends.
std::optional<Response> refuse_change(Request& request, const Caller& caller) {
    if (is_read(request)) {
        return std::nullopt;
    }
    if (is_from_elsewhere(request)) {
        return problem(403, "sent by another site",
                       "Changes are taken from our own pages and from programs; this came from a "
                       "page of another site. Where this is the right site, its address must be "
                       "the service's --public-url.");
    }
    if (!is_for_programs(request)) {
        if (auto fault = read_form(request)) {
            return fault;
        }
    }
    if (caller.proof != Caller::Proof::session) {
        return std::nullopt;
    }
    const auto key =
        is_for_programs(request) ? field(request, "x-csrf-token") : form_value(request, "csrf");
    if (!key || !is_same_secret(*key, caller.form_key)) {
        return problem(403, "the form is too old",
                       "What was sent lacks the key of your session: load the page again, and "
                       "send it from there.");
    }
    return std::nullopt;
}

}  // namespace

StoreHandler Doorkeeper::for_anyone(CallerHandler handler) {
    return guard({Right::anyone}, std::move(handler));
}

StoreHandler Doorkeeper::admin_only(CallerHandler handler) {
    return guard({Right::admin}, std::move(handler));
}

StoreHandler Doorkeeper::owner_or_admin(CallerHandler handler) {
    return guard({Right::owner}, std::move(handler));
}

StoreHandler Doorkeeper::worker_or_admin(model::Scope scope, CallerHandler handler) {
    return guard({Right::worker, scope}, std::move(handler));
}

StoreHandler Doorkeeper::syncer_or_admin(CallerHandler handler) {
    return guard({Right::syncer}, std::move(handler));
}

StoreHandler Doorkeeper::guard(Needed needed, CallerHandler handler) {
    return [self = shared_from_this(), guarded = Guarded{needed, std::move(handler)}](
               const Request& request, const World& world, Store& store, Timestamp now) {
        Response response = self->answer(request, world, store, now, guarded);
        if (response.status >= 400 && !is_for_programs(request) &&
            response.content_type == "application/problem+json") {
            auto fields = std::move(response.fields);
            response = page_fault(request, world, response);
            std::ranges::move(fields, std::back_inserter(response.fields));
        }
        response.keeping = Keeping::nowhere;
        return response;
    };
}

Response Doorkeeper::answer(Request request, const World& world, Store& store, Timestamp now,
                            const Guarded& guarded) {
    Response refusal;
    const auto caller = find_caller(request, store, now, guarded.needed.right, refusal);
    if (!caller) {
        return refusal;
    }
    if (auto refused = refuse_change(request, *caller)) {
        return *refused;
    }
    if (auto refused = refuse_caller(request, *caller, guarded.needed)) {
        return *refused;
    }
    return guarded.handler(request, world, store, now, *caller);
}

std::optional<Response> Doorkeeper::refuse_caller(const Request& request, const Caller& caller,
                                                  Needed needed) {
    if (needed.right != Right::anyone && caller.kind == Caller::Kind::anyone) {
        if (is_read(request) && !is_for_programs(request)) {
            return see_other(request, "/login?next=" + url_text(request.path));
        }
        return needs_login(request);
    }
    const auto mirror = capture(request, "name");
    const auto not_allowed = [](std::string_view detail) {
        return problem(403, "not allowed", detail);
    };
    if (needed.right == Right::admin && caller.kind != Caller::Kind::admin) {
        return not_allowed("Only an admin may do this.");
    }
    if (needed.right == Right::worker && !may_report(caller, needed.scope)) {
        return not_allowed(fmt::format("This needs a token for {}, and yours is for {}.",
                                       to_string(needed.scope), to_string(caller.scopes)));
    }
    const bool is_of_mirror = needed.right == Right::owner    ? may_act_for(caller, mirror)
                              : needed.right == Right::syncer ? may_report_sync(caller, mirror)
                                                              : true;
    if (is_of_mirror) {
        return std::nullopt;
    }
    return not_allowed(
        caller.scopes.are_of_mirror() && caller.name == mirror
            ? fmt::format("Your token is for {} of the mirror {}, and for nothing else.",
                          to_string(caller.scopes), caller.name)
        : caller.scopes.are_of_mirror()
            ? fmt::format("Your token is for the mirror {}, and for no other one.", caller.name)
            : fmt::format("Your token is for {}, and for no mirror.", to_string(caller.scopes)));
}

std::optional<Caller> Doorkeeper::find_caller(const Request& request, Store& store, Timestamp now,
                                              Right right, Response& refusal) {
    if (const auto token = bearer_token(request)) {
        return log_in(request, *token, store, now, refusal);
    }
    // Nowhere else: a browser that once learnt a password sends it by itself.
    if (right == Right::worker || right == Right::syncer) {
        if (const auto token = basic_password(request)) {
            return log_in(request, *token, store, now, refusal);
        }
    }
    return find_session_caller(request, store, now);
}

std::optional<Caller> Doorkeeper::log_in(const Request& request, std::string_view token,
                                         Store& store, Timestamp now, Response& refusal) {
    const std::string& client = request.client_key;
    if (const auto pause = slowdown_.pause_of(client, now); pause.count() > 0) {
        refusal = problem(429, "too many failed log-ins",
                          fmt::format("Your address failed to log in too often; try again in {} "
                                      "seconds.",
                                      pause.count()));
        refusal.fields.emplace_back("Retry-After", std::to_string(pause.count()));
        return std::nullopt;
    }
    auto check = check_token(token, store, now);
    if (check.caller) {
        slowdown_.succeeded(client);
        return std::move(check.caller);
    }
    slowdown_.failed(client, now);
    if (say_) {
        say_(fmt::format("log-in from {} refused: {}", request.client_address, check.fault));
    }
    refusal = problem(401, "log-in failed", check.fault);
    refusal.fields.emplace_back("WWW-Authenticate",
                                R"(Bearer realm="mirrorwarden", error="invalid_token")");
    return std::nullopt;
}

std::optional<Response> read_form(Request& request) {
    if (media_type(request) != form_type) {
        return problem(415, "wrong type of content",
                       fmt::format("A form is sent as {}.", form_type));
    }
    auto form = parse_form(request.body, form_fields_max);
    if (!form) {
        return problem(400, "bad form",
                       "The form cannot be read: it has too many fields, or text that is "
                       "not UTF-8.");
    }
    request.form = std::move(*form);
    return std::nullopt;
}

std::optional<std::string_view> form_value(const Request& request, std::string_view name) noexcept {
    for (const auto& [key, value] : request.form) {
        if (key == name) {
            return value;
        }
    }
    return std::nullopt;
}

Response see_other(const Request& request, std::string_view path) {
    Response response;
    response.status = 303;
    response.keeping = Keeping::nowhere;
    response.fields.emplace_back("Location", request.base_path + std::string(path));
    return response;
}

// A browser reads "//host" and "/\host" as another site's address.
std::string own_path(std::string_view text) {
    const bool is_path = text.starts_with('/') && !text.starts_with("//") &&
                         text.find_first_not_of(
                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "/._~+-%?=&") == std::string_view::npos;
    return is_path ? std::string(text) : "/";
}

}  // namespace service
