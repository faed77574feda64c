#include "tools/service/api_answers.hpp"
#include "tools/service/page_answers.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_plots.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"
#include "tools/service/suite_matrix.hpp"
#include "tools/service/xml_text.hpp"

#include <algorithm>
#include <array>

namespace service {
namespace {

constexpr std::size_t text_max = 300;

using Sides = std::array<const MirrorFacts*, 2>;

template <class Html>
PageFields row_of(const std::string& title, const Sides& sides, Html html) {
    PageFields row;
    row.text("what", title);
    row.markup("a", html(*sides[0])).markup("b", html(*sides[1]));
    return row;
}

std::string yes_no(const std::string& url) {
    return url.empty() ? "no" : "yes";
}

std::vector<PageFields> rows_of(const Sides& sides, model::Timestamp now) {
    const auto text = [](std::string_view words) { return xml_text(words, text_max); };
    std::vector<PageFields> rows;
    const auto add = [&](const std::string& title, auto html) {
        rows.push_back(row_of(title, sides, html));
    };
    using Facts = const MirrorFacts&;
    add("State", [&](Facts facts) { return state_html(page_state(facts, now)); });
    add("Lag", [&](Facts facts) { return lag_text(model::worst_lag(facts.observation)); });
    add("14 days", [&](Facts facts) { return days_svg(day_states(facts.history, now), now); });
    add("Findings", [&](Facts facts) { return std::to_string(facts.observation.findings.size()); });
    add("Country", [&](Facts facts) { return text(country_words(facts.mirror.mirror.country)); });
    add("Speed", [&](Facts facts) { return text(title(facts.mirror.mirror.speed)); });
    add("https", [&](Facts facts) { return yes_no(facts.mirror.mirror.https_url); });
    add("http", [&](Facts facts) { return yes_no(facts.mirror.mirror.http_url); });
    add("rsync", [&](Facts facts) { return yes_no(facts.mirror.mirror.rsync_url); });
    add("Looked at", [&](Facts facts) {
        return facts.last_probe ? ago_html(facts.last_probe->record.finished, now) : "never";
    });
    return rows;
}

/// The suites that either has.
std::vector<PageFields> suite_rows(const World& world, const Sides& sides) {
    const std::array matrices = {
        suite_matrix(content_rows(world, *sides[0]), sides[0]->observation),
        suite_matrix(content_rows(world, *sides[1]), sides[1]->observation)};
    std::vector<std::string> suites;
    for (const SuiteMatrix& matrix : matrices) {
        for (const SuiteMatrix::Row& row : matrix.rows) {
            if (std::ranges::find(suites, row.suite) == suites.end()) {
                suites.push_back(row.suite);
            }
        }
    }
    const auto cell = [](const SuiteMatrix& matrix, const std::string& suite) -> std::string {
        const auto row = std::ranges::find(matrix.rows, suite, &SuiteMatrix::Row::suite);
        if (row == matrix.rows.end()) {
            return "none";
        }
        std::string html;
        if (row->state != nullptr) {
            const std::string lag = lag_text(row->state->lag);
            html = state_html(integrity_state(row->state->integrity)) +
                   (lag.empty() ? "" : ", lag " + lag);
        }
        for (std::size_t i = 0; i < row->cells.size(); ++i) {
            if (row->cells[i]) {
                html += (html.empty() ? "" : "<br>") + xml_text(matrix.architectures[i], text_max) +
                        ": " + state_html(freshness_state(*row->cells[i]));
            }
        }
        return html;
    };
    std::vector<PageFields> rows;
    for (const std::string& suite : suites) {
        PageFields row;
        row.text("suite", suite);
        row.markup("a", cell(matrices[0], suite)).markup("b", cell(matrices[1], suite));
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Response show_compare_page(const Request& asked, const World& world, model::Timestamp now) {
    const Request request = without_empty_values(asked);
    Query query{request};
    const auto a = query.text("a");
    const auto b = query.text("b");
    if (const auto fault = query.fault()) {
        return page_fault(request, world, *fault);
    }
    Page page{.file = "compare.html", .title = "Compare two mirrors", .here = "Compare"};
    page.fields.text("a_name", a.value_or("")).text("b_name", b.value_or(""));
    const Sides sides = {a ? find_mirror(world, *a) : nullptr,
                         b ? find_mirror(world, *b) : nullptr};
    for (const auto& [name, facts] : {std::pair{a, sides[0]}, std::pair{b, sides[1]}}) {
        if (name && facts == nullptr) {
            return page_fault(request, world, not_found("mirror", *name));
        }
    }
    if (sides[0] != nullptr && sides[1] != nullptr) {
        page.distribution = find_distribution(world, sides[0]->mirror.mirror.distribution);
        page.fields.flag("has_both", true);
        page.fields.list("rows", rows_of(sides, now));
        page.fields.list("suites", suite_rows(world, sides));
    }
    std::vector<PageFields> names;
    for (const auto& facts : world.mirrors) {
        names.push_back(PageFields{}.text("name", facts->mirror.mirror.name));
    }
    page.fields.list("names", std::move(names));
    return page_response(request, world, std::move(page));
}

}  // namespace service
