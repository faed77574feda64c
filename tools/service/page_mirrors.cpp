#include "tools/service/country_summary.hpp"
#include "tools/service/mirror_query.hpp"
#include "tools/service/page_answers.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_parts.hpp"
#include "tools/service/page_plots.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace service {
namespace {

using Facts = std::shared_ptr<const MirrorFacts>;

struct Column {
    std::string_view title;
    std::string_view sort;  // empty: nobody sorts by it
};
// What a phone shows first comes first.
constexpr std::array<Column, 8> columns = {{{"Mirror", "name"},
                                            {"State", "freshness"},
                                            {"Lag", "lag"},
                                            {"14 days", ""},
                                            {"URLs", ""},
                                            {"IP", ""},
                                            {"Speed", "speed"},
                                            {"Certificate", ""}}};

/// "v4 v6", and whether that family answers.
std::string families_html(const model::Observation& observation) {
    std::string html;
    for (const bool is_six : {false, true}) {
        bool is_there = false;
        bool answers = false;
        for (const model::AddressState& address : observation.addresses) {
            if ((address.address.find(':') != std::string::npos) == is_six) {
                is_there = true;
                answers = answers || address.outcome.is_ok();
            }
        }
        if (is_there) {
            html += (html.empty() ? "" : " ") +
                    (answers ? std::string{is_six ? "v6" : "v4"}
                             : state_html({is_six ? "v6 dead" : "v4 dead", Mood::bad}));
        }
    }
    return html;
}

std::string certificate_html(const model::Observation& observation, model::Timestamp now) {
    if (!observation.certificate) {
        return {};
    }
    const auto days =
        std::chrono::floor<std::chrono::days>(observation.certificate->not_after - now);
    return days.count() < 0    ? state_html({"expired", Mood::bad})
           : days.count() < 14 ? state_html({fmt::format("{} d", days.count()), Mood::caution})
                               : fmt::format("{} d", days.count());
}

PageFields row_of(const MirrorFacts& facts, model::Timestamp now) {
    const auto& mirror = facts.mirror.mirror;
    PageFields row;
    row.text("name", mirror.name);
    row.text("https", mirror.https_url).text("http", mirror.http_url);
    row.text("ftp", mirror.ftp_url).text("rsync", mirror.rsync_url);
    row.markup("families", families_html(facts.observation));
    row.text("speed", to_string(mirror.speed));
    row.markup("state", state_html(page_state(facts, now)));
    row.text("lag", lag_text(model::worst_lag(facts.observation)));
    row.markup("days", days_svg(day_states(facts.history, now), now));
    row.markup("certificate", certificate_html(facts.observation, now));
    row.flag("is_images", mirror.content == model::Content::release);
    row.flag("is_unofficial", !model::is_official(mirror));
    return row;
}

std::uint64_t kilobits_of(const std::vector<Facts>& mirrors) {
    std::uint64_t kilobits = 0;
    for (const Facts& facts : mirrors) {
        kilobits += facts->mirror.state.enabled
                        ? static_cast<std::uint64_t>(facts->mirror.mirror.speed)
                        : 0;
    }
    return kilobits;
}

PageFields group_of(const std::string& title, const std::vector<Facts>& mirrors,
                    model::Timestamp now) {
    PageFields group;
    group.text("country", title);
    group.text("count", std::to_string(mirrors.size())).flag("is_many", mirrors.size() != 1);
    group.text("bandwidth", bandwidth_text(kilobits_of(mirrors)));
    std::vector<PageFields> rows;
    rows.reserve(mirrors.size());
    for (const Facts& facts : mirrors) {
        rows.push_back(row_of(*facts, now));
    }
    group.list("rows", std::move(rows));
    return group;
}

std::vector<PageFields> groups_of(std::vector<Facts> mirrors, bool is_by_country,
                                  model::Timestamp now) {
    std::vector<PageFields> groups;
    if (!is_by_country) {
        if (!mirrors.empty()) {
            groups.push_back(group_of("", mirrors, now));
        }
        return groups;
    }
    std::map<std::string, std::vector<Facts>> by_country;
    for (Facts& facts : mirrors) {
        by_country[country_words(facts->mirror.mirror.country)].push_back(std::move(facts));
    }
    for (auto& [country, those] : by_country) {
        std::ranges::sort(
            those, [](const Facts& left, const Facts& right) { return is_better(*left, *right); });
        groups.push_back(group_of(country, those, now));
    }
    return groups;
}

/// "?country=DE&sort=name" with that sort in place of the request's.
std::string query_with_sort(const Request& request, std::string_view sort) {
    std::string text = "?";
    for (const auto& [name, value] : request.query) {
        if (name != "sort") {
            text += fmt::format("{}={}&", url_text(name), url_text(value));
        }
    }
    return text + fmt::format("sort={}", sort);
}

std::vector<PageFields> heads_of(const Request& request) {
    const auto sorted = query_value(request, "sort").value_or("");
    std::vector<PageFields> heads;
    for (const Column& column : columns) {
        PageFields head;
        head.text("title", column.title);
        if (!column.sort.empty() && !request.is_exported) {
            const bool is_up = sorted == column.sort;
            const bool is_down = sorted == "-" + std::string{column.sort};
            head.text("link", query_with_sort(request, is_up ? "-" + std::string{column.sort}
                                                             : std::string{column.sort}));
            head.text("order", is_up ? "ascending" : is_down ? "descending" : "");
        }
        heads.push_back(std::move(head));
    }
    return heads;
}

struct Choice {
    std::string value;
    std::string words;
};

std::vector<PageFields> choices_of(const Request& request, std::string_view name,
                                   const std::vector<Choice>& choices) {
    std::vector<PageFields> options;
    for (const Choice& choice : choices) {
        PageFields option;
        option.text("value", choice.value).text("words", choice.words);
        option.flag("is_chosen", query_value(request, name) == choice.value);
        options.push_back(std::move(option));
    }
    return options;
}

void add_form(PageFields& fields, const Request& request, const World& world,
              const model::Distribution& distribution) {
    std::vector<Choice> countries;
    for (const CountrySummary& country : country_summaries(world, distribution)) {
        if (!country.code.empty()) {
            countries.push_back({country.code, country.name});
        }
    }
    std::vector<Choice> freshness;
    for (int value = 1; value <= static_cast<int>(model::Freshness::unknown); ++value) {
        const auto one = static_cast<model::Freshness>(value);
        freshness.push_back({std::string{to_string(one)}, std::string{title(one)}});
    }
    fields.list("country_choices", choices_of(request, "country", countries));
    fields.list("freshness_choices", choices_of(request, "freshness", freshness));
    fields.list("enabled_choices",
                choices_of(request, "enabled", {{"true", "enabled"}, {"false", "disabled"}}));
    fields.list("official_choices",
                choices_of(request, "official", {{"true", "official"}, {"false", "unofficial"}}));
    fields.list("content_choices", choices_of(request, "content",
                                              {{"ARCHIVE", "packages"}, {"RELEASE", "CD images"}}));
    fields.text("sort", query_value(request, "sort").value_or(""));
    fields.flag("is_filtered", !request.query.empty());
}

}  // namespace

