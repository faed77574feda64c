#include "model/duration_text.hpp"
#include "model/store.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/admin_run_words.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace service {
namespace {

constexpr std::size_t runs_shown = 100;
/// One mirror may well take that long when nothing else is left to probe.
constexpr std::chrono::minutes silence_most{15};
constexpr std::string_view refresh_seconds = "2";

StateWords outcome_state(const model::RunRecord& run, model::Timestamp now) {
    if (!run.outcome) {
        return is_under_way(run, now) ? StateWords{"under way", Mood::quiet}
                                      : StateWords{"no sign of life", Mood::bad};
    }
    const std::string text{to_string(*run.outcome)};
    switch (*run.outcome) {
    case model::RunOutcome::done: return {text, Mood::good};
    case model::RunOutcome::unfinished:
    case model::RunOutcome::interrupted: return {text, Mood::caution};
    case model::RunOutcome::suspect:
    case model::RunOutcome::lost: break;
    }
    return {text, Mood::bad};
}

std::string seconds_text(model::Timestamp::duration time) {
    return model::duration_text(
        std::max(std::chrono::floor<std::chrono::seconds>(time), std::chrono::seconds{0}));
}

/// By the pace so far.
std::string time_left(const model::RunRecord& run) {
    if (run.probed == 0 || run.probed >= run.mirrors) {
        return {};
    }
    return seconds_text((run.seen - run.started) / run.probed * (run.mirrors - run.probed));
}

}  // namespace

bool is_under_way(const model::RunRecord& run, model::Timestamp now) noexcept {
    return !run.finished && now - run.seen < silence_most;
}

PageFields run_fields(const model::RunRecord& run, model::Timestamp now) {
    PageFields fields;
    fields.markup("started", time_html(run.started)).markup("ago", ago_html(run.started, now));
    fields.text("host", run.host);
    fields.text("probed", std::to_string(run.probed)).text("mirrors", std::to_string(run.mirrors));
    fields.text("took", seconds_text((run.finished ? *run.finished : now) - run.started));
    fields.markup("outcome", state_html(outcome_state(run, now)));
    fields.flag("is_under_way", is_under_way(run, now));
    fields.text("left", time_left(run));
    fields.markup("seen", ago_html(run.seen, now));
    return fields;
}

Response show_runs_page(const Request& request, const World& world, model::Store& store,
                        model::Timestamp now, const Caller& caller) {
    Query query{request};
    const bool refreshes = query.text("refresh").value_or("yes") != "no";
    if (const auto fault = query.fault()) {
        return *fault;
    }
    Page page{.file = "admin_runs.html", .title = "Runs of probes", .here = "Runs"};
    std::vector<PageFields> ended;
    std::vector<PageFields> current;
    for (const model::RunRecord& run : store.runs(runs_shown)) {
        (is_under_way(run, now) ? current : ended).push_back(run_fields(run, now));
    }
    const bool is_watched = !current.empty() && refreshes;
    page.fields.flag("is_watched", is_watched);
    page.fields.list_or_none("ended", std::move(ended));
    page.fields.list("current", std::move(current));
    auto response = admin_response(request, world, caller, std::move(page));
    if (is_watched) {
        response.fields.emplace_back("Refresh", refresh_seconds);
    }
    return response;
}

}  // namespace service
