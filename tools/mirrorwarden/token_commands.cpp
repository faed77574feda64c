#include "model/duration_text.hpp"
#include "model/login_name.hpp"
#include "model/text_rules.hpp"
#include "model/token.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/json/token_json.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"
#include "tools/mirrorwarden/table.hpp"
#include "tools/service/secrets.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace mirrorwarden {
namespace {

using model::Scope;

constexpr std::size_t id_max = std::numeric_limits<std::int64_t>::max();
// A token that is never looked at again must end by itself.
constexpr std::chrono::hours life_max{24 * 366};

struct CreateFlags {
    model::Scopes scopes;
    std::string holder;  // empty: who runs us, for an admin
    std::string expires;
};

std::chrono::seconds read_life(const std::string& text) {
    const auto life = model::parse_duration(text);
    if (!life || life->count() <= 0) {
        throw InputError(fmt::format("--expires: {} is no duration; write 12h, 30d or 8w",
                                     model::in_quotes(text)));
    }
    if (*life > life_max) {
        throw InputError(
            fmt::format("--expires: {} is more than a year; make another token then", text));
    }
    return *life;
}

void check_login(const std::string& login) {
    if (const auto fault = model::login_name_fault(login); !fault.empty()) {
        throw InputError(fault);
    }
}

std::string describe(model::Scopes scopes, const std::string& holder) {
    if (scopes.has(Scope::admin)) {
        return fmt::format("the admin {}", holder);
    }
    if (scopes.has(Scope::mirror)) {
        return fmt::format("owners of {}", holder);
    }
    return scopes.are_of_mirror() ? fmt::format("the sync script of {}", holder)
                                  : fmt::format("the worker {}", holder);
}

/// Throws what is wrong with it.
void check_holder(const CreateFlags& flags, const std::string& holder) {
    if (const auto fault = model::scopes_fault(flags.scopes); !fault.empty()) {
        throw InputError("--for: " + fault);
    }
    if (!flags.scopes.has(Scope::admin) && flags.holder.empty()) {
        throw InputError(fmt::format("say whose token it is: --for {} needs the {} NAME",
                                     to_string(flags.scopes),
                                     flags.scopes.are_of_mirror() ? "mirror's" : "worker's"));
    }
    if (!flags.scopes.are_of_mirror()) {
        check_login(holder);
    }
}

int create_token(Environment& environment, const CreateFlags& flags) {
    const auto life = read_life(flags.expires);
    const auto author = environment.author();
    model::NewToken fresh{
        .scopes = flags.scopes, .holder = flags.holder, .hash = {}, .expires = author.when + life};
    if (flags.scopes.has(Scope::admin) && flags.holder.empty()) {
        fresh.holder = author.who;
    }
    check_holder(flags, fresh.holder);
    const auto store = environment.open_store();
    if (fresh.scopes.are_of_mirror()) {
        known_mirror(*store, fresh.holder);
    }
    const auto secret = service::random_secret();
    fresh.hash = service::hash_of(secret);
    const auto id = accepted(store->add_token(fresh, author));
    print(model::format_token(id, secret) + '\n');
    std::fflush(stdout);
    say_beside(fmt::format(
        "Token {} of {}, until {}. It is shown this once: keep it as a password.\n",
        model::to_integer(id), describe(fresh.scopes, fresh.holder),
        model::format_timestamp(std::chrono::floor<std::chrono::seconds>(fresh.expires))));
    return exit_status::done;
}

std::string moment(const std::optional<model::Timestamp>& when) {
    return when ? model::format_timestamp(std::chrono::floor<std::chrono::seconds>(*when))
                : std::string("never");
}

std::string tokens_text(const std::vector<model::Token>& tokens, model::Timestamp when,
                        const Screen& screen) {
    Table table{.columns = {{"ID", Alignment::right},
                            {"STATE"},
                            {"FOR"},
                            {"NAME", Alignment::left, true},
                            {"EXPIRES"},
                            {"LAST USED"},
                            {"CREATED"},
                            {"BY", Alignment::left, true}},
                .rows = {}};
    for (const auto& token : tokens) {
        const auto state = state_of(token, when);
        table.rows.push_back({{fmt::to_string(model::to_integer(token.id))},
                              {std::string(to_string(state)),
                               state == model::TokenState::valid ? Tone::good : Tone::faint},
                              {to_string(token.scopes)},
                              {token.holder},
                              {moment(token.expires)},
                              {moment(token.last_used)},
                              {moment(token.created)},
                              {token.created_by}});
    }
    return render_table(table, screen);
}

struct ListFlags {
    bool all = false;
    bool json = false;
};

int list_tokens(Environment& environment, const ListFlags& flags) {
    const auto store = environment.open_store(storage::Opening::existing);
    const auto when = now();
    auto tokens = store->tokens();
    if (!flags.all) {
        std::erase_if(tokens, [&](const model::Token& token) {
            return state_of(token, when) != model::TokenState::valid;
        });
    }
    if (!flags.json) {
        print(tokens_text(tokens, when, environment.screen()));
        return exit_status::done;
    }
    auto json = nlohmann::ordered_json::array();
    for (const auto& token : tokens) {
        json.push_back(json::token_json(token, when));
    }
    print(json::print_json(json));
    return exit_status::done;
}

int revoke_token(Environment& environment, std::int64_t id) {
    const auto store = environment.open_store();
    const auto result = store->revoke_token(model::TokenId{id}, environment.author());
    if (result.has_error() && result.error().kind == model::Refusal::Kind::already_so) {
        print(result.error().detail + " Nothing was changed.\n");
        return exit_status::done;
    }
    accepted(result);
    print(fmt::format("Revoked token {}, and ended its sessions.\n", id));
    return exit_status::done;
}

int rotate_links(Environment& environment) {
    environment.open_store()->replace_link_key(service::random_secret());
    print("No link in a mail that was written before now is good any more.\n");
    return exit_status::done;
}

void add_scopes(CLI::App& command, model::Scopes& target) {
    std::string words;
    for (const Scope scope : model::all_scopes) {
        words += fmt::format("{}{}", words.empty() ? "" : "|", to_string(scope));
    }
    add_options_function(
        command, "--for",
        [&target, words](const std::vector<std::string>& texts) {
            for (const auto& text : texts) {
                const auto scope = model::parse_scope(text);
                if (!scope) {
                    refuse_value("--for",
                                 fmt::format("{} is none of {}", model::in_quotes(text), words));
                }
                target.add(*scope);
            }
        },
        "What it is good for: everything, as an admin; what the owner of one mirror may do; "
        "or a worker's calls. May be repeated")
        .allow_extra_args(false)
        .required()
        .type_name(words);
}

void add_create(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<CreateFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "create",
         .summary = "make a token, and print it once",
         .description = "Make a token with which an admin, the owner of a mirror, or a worker "
                        "changes things over HTTP, and print it.",
         .details =
             "It is printed this once, on standard output: the database keeps only a hash. It is "
             "sent as \"Authorization: Bearer TOKEN\", or pasted into the page /login.\n\n"
             "An admin's token may do everything that the mirror commands do, under that name in "
             "the audit trail. A mirror's token may ask for a probe of that mirror once an hour, "
             "say that it is in maintenance, and change its display name, description, country, "
             "speed and wish to be official; one for mirror.sync may only "
             "say that the mirror's sync has started or is complete. A worker's token may report "
             "on branches (branch.report), and that a job ran (script.record): give --for twice "
             "for both.",
         .examples = {{"mirrorwarden token create --for admin alice --expires 90d", ""},
                      {"mirrorwarden token create --for mirror valid-mirror --expires 8w",
                       "for its owner"},
                      {"mirrorwarden token create --for mirror.sync valid-mirror --expires 52w",
                       "for the hook of its sync script"},
                      {"mirrorwarden token create --for branch.report --for script.record puller-1 "
                       "--expires 52w",
                       "for a worker"}}},
        [flags](Environment& environment) { return create_token(environment, *flags); });
    add_scopes(command, flags->scopes);
    add_option(command, "NAME", flags->holder,
               "The admin's login name, the worker's name, or the mirror. Default for an admin: "
               "who runs this")
        .type_name("NAME");
    add_option(command, "--expires", flags->expires,
               "When it ends by itself, from now, a year at most: 12h, 30d, 8w")
        .required()
        .type_name("DURATION");
}