Response show_mirrors_page(const Request& asked, const World& world, model::Timestamp now) {
    const Request request = without_empty_values(asked);
    const auto* const distribution = find_distribution(world, capture(request, "distribution"));
    if (distribution == nullptr) {
        return page_distribution(request, world).fault;
    }
    Query query{request};
    MirrorQuery wanted = read_mirror_query(query, world);
    const bool is_by_country = !query.text("sort");
    if (wanted.distribution) {
        query.refuse("distribution", "left out: the path names it");
    }
    if (const auto fault = query.fault()) {
        return page_fault(request, world, *fault);
    }
    wanted.distribution = distribution->name;
    const auto mirrors = select_mirrors(world, wanted);
    Page page{.file = "mirrors.html",
              .title = "Mirrors of " + title_of(*distribution) + ", one by one",
              .distribution = distribution,
              .here = "Mirrors",
              .is_live = true};
    page.fields.text("count", std::to_string(mirrors.size()));
    page.fields.flag("is_many", mirrors.size() != 1);
    page.fields.text("bandwidth", bandwidth_text(kilobits_of(mirrors)));
    page.fields.flag("is_by_country", is_by_country);
    page.fields.list("heads", heads_of(request));
    page.fields.list("groups", groups_of(mirrors, is_by_country, now));
    add_form(page.fields, request, world, *distribution);
    return page_response(request, world, std::move(page));
}

}  // namespace service
