#include "model/login_name.hpp"
#include "model/store.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/change_acts.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>
#include <vector>

namespace service {
namespace {

constexpr int days_most = 366;

StateWords state_words_of(model::TokenState state) {
    const std::string text{to_string(state)};
    return {text, state == model::TokenState::valid ? Mood::good : Mood::quiet};
}

std::vector<PageFields> token_rows(model::Store& store, const Caller& caller,
                                   model::Timestamp now) {
    std::vector<PageFields> rows;
    auto tokens = store.tokens();
    // Those that count first, the newest of them first.
    std::ranges::reverse(tokens);
    std::stable_partition(tokens.begin(), tokens.end(), [&](const model::Token& token) {
        return model::state_of(token, now) == model::TokenState::valid;
    });
    for (const model::Token& token : tokens) {
        const auto state = model::state_of(token, now);
        PageFields row;
        row.text("id", std::to_string(model::to_integer(token.id)));
        row.flag("is_admin", token.scopes.has(model::Scope::admin)).text("holder", token.holder);
        row.flag("is_owner", token.scopes.has(model::Scope::mirror));
        row.flag("is_sync", token.scopes == model::Scope::mirror_sync);
        row.flag("is_worker",
                 !token.scopes.has(model::Scope::admin) && !token.scopes.are_of_mirror());
        row.text("scopes", to_string(token.scopes));
        row.markup("state", state_html(state_words_of(state)));
        row.markup("created", ago_html(token.created, now)).text("created_by", token.created_by);
        row.markup("expires", ago_html(token.expires, now));
        row.markup("last_used", token.last_used ? ago_html(*token.last_used, now) : "never");
        row.flag("is_valid", state == model::TokenState::valid);
        row.flag("is_own", token.id == caller.token);
        rows.push_back(std::move(row));
    }
    return rows;
}

struct TokensPage {
    std::string fault = {};
    std::string fresh = {};  // the token that was made: shown this once
    std::string fresh_for = {};
};

Response show(const Request& request, const World& world, const Caller& caller,
              std::vector<PageFields> tokens, const TokensPage& shown) {
    Page page{.file = "admin_tokens.html",
              .title = "Tokens",
              .here = "Tokens",
              .status = shown.fault.empty() ? 200 : 422};
    page.fields.text("fault", shown.fault).text("fresh", shown.fresh);
    page.fields.text("fresh_for", shown.fresh_for);
    page.fields.list("tokens", std::move(tokens));
    std::vector<PageFields> names;
    for (const auto& facts : world.mirrors) {
        names.push_back(PageFields{}.text("name", facts->mirror.mirror.name));
    }
    page.fields.list("names", std::move(names));
    return admin_response(request, world, caller, std::move(page));
}

int read_days(std::string_view text) {
    int days = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), days);
    return error == std::errc{} && stop == text.data() + text.size() && days <= days_most ? days
                                                                                          : 0;
}

/// What the form says that the token is for: one word, or several with spaces between.
std::optional<model::Scopes> read_scopes(const Request& request) {
    model::Scopes scopes;
    for (std::string_view rest = form_value(request, "scope").value_or(""); !rest.empty();) {
        const auto end = rest.find(' ');
        const auto scope = model::parse_scope(rest.substr(0, end));
        if (!scope) {
            return std::nullopt;
        }
        scopes.add(*scope);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return scopes;
}

/// What is wrong with what the form says; empty: nothing.
std::string fault_of(const model::NewToken& fresh, int days, model::Store& store) {
    if (days <= 0) {
        return fmt::format("A token lives for 1 to {} days.", days_most);
    }
    if (auto fault = model::scopes_fault(fresh.scopes); !fault.empty()) {
        return fault;
    }
    if (fresh.scopes.are_of_mirror()) {
        return store.mirror(fresh.holder) ? std::string() : "There is no mirror of that name.";
    }
    return model::login_name_fault(fresh.holder);
}

}  // namespace

Response show_tokens_page(const Request& request, const World& world, model::Store& store,
                          model::Timestamp now, const Caller& caller) {
    return show(request, world, caller, token_rows(store, caller, now), {});
}

Response create_token(const Request& request, const World& world, model::Store& store,
                      model::Timestamp now, const Caller& caller) {
    const int days = read_days(form_value(request, "days").value_or(""));
    const auto scopes = read_scopes(request);
    const auto secret = random_secret();
    const model::NewToken fresh{.scopes = scopes.value_or(model::Scopes()),
                                .holder = std::string{form_value(request, "holder").value_or("")},
                                .hash = hash_of(secret),
                                .expires = now + std::chrono::hours{24} * days};
    std::string fault = scopes ? fault_of(fresh, days, store) : "Say for whom the token is.";
    if (!fault.empty()) {
        return show(request, world, caller, token_rows(store, caller, now),
                    {.fault = std::move(fault)});
    }
    const auto id = store.add_token(fresh, {.who = author_name(caller), .when = now, .why = {}});
    if (id.has_error()) {
        return show(request, world, caller, token_rows(store, caller, now),
                    {.fault = id.error().detail});
    }
    return show(request, world, caller, token_rows(store, caller, now),
                {.fresh = model::format_token(*id, secret),
                 .fresh_for = fmt::format("{} {}", to_string(fresh.scopes), fresh.holder)});
}

Response revoke_token(const Request& request, const World&, model::Store& store,
                      model::Timestamp now, const Caller& caller) {
    const auto text = capture(request, "id");
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size()) {
        return not_found("token", text);
    }
    const auto result = store.revoke_token(model::TokenId{number},
                                           {.who = author_name(caller), .when = now, .why = {}});
    if (result.has_error() && result.error().kind == model::Refusal::Kind::no_such_token) {
        return not_found("token", text);
    }
    return see_other(request, "/admin/tokens");
}

}  // namespace service
