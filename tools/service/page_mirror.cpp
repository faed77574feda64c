#include "model/choose_mirrors.hpp"
#include "model/rules.hpp"
#include "model/sync_state.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/apt_lines.hpp"
#include "tools/service/events.hpp"
#include "tools/service/page_answers.hpp"
#include "tools/service/page_history.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_parts.hpp"
#include "tools/service/page_plots.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"
#include "tools/service/suite_matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace service {
namespace {

constexpr std::size_t events_shown = 50;
constexpr std::size_t findings_shown = 30;

void add_sync(PageFields& fields, const std::optional<model::MirrorSync>& sync,
              model::Timestamp now) {
    if (!sync) {
        return;
    }
    const auto state = model::state_of(*sync, now);
    PageFields words;
    words.flag("is_complete", state == model::SyncState::complete);
    words.flag("is_dead", state == model::SyncState::never_ended);
    words.markup("started", ago_html(sync->started, now));
    if (sync->completed) {
        words.markup("completed", ago_html(*sync->completed, now));
    }
    fields.list("sync", {std::move(words)});
}

void add_facts(PageFields& fields, const MirrorFacts& facts, model::Timestamp now) {
    const auto& mirror = facts.mirror.mirror;
    const auto& state = facts.mirror.state;
    fields.text("name", mirror.name).text("display_name", mirror.display_name);
    fields.text("description", mirror.description).text("country", country_words(mirror.country));
    fields.text("speed", title(mirror.speed));
    fields.text("content", mirror.content == model::Content::archive ? "packages" : "CD images");
    fields.text("review", model::is_official(mirror) ? "official" : "not official");
    fields.markup("state", state_html(page_state(facts, now)));
    fields.text("lag", lag_text(model::worst_lag(facts.observation)));
    fields.markup("days", days_svg(day_states(facts.history, now), now));
    std::vector<PageFields> urls;
    for (const std::string& url :
         {mirror.https_url, mirror.http_url, mirror.ftp_url, mirror.rsync_url}) {
        if (!url.empty()) {
            urls.push_back(PageFields{}.text("url", url));
        }
    }
    fields.list("urls", std::move(urls));
    if (!state.enabled) {
        PageFields disabled;
        disabled.text("by", to_string(state.disabled_by)).text("reason", state.disabled_reason);
        fields.list("disabled", {std::move(disabled)});
    }
    if (state.maintenance_until && *state.maintenance_until > now) {
        fields.markup("maintenance", time_html(*state.maintenance_until));
    }
    add_sync(fields, facts.sync, now);
    if (facts.last_probe) {
        const auto finished = facts.last_probe->record.finished;
        fields.markup("looked", ago_html(finished, now));
        fields.markup("looks_again",
                      ago_html(std::max(finished + model::probe_interval, now), now));
    }
}

void add_host(PageFields& fields, const model::Observation& observation, model::Timestamp now) {
    std::vector<PageFields> addresses;
    for (const model::AddressState& address : observation.addresses) {
        PageFields row;
        row.text("address", address.address);
        row.markup("state",
                   state_html({address.outcome.is_ok() ? "answers" : to_string(address.outcome),
                               address.outcome.is_ok() ? Mood::good : Mood::bad}));
        addresses.push_back(std::move(row));
    }
    fields.list_or_none("addresses", std::move(addresses));
    if (const auto& shown = observation.certificate) {
        PageFields certificate;
        certificate.text("host", shown->host).text("issuer", shown->issuer);
        certificate.markup("ends", time_html(shown->not_after));
        certificate.markup("left", ago_html(shown->not_after, now));
        fields.list("certificate", {std::move(certificate)});
    }
}

void add_findings(PageFields& fields, const std::vector<model::Finding>& findings) {
    std::vector<PageFields> rows;
    for (const model::Finding& finding : findings) {
        if (rows.size() == findings_shown) {
            break;
        }
        const auto* const rule = model::find_rule(finding.rule);
        const Mood mood = finding.severity == model::Severity::good      ? Mood::good
                          : finding.severity == model::Severity::warning ? Mood::caution
                          : finding.severity == model::Severity::bad     ? Mood::bad
                                                                         : Mood::quiet;
        PageFields row;
        row.markup("severity", state_html({std::string{to_string(finding.severity)}, mood}));
        row.text("rule", finding.rule).flag("is_explained", rule != nullptr);
        row.text("subject", finding.subject);
        row.text("summary",
                 finding.summary.empty() && rule != nullptr ? rule->meaning : finding.summary);
        row.text("request", finding.request).text("answer", finding.answer);
        row.text("expected", finding.expected).text("curl", finding.curl);
        row.text("remedy", finding.remedy);
        rows.push_back(std::move(row));
    }
    fields.list("findings", std::move(rows));
    if (findings.size() > findings_shown) {
        fields.text("findings_left", std::to_string(findings.size() - findings_shown));
    }
}

std::string cell_html(const std::optional<model::Freshness>& freshness) {
    return freshness ? state_html(freshness_state(*freshness)) : "<span class=\"none\">none</span>";
}

void add_matrix(PageFields& fields, const SuiteMatrix& matrix) {
    std::vector<PageFields> heads;
    for (const std::string& architecture : matrix.architectures) {
        heads.push_back(PageFields{}.text("architecture", architecture));
    }
    std::vector<PageFields> rows;
    for (const SuiteMatrix::Row& from : matrix.rows) {
        PageFields row;
        row.text("suite", from.suite);
        if (from.state != nullptr) {
            row.markup("integrity", state_html(integrity_state(from.state->integrity)));
            row.text("lag", lag_text(from.state->lag));
            if (from.state->release_date) {
                row.markup("release_date", time_html(*from.state->release_date));
            }
        }
        std::vector<PageFields> cells;
        for (const auto& freshness : from.cells) {
            cells.push_back(PageFields{}.markup("freshness", cell_html(freshness)));
        }
        row.list("cells", std::move(cells));
        rows.push_back(std::move(row));
    }
    fields.list("architectures", std::move(heads)).list("suites", std::move(rows));
    fields.flag("has_matrix", !matrix.rows.empty());
}

void add_apt(PageFields& fields, const AptLines& lines) {
    std::vector<PageFields> choices;
    for (const std::string& series : lines.all_series) {
        PageFields choice;
        choice.text("series", series).text("link", url_text(series));
        choice.flag("is_here", series == lines.series);
        choices.push_back(std::move(choice));
    }
    fields.list("series_choices", std::move(choices));
    fields.text("one_line", lines.one_line_style).text("deb822", lines.deb822_style);
}

void add_images(PageFields& fields, const std::vector<model::ImageRow>& images) {
    std::vector<PageFields> rows;
    rows.reserve(images.size());
    for (const model::ImageRow& image : images) {
        rows.push_back(PageFields{}.text("series", image.series).text("flavour", image.flavour));
    }
    fields.list_or_none("images", std::move(rows));
}

}  // namespace

