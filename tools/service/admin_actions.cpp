#include "tools/service/admin_actions.hpp"

#include "model/country.hpp"
#include "model/mail_address.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/mass_change.hpp"
#include "tools/service/mirror_query.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"
#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

namespace service {
namespace {

using model::Store;
using model::Timestamp;
using Facts = std::shared_ptr<const MirrorFacts>;

/// What a form has is sent again: it must not be cut.
constexpr std::size_t whole = 2'000'000;
constexpr std::size_t letter_characters_max = 20'000;
constexpr std::array<std::string_view, 5> filter_names = {"distribution", "country", "freshness",
                                                          "state", "name"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> states = {{
    {"enabled", "enabled"},
    {"disabled", "disabled"},
    {"failing", "enabled, but broken"},
    {"maintenance", "in maintenance"},
    {"pending", "waiting for a review"},
}};

bool has_state(const MirrorFacts& facts, std::string_view state, Timestamp now) {
    const auto& mirror = facts.mirror;
    const bool is_in_maintenance =
        mirror.state.maintenance_until && *mirror.state.maintenance_until > now;
    if (state == "enabled" || state == "disabled") {
        return mirror.state.enabled == (state == "enabled");
    }
    if (state == "maintenance") {
        return is_in_maintenance;
    }
    if (state == "pending") {
        return mirror.mirror.status == model::ReviewStatus::pending_review;
    }
    return is_failing(facts, now);
}

struct Filter {
    std::vector<Facts> mirrors;
    std::optional<Response> fault = {};
};

/// Of the query of a page, or of the fields of the same names in a form.
Filter read_filter(const Request& asked, const World& world, Timestamp now) {
    const Request request = without_empty_values(asked);
    Query query{request};
    const MirrorQuery chosen = read_mirror_query(query, world);
    const auto name = query.text("name");
    const auto state = query.word(
        "state",
        [](std::string_view word) -> std::optional<std::string> {
            const auto* const found = std::ranges::find(
                states, word, &std::pair<std::string_view, std::string_view>::first);
            return found == states.end() ? std::nullopt : std::optional{std::string{word}};
        },
        "enabled, disabled, failing, maintenance or pending");
    if (auto fault = query.fault()) {
        return {.mirrors = {}, .fault = std::move(fault)};
    }
    Filter filter{.mirrors = select_mirrors(world, chosen)};
    std::erase_if(filter.mirrors, [&](const Facts& facts) {
        return (name && facts->mirror.mirror.name.find(*name) == std::string::npos) ||
               (state && !has_state(*facts, *state, now));
    });
    return filter;
}

PageFields choice(std::string_view value, std::string_view words, std::string_view chosen) {
    PageFields fields;
    fields.text("value", value).text("words", words).flag("is_chosen", value == chosen);
    return fields;
}

void add_filter(PageFields& fields, const Request& request, const World& world) {
    std::vector<PageFields> hidden;
    for (const auto name : filter_names) {
        const auto value = query_value(request, name).value_or("");
        fields.text(fmt::format("chosen_{}", name), value);
        hidden.push_back(PageFields{}.text("field", name).text("value", value));
    }
    const auto chosen = [&](std::string_view name) {
        return query_value(request, name).value_or("");
    };
    std::vector<PageFields> distributions;
    for (const model::Distribution& one : world.distributions) {
        distributions.push_back(choice(one.name, title_of(one), chosen("distribution")));
    }
    std::set<std::string> codes;
    for (const Facts& facts : world.mirrors) {
        codes.insert(facts->mirror.mirror.country);
    }
    codes.erase("");
    std::vector<PageFields> countries;
    countries.reserve(codes.size());
    for (const std::string& code : codes) {
        countries.push_back(choice(code, country_words(code), chosen("country")));
    }
    std::vector<PageFields> freshness;
    for (const auto one : {model::Freshness::up, model::Freshness::one_hour_behind,
                           model::Freshness::two_hours_behind, model::Freshness::six_hours_behind,
                           model::Freshness::one_day_behind, model::Freshness::two_days_behind,
                           model::Freshness::one_week_behind, model::Freshness::unknown}) {
        freshness.push_back(choice(to_string(one), title(one), chosen("freshness")));
    }
    std::vector<PageFields> state_choices;
    state_choices.reserve(states.size());
    for (const auto& [value, words] : states) {
        state_choices.push_back(choice(value, words, chosen("state")));
    }
    fields.list("filters", std::move(hidden)).list("distributions", std::move(distributions));
    fields.list("countries", std::move(countries)).list("freshness_choices", std::move(freshness));
    fields.list("state_choices", std::move(state_choices));
}

Response show_choice(const Request& request, const World& world, Timestamp now,
                     const Caller& caller, const std::string& fault) {
    Filter filter = read_filter(request, world, now);
    if (filter.fault) {
        return *filter.fault;
    }
    Page page{.file = "admin_actions.html",
              .title = "Change many mirrors",
              .here = "Change many",
              .status = fault.empty() ? 200 : 422};
    page.fields.text("fault", fault);
    add_filter(page.fields, request, world);
    std::set<std::string_view> ticked;
    for (const auto& [name, value] : request.form) {
        if (name == "mirror") {
            ticked.insert(value);
        }
    }
    std::vector<PageFields> rows;
    for (const Facts& facts : filter.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        PageFields row;
        row.text("name", mirror.name).text("country", country_words(mirror.country));
        row.markup("state", state_html(page_state(*facts, now)));
        row.text("lag", lag_text(model::worst_lag(facts->observation)));
        row.text("now", state_text(facts->mirror, now));
        row.flag("is_ticked", ticked.contains(mirror.name));
        rows.push_back(std::move(row));
    }
    page.fields.text("count", std::to_string(rows.size())).flag("is_many", rows.size() != 1);
    page.fields.list("mirrors", std::move(rows));
    std::vector<PageFields> statuses;
    for (const auto status : all_review_statuses()) {
        statuses.push_back(choice(to_string(status), to_string(status), ""));
    }
    page.fields.list("statuses", std::move(statuses));
    page.fields.text("reason", form_value(request, "reason").value_or(""));
    return admin_response(request, world, caller, std::move(page));
}

/// As the page was asked for whose form this is.
Request with_filter_as_query(Request request) {
    request.query.clear();
    for (const auto name : filter_names) {
        request.query.emplace_back(name, form_value(request, name).value_or(""));
    }
    return request;
}

std::set<std::string> chosen_names(const Request& request, const World& world, Timestamp now) {
    std::set<std::string> names;
    if (form_value(request, "all") == "true") {
        for (const Facts& facts : read_filter(with_filter_as_query(request), world, now).mirrors) {
            names.insert(facts->mirror.mirror.name);
        }
    }
    for (const auto& [name, value] : request.form) {
        if (name == "mirror") {
            names.insert(value);
        }
    }
    return names;
}

/// What the next form sends again.
void add_change(PageFields& fields, const MassChange& change) {
    fields.text("action", to_string(change.act)).text("reason", change.reason);
    fields.markup("whole_reason", xml_text(change.reason, whole));
    fields.text("status", change.status ? to_string(*change.status) : std::string_view());
    fields.text("until", change.until ? model::format_timestamp(*change.until) : std::string());
    fields.text("notify_owner", change.tells_owners ? "true" : "");
}

/// Rows of the preview, the mails, and what was seen.
class Preview {
public:
    Preview(const MassChange& change, const ChangeSettings& settings, model::Author author)
        : change_{change}, settings_{settings}, author_{std::move(author)} {}

    void add(Store& store, const model::StoredMirror& mirror) {
        const MassEffect effect = effect_of(change_, mirror, author_.when);
        PageFields row;
        row.text("name", mirror.mirror.name).text("now", state_text(mirror, author_.when));
        row.text("effect", effect.text).flag("is_change", effect.is_change);
        if (effect.is_change) {
            seen_.push_back({mirror.mirror.name, fingerprint_of(mirror)});
            if (change_.act == MassAct::disable) {
                row.list("letters", letters(store, mirror));
            }
        }
        rows_.push_back(std::move(row));
    }

    void write(PageFields& fields) {
        fields.text("count", std::to_string(seen_.size())).flag("is_many", seen_.size() != 1);
        fields.text("mails", mails_ == 0 ? "" : std::to_string(mails_));
        fields.flag("are_many_mails", mails_ != 1);
        fields.text("left_alone", seen_.size() == rows_.size()
                                      ? ""
                                      : std::to_string(rows_.size() - seen_.size()));
        fields.list("rows", std::move(rows_));
        fields.flag("has_change", !seen_.empty());
        fields.markup("seen", xml_text(write_seen(seen_), whole));
        fields.text("letter_to", letter_to_).text("letter_subject", letter_.subject);
        fields.markup("letter", xml_text(letter_.body, letter_characters_max));
    }

private:
    std::vector<PageFields> letters(Store& store, const model::StoredMirror& mirror) {
        // One is shown whole; of the others it is enough to whom they go.
        const auto messages = disabling_letters(
            store, mirror, author_,
            {.tells_owners = change_.tells_owners,
             .id_host = settings_.id_host,
             .read_log = letter_to_.empty()
                             ? settings_.read_log
                             : std::function<std::string(Store&, model::ProbeId)>{}});
        std::vector<PageFields> to;
        for (const model::Message& message : messages) {
            to.push_back(PageFields{}.text("to", model::format_mail_address(message.to)));
            if (letter_to_.empty()) {
                letter_to_ = model::format_mail_address(message.to);
                letter_ = message;
            }
        }
        mails_ += messages.size();
        return to;
    }

    const MassChange& change_;
    const ChangeSettings& settings_;
    model::Author author_;
    std::vector<PageFields> rows_;
    std::vector<SeenMirror> seen_;
    std::size_t mails_ = 0;
    std::string letter_to_;
    model::Message letter_;
};

std::string title_of_change(const MassChange& change) {
    switch (change.act) {
    case MassAct::enable: return "Enable mirrors";
    case MassAct::disable: return "Disable mirrors";
    case MassAct::review: return fmt::format("Review: {}", to_string(*change.status));
    case MassAct::probe: return "Probe now";
    case MassAct::maintenance: return "Begin a maintenance";
    case MassAct::end_maintenance: return "End a maintenance";
    }
    return {};
}

/// Who changes, when, and within what.
struct Acting {
    const Caller& caller;
    Timestamp now;
    const ChangeSettings& settings;
};

Response preview(const Request& request, const World& world, Store& store, const Acting& acting) {
    const auto& [caller, now, settings] = acting;
    const auto names = chosen_names(request, world, now);
    const auto change = read_mass_change(request, now);
    if (names.empty() || change.has_error()) {
        return show_choice(with_filter_as_query(request), world, now, caller,
                           names.empty() ? "Choose at least one mirror." : change.error());
    }
    Preview looked(*change, settings,
                   {.who = author_name(caller), .when = now, .why = change->reason});
    for (const std::string& name : names) {
        if (const auto mirror = store.mirror(name)) {
            looked.add(store, *mirror);
        }
    }
    Page page{
        .file = "admin_preview.html", .title = title_of_change(*change), .here = "Change many"};
    looked.write(page.fields);
    add_change(page.fields, *change);
    return admin_response(request, world, caller, std::move(page));
}

/// What came of one mirror.
PageFields confirm_one(const SeenMirror& seen, const MassChange& change, Store& store,
                       const model::Author& author, const ChangeSettings& settings) {
    PageFields row;
    row.text("name", seen.name);
    const auto mirror = store.mirror(seen.name);
    if (!mirror) {
        row.markup("outcome", state_html({"left alone", Mood::caution}));
        return row.text("text", "It was deleted meanwhile.");
    }
    if (fingerprint_of(*mirror) != seen.fingerprint) {
        row.markup("outcome", state_html({"left alone", Mood::caution}));
        return row.text("text", fmt::format("It changed meanwhile: it is {} now.",
                                            state_text(*mirror, author.when)));
    }
    const auto result = make_change(change, store, *mirror, author, settings);
    if (result.has_error()) {
        row.markup("outcome", state_html({"refused", Mood::bad}));
        return row.text("text", result.error().detail);
    }
    row.markup("outcome", result->was_made ? state_html({"done", Mood::good})
                                           : state_html({"as it was", Mood::quiet}));
    return row.text("text", result->text);
}

Response confirm(const Request& request, const World& world, Store& store, const Acting& acting) {
    const auto& [caller, now, settings] = acting;
    const auto change = read_mass_change(request, now);
    const auto seen = read_seen(form_value(request, "seen").value_or(""));
    if (change.has_error() || !seen) {
        return problem(
            422, "Wrong form",
            change.has_error() ? change.error() : "What was looked at cannot be read; look again.");
    }
    const model::Author author{.who = author_name(caller), .when = now, .why = change->reason};
    std::vector<PageFields> rows;
    for (const SeenMirror& one : *seen) {
        rows.push_back(confirm_one(one, *change, store, author, settings));
    }
    Page page{.file = "admin_done.html", .title = title_of_change(*change), .here = "Change many"};
    page.fields.list("rows", std::move(rows));
    return admin_response(request, world, caller, std::move(page));
}

}  // namespace

Response show_actions_page(const Request& request, const World& world, Store&, Timestamp now,
                           const Caller& caller) {
    return show_choice(request, world, now, caller, {});
}

CallerHandler preview_handler(ChangeSettings settings) {
    return [settings = std::move(settings)](const Request& request, const World& world,
                                            Store& store, Timestamp now, const Caller& caller) {
        return preview(request, world, store, {caller, now, settings});
    };
}

CallerHandler confirm_handler(ChangeSettings settings) {
    return [settings = std::move(settings)](const Request& request, const World& world,
                                            Store& store, Timestamp now, const Caller& caller) {
        return confirm(request, world, store, {caller, now, settings});
    };
}

}  // namespace service
