#include "model/store.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/compression.hpp"
#include "tools/service/page_answers.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"
#include "tools/service/xml_text.hpp"

#include <algorithm>

namespace service {
namespace {

/// What a browser shows without trouble; the API has the rest.
constexpr std::size_t log_characters_max = 500'000;
constexpr std::size_t log_bytes_max = 64U << 20U;

}  // namespace

Response show_log_page(const Request& request, const World& world, model::Store& store,
                       model::Timestamp now) {
    const std::string name{capture(request, "name")};
    const std::string probe{capture(request, "probe")};
    const Query query{request};
    if (const auto fault = query.fault()) {
        return page_fault(request, world, *fault);
    }
    const auto* const facts = find_mirror(world, name);
    if (facts == nullptr) {
        return page_fault(request, world, not_found("mirror", name));
    }
    const auto point = std::ranges::find_if(facts->history, [&](const HistoryPoint& one) {
        return std::to_string(model::to_integer(one.probe)) == probe;
    });
    const auto packed =
        point == facts->history.end() ? std::nullopt : store.probe_log(point->probe);
    const auto log = packed ? gunzip(*packed, log_bytes_max) : std::nullopt;
    if (!log) {
        return page_fault(request, world, not_found("log of a probe of " + name, probe));
    }
    Page page{.file = "log.html",
              .title = "Log of probe " + probe + " of " + name,
              .distribution = find_distribution(world, facts->mirror.mirror.distribution)};
    page.fields.text("name", name).text("probe", probe);
    page.fields.markup("when", time_html(point->started));
    page.fields.markup("ago", ago_html(point->started, now));
    page.fields.markup("log", xml_text(*log, log_characters_max));
    return page_response(request, world, std::move(page));
}

}  // namespace service
