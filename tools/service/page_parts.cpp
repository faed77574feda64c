#include "tools/service/page_parts.hpp"

#include "tools/service/api_answers.hpp"
#include "tools/service/country_summary.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"

namespace service {

ChosenDistribution page_distribution(const Request& request, const World& world) {
    const auto name = capture(request, "distribution");
    const auto* const distribution = find_distribution(world, name);
    if (distribution == nullptr) {
        return {.fault = page_fault(request, world, not_found("distribution or page", name))};
    }
    const Query query{request};
    if (const auto fault = query.fault()) {
        return {.fault = page_fault(request, world, *fault)};
    }
    return {.distribution = distribution};
}

void add_mirror(PageFields& fields, std::string_view name, const MirrorFacts* facts,
                model::Timestamp now) {
    if (facts == nullptr) {
        return;
    }
    PageFields mirror;
    mirror.text("name", facts->mirror.mirror.name);
    mirror.markup("state", state_html(page_state(*facts, now)));
    mirror.text("lag", lag_text(model::worst_lag(facts->observation)));
    fields.list(name, {std::move(mirror)});
}

std::vector<PageFields> country_fields(const World& world, const model::Distribution& distribution,
                                       model::Timestamp now) {
    std::vector<PageFields> rows;
    for (const CountrySummary& country : country_summaries(world, distribution)) {
        PageFields row;
        row.text("code", url_text(country.code)).text("country", country.name);
        row.text("mirrors", std::to_string(country.mirrors));
        row.text("enabled", std::to_string(country.enabled));
        row.text("up_to_date", std::to_string(country.up_to_date));
        row.text("bandwidth", bandwidth_text(country.kilobits));
        add_mirror(row, "best", country.best, now);
        add_mirror(row, "worst", country.worst, now);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<PageFields> event_fields(std::span<const Event> events, model::Timestamp now) {
    std::vector<PageFields> rows;
    for (const Event& event : events) {
        PageFields row;
        row.markup("when", ago_html(event.when, now));
        row.text("name", event.mirror->mirror.mirror.name);
        row.text("what", title(event)).text("who", event.who).text("reason", event.reason);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace service
