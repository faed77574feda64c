#include "tools/service/page_history.hpp"

#include "tools/service/history.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/plot_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace service {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;

constexpr std::size_t points_most = 400;
constexpr std::size_t probes_shown = 20;

struct Span {
    HistorySpan span;
    std::string_view word;   // in the query
    std::string_view title;  // for a person
    seconds length;
};
constexpr std::array<Span, 3> spans = {{
    {HistorySpan::day, "day", "1 day", days{1}},
    {HistorySpan::fortnight, "fortnight", "14 days", days{14}},
    {HistorySpan::year, "year", "a year", days{365}},
}};

std::vector<PlotPoint> line_of(const std::vector<HistoryPoint>& history,
                               std::optional<double> (*value)(const HistoryPoint&)) {
    std::vector<PlotPoint> line;
    line.reserve(history.size());
    for (const HistoryPoint& point : history) {
        line.push_back({point.started, point.suspect ? std::nullopt : value(point)});
    }
    return line;
}

std::optional<double> lag_value(const HistoryPoint& point) {
    return point.lag ? std::optional{std::max(0.0, static_cast<double>(point.lag->behind.count()))}
                     : std::nullopt;
}

std::optional<double> duration_value(const HistoryPoint& point) {
    return static_cast<double>(point.duration.count()) / 1'000;
}

std::optional<double> completeness_value(const HistoryPoint& point) {
    return point.expected == 0 ? std::nullopt : std::optional{100.0 * point.found / point.expected};
}

std::string percent_text(double value) {
    return fmt::format("{:.0f} %", value);
}

PageFields probe_fields(const HistoryPoint& point, model::Timestamp now) {
    PageFields row;
    row.text("id", std::to_string(model::to_integer(point.probe)));
    row.markup("when", time_html(point.started)).markup("ago", ago_html(point.started, now));
    const Mood mood = point.suspect                                  ? Mood::quiet
                      : point.verdict == model::ProbeVerdict::failed ? Mood::bad
                      : point.verdict == model::ProbeVerdict::passed ? Mood::good
                                                                     : Mood::quiet;
    row.markup("verdict", state_html({std::string{to_string(point.verdict)} +
                                          (point.suspect ? ", doubted" : ""),
                                      mood}));
    row.markup("freshness", state_html(freshness_state(point.freshness)));
    row.text("lag", lag_text(point.lag)).text("found", std::to_string(point.found));
    row.text("expected", std::to_string(point.expected));
    row.text("duration", plot_seconds_text(static_cast<double>(point.duration.count()) / 1'000));
    return row;
}

}  // namespace

std::optional<HistorySpan> parse_history_span(std::string_view text) noexcept {
    const auto* const found = std::ranges::find(spans, text, &Span::word);
    return found == spans.end() ? std::nullopt : std::optional{found->span};
}

void add_history(PageFields& fields, const MirrorFacts& facts, HistorySpan wanted,
                 model::Timestamp now) {
    const Span& span = *std::ranges::find(spans, wanted, &Span::span);
    const model::Timestamp begin = now - span.length;
    const auto first = std::ranges::find_if(
        facts.history, [&](const HistoryPoint& point) { return point.started >= begin; });
    const auto shown = thin_out({first, facts.history.end()}, points_most);
    const Plot usual{
        .title = {},
        .words = {},
        .begin = begin,
        .end = now,
        .most = 100,
        .value_text = percent_text,
        .time_text = [wanted](model::Timestamp when) {
            const auto text = model::format_timestamp(std::chrono::floor<seconds>(when));
            return wanted == HistorySpan::day ? text.substr(11, 5) : text.substr(0, 10);
        }};
    const auto lag = line_of(shown, lag_value);
    const auto duration = line_of(shown, duration_value);
    std::vector<PageFields> plots;
    Plot plot = usual;
    plot.title = "Lag";
    plot.value_text = plot_seconds_text;
    plot.most = plot_top(lag, 6 * 3'600);
    plots.push_back(plot_fields(plot, lag));
    plot.title = "Duration of a probe";
    plot.most = plot_top(duration, 1);
    plots.push_back(plot_fields(plot, duration));
    plot = usual;
    plot.title = "Completeness";
    plots.push_back(plot_fields(plot, line_of(shown, completeness_value)));
    std::vector<PageFields> choices;
    for (const Span& one : spans) {
        PageFields choice;
        choice.text("word", one.word).text("title", one.title).flag("is_here", one.span == wanted);
        choices.push_back(std::move(choice));
    }
    std::vector<PageFields> probes;
    for (auto point = facts.history.rbegin();
         point != facts.history.rend() && probes.size() < probes_shown; ++point) {
        probes.push_back(probe_fields(*point, now));
        // Not the last by its time, which a clock may have made that was ahead.
        probes.back().flag("is_newest", facts.last_probe && point->probe == facts.last_probe->id);
    }
    fields.list("spans", std::move(choices)).list("plots", std::move(plots));
    fields.list_or_none("probes", std::move(probes));
}

}  // namespace service
