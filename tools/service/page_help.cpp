#include "model/advice.hpp"
#include "model/rules.hpp"
#include "tools/service/page_answers.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"

#include <array>

namespace service {
namespace {

using model::Freshness;
using model::Integrity;

struct State {
    StateWords words;
    std::string_view meaning;
    std::string_view remedy;
};

PageFields fields_of(const State& state) {
    PageFields row;
    row.markup("state", state_html(state.words));
    row.text("meaning", state.meaning).text("remedy", state.remedy);
    return row;
}

std::vector<PageFields> mirror_states() {
    const std::array states = {
        State{freshness_state(Freshness::up),
              "It has the newest package lists that the primary archive published. Example: the "
              "archive published at 12:00, and at 12:40 the mirror has it.",
              "Nothing."},
        State{freshness_state(Freshness::six_hours_behind),
              "What it has was published some hours ago, and newer things are not there yet. "
              "Example: it syncs four times a day, and the next sync is due.",
              "Nothing; to be fresher, sync more often."},
        State{freshness_state(Freshness::one_day_behind),
              "A whole day's packages are missing. Example: last night's sync did not run.",
              "Read the sync tool's log; see that the disk has room and upstream answers."},
        State{freshness_state(Freshness::one_week_behind),
              "Nothing of the last week is there: its users get no security updates.",
              "Sync by hand and see it end well. If upstream is as old, choose another one."},
        State{freshness_state(Freshness::unknown),
              "Nothing that it has could be dated. Example: all its suites are old releases.",
              "Usually nothing."},
        State{{"Disabled", Mood::bad},
              "It is left out of all lists. The prober disables a mirror where nothing could be "
              "found, or by the distribution's rules; an admin may do so by hand. The reason "
              "stands on the mirror's page.",
              "Mend what the page names. What the prober disabled, it enables when a probe passes; "
              "what an admin disabled, only an admin enables."},
        State{{"Maintenance", Mood::quiet},
              "The owner said that the machine is being worked on: it is not judged meanwhile.",
              "Nothing; it ends by itself."},
        State{{"Not probed yet", Mood::quiet},
              "It is new, and nobody has looked.",
              "Wait for the next probe: there is one a day."}};
    std::vector<PageFields> rows;
    rows.reserve(states.size());
    for (const State& state : states) {
        rows.push_back(fields_of(state));
    }
    return rows;
}

std::vector<PageFields> suite_states() {
    const std::array states = {
        State{integrity_state(Integrity::whole),
              "The signed Release and the indexes that it names fit together.", "Nothing."},
        State{integrity_state(Integrity::syncing),
              "They do not fit, but a sync runs: this is not held against the mirror yet.",
              "Sync in two stages, first pool/, then dists/, and users never see this."},
        State{integrity_state(Integrity::torn),
              "They have not fitted together for hours. apt says \"Hash Sum mismatch\".",
              "Sync again by hand, and in two stages from then on."},
        State{integrity_state(Integrity::expired),
              "The Release says until when it may be believed, and that has passed. apt refuses "
              "it.",
              "Sync again; the primary publishes a new one before the old one ends."},
        State{integrity_state(Integrity::bad_signature),
              "It is not signed, or not by a key of the distribution. apt refuses it.",
              "Copy InRelease, Release and Release.gpg as upstream has them."},
        State{integrity_state(Integrity::foreign),
              "The Release is another distribution's or another suite's.",
              "See which upstream the mirror copies, and where the URL leads."},
        State{integrity_state(Integrity::not_an_archive),
              "The server answers every question with a web page, such as a login.",
              "See where the URL leads from outside."},
        State{integrity_state(Integrity::missing), "There is no Release at all.",
              "See that the sync copies this suite, or tell us that it never will."},
        State{integrity_state(Integrity::unknown),
              "It could not be told: no answer, or no keyring.",
              "See what else the page says of the host."}};
    std::vector<PageFields> rows;
    rows.reserve(states.size());
    for (const State& state : states) {
        rows.push_back(fields_of(state));
    }
    return rows;
}

std::vector<PageFields> rule_rows() {
    std::vector<PageFields> rows;
    for (const model::Rule& rule : model::rules()) {
        PageFields row;
        row.text("key", rule.key).text("severity", to_string(rule.severity));
        row.text("meaning", rule.meaning).text("remedy", rule.remedy);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<PageFields> outcome_rows() {
    std::vector<PageFields> rows;
    for (int value = 0; value <= static_cast<int>(model::OutcomeKind::prober_trouble); ++value) {
        const model::Outcome outcome{static_cast<model::OutcomeKind>(value), value == 1 ? 404 : 0};
        PageFields row;
        row.text("word", to_string(outcome)).text("meaning", explain(outcome.kind));
        row.text("remedy", model::usual_remedy(outcome));
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Response show_help_page(const Request& request, const World& world, model::Timestamp) {
    const Query query{request};
    if (const auto fault = query.fault()) {
        return page_fault(request, world, *fault);
    }
    Page page{.file = "help.html", .title = "What the words mean", .here = "Help"};
    page.fields.list("mirror_states", mirror_states()).list("suite_states", suite_states());
    page.fields.list("rules", rule_rows()).list("outcomes", outcome_rows());
    return page_response(request, world, std::move(page));
}

}  // namespace service