void add_list(CommandTree& tree, CLI::App& group) {
    auto flags = std::make_shared<ListFlags>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "list",
         .summary = "list the tokens",
         .description = "List the tokens that are good now, and when each was used last.",
         .details = "The time of the last use may be a minute late. No command shows a token "
                    "itself again.",
         .examples = {{"mirrorwarden token list", ""},
                      {"mirrorwarden token list --all --json", "those that ended, too"}}},
        [flags](Environment& environment) { return list_tokens(environment, *flags); });
    add_flag(command, "--all", flags->all, "Also tokens that expired or were revoked");
    add_flag(command, "--json", flags->json, "Print JSON: an array, an object a token");
}

void add_revoke(CommandTree& tree, CLI::App& group) {
    auto id = std::make_shared<std::optional<std::size_t>>();
    CLI::App& command = tree.add_command(
        group,
        {.name = "revoke",
         .summary = "end a token at once",
         .description = "End a token at once, and the sessions of browsers that began with it.",
         .details = "A token names its number itself: mw_17_... is token 17.",
         .examples = {{"mirrorwarden token revoke 17", ""}}},
        [id](Environment& environment) {
            return revoke_token(environment, static_cast<std::int64_t>(**id));
        });
    add_count(command, "ID", *id, {1, id_max}, "The token, as token list numbers it")
        .required()
        .type_name("ID");
}

void add_rotate_links(CommandTree& tree, CLI::App& group) {
    tree.add_command(
        group,
        {.name = "rotate-links",
         .summary = "void the links in mails that were written",
         .description = "Void every link in the mails that owners got: they were signed with a "
                        "key that is replaced now.",
         .details = "Mails that are written from now on carry links that are good. Each link ends "
                    "by itself after 30 days.",
         .examples = {{"mirrorwarden token rotate-links", "a mail went astray"}}},
        rotate_links);
}

}  // namespace

void add_token_commands(CommandTree& tree) {
    CLI::App& token = tree.add_group(
        tree.root(), {.name = "token",
                      .summary = "who may change things over HTTP",
                      .description = "Tokens: who may change things over HTTP, and until when.",
                      .details = "",
                      .examples = {}});
    add_create(tree, token);
    add_list(tree, token);
    add_revoke(tree, token);
    add_rotate_links(tree, token);
}

}  // namespace mirrorwarden
