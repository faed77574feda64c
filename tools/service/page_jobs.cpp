#include "model/duration_text.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/job_answers.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/plot_fields.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace service {
namespace {

using std::chrono::seconds;

constexpr std::size_t jobs_shown = 500;
constexpr std::size_t plots_shown = 12;
constexpr std::size_t points_most = 400;

double duration_of(const model::ScriptActivity& run) {
    return std::chrono::duration<double>(run.completed - run.started).count();
}

StateWords state_of(const reports::JobHistory& job) {
    if (job.is_late) {
        return {"late", Mood::bad};
    }
    if (job.expected_by) {
        return {"in time", Mood::good};
    }
    return job.runs.empty() ? StateWords{"silent for 14 days", Mood::caution}
                            : StateWords{"not regular", Mood::quiet};
}

PageFields job_fields(const reports::JobHistory& job, model::Timestamp now) {
    PageFields fields;
    fields.text("name", job.last.name).text("host", job.last.host);
    fields.text("name_in_url", url_text(job.last.name))
        .text("host_in_url", url_text(job.last.host));
    fields.markup("state", state_html(state_of(job)));
    fields.markup("completed", time_html(job.last.completed));
    fields.markup("ago", ago_html(job.last.completed, now));
    fields.text("took", plot_seconds_text(duration_of(job.last)));
    fields.text("runs", std::to_string(job.runs.size()));
    fields.text("pause", job.usual_pause ? model::duration_text(*job.usual_pause) : "");
    if (job.expected_by) {
        fields.markup("expected", time_html(*job.expected_by));
    }
    return fields;
}

PageFields job_plot(const reports::JobHistory& job, model::Timestamp now) {
    std::vector<PlotPoint> line;
    for (const auto& run : reports::longest_runs(job.runs, points_most)) {
        line.push_back({run.started, duration_of(run)});
    }
    Plot plot{.title = fmt::format("{} on {}", job.last.name, job.last.host),
              .words = {},
              .begin = now - job_time,
              .end = now,
              .most = plot_top(line, 1),
              .value_text = plot_seconds_text,
              .time_text = [](model::Timestamp when) {
                  return model::format_timestamp(std::chrono::floor<seconds>(when)).substr(0, 10);
              }};
    return plot_fields(std::move(plot), line);
}

PageFields branch_fields(const model::Branch& branch, bool is_admin, model::Timestamp now) {
    const auto& mirroring = branch.mirroring;
    const auto ago = [now](const std::optional<model::Timestamp>& when) {
        return when ? ago_html(*when, now) : std::string{};
    };
    PageFields fields;
    fields.text("id", std::to_string(model::to_integer(branch.id))).text("name", branch.name);
    fields.text("type", to_string(branch.type));
    fields.markup("mirrored", ago(mirroring.last_mirrored));
    fields.markup("begun", ago(mirroring.last_mirror_attempt));
    fields.markup("next", ago(mirroring.next_mirror_time));
    fields.text("failures", std::to_string(mirroring.mirror_failures));
    if (is_admin) {
        fields.text("message", mirroring.mirror_status_message);
    }
    if (mirroring.attempt) {
        fields.markup("lease_end", ago(mirroring.attempt->lease_end));
    }
    return fields;
}

PageFields list_fields(std::string_view title, std::string_view meaning, const BranchList& list,
                       bool is_admin, model::Timestamp now) {
    PageFields fields;
    std::vector<PageFields> rows;
    for (const model::Branch& branch : list.first) {
        rows.push_back(branch_fields(branch, is_admin, now));
    }
    fields.text("list_title", title).text("meaning", meaning);
    fields.text("count", std::to_string(list.total));
    fields.flag("is_cut", list.total > list.first.size());
    fields.text("shown", std::to_string(list.first.size()));
    fields.list_or_none("branches", std::move(rows));
    return fields;
}

bool is_wanted(const reports::JobHistory& job, const std::optional<std::string>& name,
               const std::optional<std::string>& host) {
    return (!name || *name == job.last.name) && (!host || *host == job.last.host);
}

}  // namespace

Response show_jobs_page(const Request& request, const World& world, const JobsPicture& picture,
                        const Caller& caller) {
    Query query{request};
    const auto name = query.text("name");
    const auto host = query.text("host");
    if (const auto fault = query.fault()) {
        return page_fault(request, world, *fault);
    }
    const auto now = picture.read_at;
    const bool is_admin = caller.kind == Caller::Kind::admin;
    Page page{.file = "jobs.html", .title = "Jobs", .here = "Jobs"};
    std::vector<PageFields> jobs;
    std::vector<PageFields> plots;
    for (const auto& job : picture.jobs) {
        if (jobs.size() < jobs_shown) {
            jobs.push_back(job_fields(job, now));
        }
        if (plots.size() < plots_shown && !job.runs.empty() && is_wanted(job, name, host)) {
            plots.push_back(job_plot(job, now));
        }
    }
    page.fields.text(
        "late", std::to_string(std::ranges::count_if(picture.jobs, &reports::JobHistory::is_late)));
    page.fields.text("job_count", std::to_string(picture.jobs.size()));
    page.fields.flag("is_cut", picture.jobs.size() > jobs.size());
    page.fields.list_or_none("jobs", std::move(jobs));
    page.fields.list_or_none("plots", std::move(plots));
    const auto& branches = picture.branches;
    page.fields.text("branch_count", std::to_string(branches.total));
    page.fields.flag("has_any_branch", branches.total > 0).flag("message_column", is_admin);
    page.fields.list(
        "lists", {list_fields("Under way", "A worker has begun, and has not reported yet.",
                              branches.under_way, is_admin, now),
                  list_fields("Due", "Their time has come, and no worker has taken them.",
                              branches.due, is_admin, now),
                  list_fields("Failing",
                              "The newest attempt failed; after five in a row nobody tries until "
                              "someone asks.",
                              branches.failing, is_admin, now)});
    return admin_response(request, world, caller, std::move(page));
}

}  // namespace service
