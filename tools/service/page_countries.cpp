#include "tools/service/page_answers.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_parts.hpp"
#include "tools/service/page_words.hpp"

#include <algorithm>

namespace service {
namespace {

/// Newest first, the reason that the mirror has now.
std::vector<PageFields> disabled_fields(const World& world, const model::Distribution& distribution,
                                        model::Timestamp now) {
    std::vector<std::pair<model::Timestamp, PageFields>> rows;
    for (const auto& facts : world.mirrors) {
        const auto& state = facts->mirror.state;
        if (facts->mirror.mirror.distribution != distribution.name || state.enabled) {
            continue;
        }
        const auto last = std::ranges::find(facts->events.rbegin(), facts->events.rend(),
                                            std::string{"disabled"}, &model::AuditEntry::what);
        const bool is_known = last != facts->events.rend();
        PageFields row;
        row.text("name", facts->mirror.mirror.name);
        row.text("country", country_words(facts->mirror.mirror.country));
        row.text("reason", state.disabled_reason);
        row.text("by", to_string(state.disabled_by));
        if (is_known) {
            row.markup("since", ago_html(last->when, now));
        }
        rows.emplace_back(is_known ? last->when : model::Timestamp{}, std::move(row));
    }
    std::ranges::stable_sort(rows, std::ranges::greater{},
                             &std::pair<model::Timestamp, PageFields>::first);
    std::vector<PageFields> fields;
    fields.reserve(rows.size());
    for (auto& [when, row] : rows) {
        fields.push_back(std::move(row));
    }
    return fields;
}

}  // namespace

Response show_countries_page(const Request& request, const World& world, model::Timestamp now) {
    const auto chosen = page_distribution(request, world);
    if (chosen.distribution == nullptr) {
        return chosen.fault;
    }
    Page page{.file = "countries.html",
              .title = "Countries of " + title_of(*chosen.distribution),
              .distribution = chosen.distribution,
              .here = "Countries",
              .is_live = true};
    page.fields.list("countries", country_fields(world, *chosen.distribution, now));
    return page_response(request, world, std::move(page));
}

Response show_disabled_page(const Request& request, const World& world, model::Timestamp now) {
    const auto chosen = page_distribution(request, world);
    if (chosen.distribution == nullptr) {
        return chosen.fault;
    }
    Page page{.file = "disabled.html",
              .title = "Disabled mirrors of " + title_of(*chosen.distribution),
              .distribution = chosen.distribution,
              .here = "Disabled",
              .is_live = true};
    auto rows = disabled_fields(world, *chosen.distribution, now);
    page.fields.text("count", std::to_string(rows.size())).flag("is_many", rows.size() != 1);
    page.fields.list("mirrors", std::move(rows));
    return page_response(request, world, std::move(page));
}

}  // namespace service
