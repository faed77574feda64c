#include "model/duration_text.hpp"
#include "tools/service/country_summary.hpp"
#include "tools/service/events.hpp"
#include "tools/service/page_answers.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_map.hpp"
#include "tools/service/page_parts.hpp"
#include "tools/service/page_plots.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/propagation.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace service {
namespace {

constexpr std::size_t events_shown = 15;

struct Counts {
    int all = 0;
    int enabled = 0;
    int official = 0;
    std::uint64_t kilobits = 0;
    /// By words, the best first, and what selects them in the table.
    struct State {
        StateWords words;
        std::string filter;
        int count = 0;
    };
    std::vector<State> states;
};

Counts count_mirrors(const World& world, const model::Distribution& distribution) {
    using model::Freshness;
    Counts counts;
    std::map<Freshness, int> by_freshness;
    for (const auto& facts : world.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        if (mirror.distribution != distribution.name) {
            continue;
        }
        ++counts.all;
        counts.official += model::is_official(mirror) ? 1 : 0;
        if (facts->mirror.state.enabled) {
            ++counts.enabled;
            ++by_freshness[facts->freshness.overall];
            counts.kilobits += static_cast<std::uint64_t>(mirror.speed);
        }
    }
    for (const auto& [freshness, count] : by_freshness) {
        counts.states.push_back(
            {.words = freshness_state(freshness),
             .filter = fmt::format("enabled=true&freshness={}", to_string(freshness)),
             .count = count});
    }
    if (counts.all > counts.enabled) {
        counts.states.push_back({.words = {"Disabled", Mood::bad},
                                 .filter = "enabled=false",
                                 .count = counts.all - counts.enabled});
    }
    return counts;
}

void add_counts(PageFields& fields, const Counts& counts) {
    fields.text("mirrors", std::to_string(counts.all));
    fields.text("enabled", std::to_string(counts.enabled));
    fields.text("official", std::to_string(counts.official));
    fields.text("bandwidth", bandwidth_text(counts.kilobits));
    std::vector<PageFields> states;
    for (const Counts::State& state : counts.states) {
        PageFields row;
        row.markup("state", state_html(state.words)).text("filter", state.filter);
        row.text("count", std::to_string(state.count));
        row.text("share", fmt::format("{:.0f} %", 100.0 * state.count / counts.all));
        states.push_back(std::move(row));
    }
    fields.list("states", std::move(states));
}

/// Of whatever suite; nullptr where none is known.
const model::Snapshot* newest_snapshot(const World& world,
                                       const model::Distribution& distribution) {
    const model::Snapshot* newest = nullptr;
    const auto suites = world.snapshots.find(distribution.name);
    if (suites == world.snapshots.end()) {
        return nullptr;
    }
    for (const auto& [suite, snapshots] : suites->second) {
        if (!snapshots.empty() && (newest == nullptr || snapshots.front().date > newest->date)) {
            newest = &snapshots.front();
        }
    }
    return newest;
}

double share_of(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent_text(double share) {
    return fmt::format("{:.0f} %", share);
}

/// At most `most` of the steps, the last among them.
std::vector<Propagation::Step> some_of(const std::vector<Propagation::Step>& steps,
                                       std::size_t most) {
    if (steps.size() <= most) {
        return steps;
    }
    std::vector<Propagation::Step> some;
    for (std::size_t i = 1; i <= most; ++i) {
        some.push_back(steps[i * steps.size() / most - 1]);
    }
    return some;
}

std::string propagation_svg(const Propagation& propagation, model::Timestamp now) {
    const auto begin = propagation.snapshot->date;
    const Plot plot{
        .title = "Propagation",
        .words = fmt::format("share of mirrors and of bandwidth that had the newest {} after a "
                             "time; the table below has the same in numbers",
                             propagation.snapshot->suite),
        .begin = begin,
        .end = std::max(now, begin + std::chrono::hours{1}),
        .most = 100,
        .value_text = percent_text,
        .time_text =
            [begin](model::Timestamp when) {
                return model::duration_text(
                    std::chrono::duration_cast<std::chrono::seconds>(when - begin));
            },
        .has_steps = true};
    std::vector<std::vector<PlotPoint>> lines(2, {{begin, 0.0}});
    for (const Propagation::Step& step : propagation.steps) {
        lines[0].push_back({begin + step.after, share_of(step.mirrors, propagation.mirrors)});
        lines[1].push_back({begin + step.after, share_of(step.kilobits, propagation.kilobits)});
    }
    return plot_svg(plot, lines);
}

void add_propagation(PageFields& fields, const World& world,
                     const model::Distribution& distribution, model::Timestamp now) {
    const auto* const snapshot = newest_snapshot(world, distribution);
    if (snapshot == nullptr) {
        return;
    }
    const Propagation propagation = propagation_of(world, distribution, *snapshot);
    PageFields part;
    part.text("suite", snapshot->suite).markup("published", time_html(snapshot->date));
    part.text("mirrors", std::to_string(propagation.mirrors));
    part.markup("plot", propagation_svg(propagation, now));
    std::vector<PageFields> steps;
    for (const Propagation::Step& step : some_of(propagation.steps, 8)) {
        PageFields row;
        row.text("after", model::duration_text(step.after));
        row.text("mirrors", percent_text(share_of(step.mirrors, propagation.mirrors)));
        row.text("bandwidth", percent_text(share_of(step.kilobits, propagation.kilobits)));
        steps.push_back(std::move(row));
    }
    part.list("steps", std::move(steps));
    fields.list("propagation", {std::move(part)});
}

Response overview(const Request& request, const World& world,
                  const model::Distribution& distribution, model::Timestamp now) {
    Page page{.file = "overview.html",
              .title = "Mirrors of " + title_of(distribution),
              .distribution = &distribution,
              .here = "Overview",
              .is_live = true};
    add_counts(page.fields, count_mirrors(world, distribution));
    const auto countries = country_summaries(world, distribution);
    if (auto map = map_svg(countries, request, distribution, now); !map.empty()) {
        page.fields.markup("map", std::move(map)).markup("map_legend", map_legend());
    }
    page.fields.list("countries", country_fields(world, distribution, now));
    add_propagation(page.fields, world, distribution, now);
    auto events = select_events(world, {.distribution = distribution.name});
    events.resize(std::min(events.size(), events_shown));
    page.fields.list("events", event_fields(events, now));
    return page_response(request, world, std::move(page));
}

}  // namespace

Response show_start_page(const Request& request, const World& world, model::Timestamp now) {
    const Query query{request};
    if (const auto fault = query.fault()) {
        return page_fault(request, world, *fault);
    }
    if (world.distributions.size() == 1) {
        return overview(request, world, world.distributions.front(), now);
    }
    Page page{.file = "start.html", .title = "Mirrors", .is_live = true};
    std::vector<PageFields> rows;
    for (const model::Distribution& distribution : world.distributions) {
        PageFields row;
        row.text("name", distribution.name).text("title", title_of(distribution));
        add_counts(row, count_mirrors(world, distribution));
        rows.push_back(std::move(row));
    }
    page.fields.list("distributions", std::move(rows));
    return page_response(request, world, std::move(page));
}

Response show_overview_page(const Request& request, const World& world, model::Timestamp now) {
    const auto chosen = page_distribution(request, world);
    return chosen.distribution == nullptr ? chosen.fault
                                          : overview(request, world, *chosen.distribution, now);
}

}  // namespace service