Response show_mirror_page(const Request& request, const World& world, model::Timestamp now) {
    return mirror_page(request, world, now, {});
}

Response mirror_page(const Request& request, const World& world, model::Timestamp now,
                     const PageFields& more) {
    const auto* const facts = find_mirror(world, capture(request, "name"));
    if (facts == nullptr) {
        return page_fault(request, world, not_found("mirror", capture(request, "name")));
    }
    const auto& mirror = facts->mirror.mirror;
    const auto* const distribution = find_distribution(world, mirror.distribution);
    Query query{request};
    const auto series = query.text("series");
    const auto span = query.word("span", parse_history_span, "day, fortnight or year");
    const auto rows = content_rows(world, *facts);
    const AptLines lines = apt_lines(mirror, rows, series.value_or(""));
    if (series && lines.series != *series) {
        query.refuse("series", "a series that the mirror has");
    }
    if (const auto fault = query.fault()) {
        return page_fault(request, world, *fault);
    }
    Page page{.file = "mirror.html",
              .title = "Mirror " + mirror.name,
              .distribution = distribution,
              .fields = more};
    add_facts(page.fields, *facts, now);
    add_host(page.fields, facts->observation, now);
    add_findings(page.fields, facts->observation.findings);
    add_matrix(page.fields, suite_matrix(rows, facts->observation));
    add_images(page.fields, facts->images);
    add_history(page.fields, *facts, span.value_or(HistorySpan::fortnight), now);
    add_apt(page.fields, lines);
    auto events = select_events(world, {.mirror = mirror.name});
    events.resize(std::min(events.size(), events_shown));
    page.fields.list("events", event_fields(events, now));
    Response response = page_response(request, world, std::move(page));
    response.varies_with = "Cookie";
    return response;
}

}  // namespace service
