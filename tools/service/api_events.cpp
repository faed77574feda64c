#include "model/country.hpp"
#include "model/json_parts.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/events.hpp"
#include "tools/service/mirror_query.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace service {
namespace {

using model::json_parts::Json;
using model::json_parts::text_or_null;

constexpr std::uint32_t events_a_page = 100;
constexpr std::uint32_t events_a_page_most = 1'000;

Json event_json(const Event& event) {
    const auto& mirror = event.mirror->mirror.mirror;
    return {{"when", model::format_timestamp(event.when)},
            {"kind", to_string(event.kind)},
            {"mirror", mirror.name},
            {"distribution", mirror.distribution},
            {"country", text_or_null(mirror.country)},
            {"who", event.who},
            {"reason", text_or_null(event.reason)},
            {"detail", text_or_null(event.detail)}};
}

/// Where the list goes on: after the event of that time and mirror, and after so many more of
/// the same time and mirror.
struct Place {
    std::int64_t when = 0;
    std::string mirror;
    std::size_t more = 0;
};

std::string cursor_of(const std::vector<Event>& events, std::size_t last) {
    const auto& event = events[last];
    std::size_t more = 0;
    while (more < last && events[last - more - 1].when == event.when &&
           events[last - more - 1].mirror == event.mirror) {
        ++more;
    }
    return encode_cursor(fmt::format("{} {} {}", event.when.time_since_epoch().count(), more,
                                     event.mirror->mirror.mirror.name));
}

std::optional<Place> read_place(std::string_view cursor) {
    const auto text = decode_cursor(cursor);
    if (!text) {
        return std::nullopt;
    }
    Place place;
    const char* const end = text->data() + text->size();
    const auto when = std::from_chars(text->data(), end, place.when);
    if (when.ec != std::errc{} || when.ptr == end || *when.ptr != ' ') {
        return std::nullopt;
    }
    const auto more = std::from_chars(when.ptr + 1, end, place.more);
    if (more.ec != std::errc{} || more.ptr == end || *more.ptr != ' ') {
        return std::nullopt;
    }
    place.mirror.assign(more.ptr + 1, end);
    return place;
}

std::size_t find_place(const std::vector<Event>& events, const Place& place) {
    const model::Timestamp when{std::chrono::microseconds{place.when}};
    const auto first = std::ranges::partition_point(events, [&](const Event& event) {
        return event.when > when ||
               (event.when == when && event.mirror->mirror.mirror.name < place.mirror);
    });
    auto next = first;
    while (next != events.end() && next->when == when &&
           next->mirror->mirror.mirror.name == place.mirror &&
           next - first <= static_cast<std::ptrdiff_t>(place.more)) {
        ++next;
    }
    return static_cast<std::size_t>(next - events.begin());
}

Response answer(Query& query, const World& world, EventFilter filter) {
    filter.kind = query.word("kind", parse_event_kind,
                             "added, enabled, recovered, disabled, review or maintenance");
    filter.since = query.time("since");
    const auto limit = query.number("limit", {1, events_a_page_most}).value_or(events_a_page);
    std::optional<Place> place;
    if (const auto cursor = query.text("cursor")) {
        place = read_place(*cursor);
        if (!place) {
            query.refuse("cursor", "a next_cursor of an answer, unchanged");
        }
    }
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto events = select_events(world, filter);
    const std::size_t first = place ? find_place(events, *place) : 0;
    const std::size_t last = std::min(events.size(), first + limit);
    auto list = Json::array();
    for (std::size_t i = first; i < last; ++i) {
        list.push_back(event_json(events[i]));
    }
    const Json json = {
        {"total", events.size()},
        {"next_cursor", last < events.size() ? Json(cursor_of(events, last - 1)) : Json(nullptr)},
        {"events", std::move(list)}};
    return json_response(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

Response list_events(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    EventFilter filter;
    filter.distribution = query.text("distribution");
    if (filter.distribution && find_distribution(world, *filter.distribution) == nullptr) {
        query.refuse("distribution", "the name of one that /api/v1/distributions lists");
    }
    filter.country = query.country("country");
    return answer(query, world, std::move(filter));
}

Response list_mirror_events(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    const std::string name{capture(request, "name")};
    if (find_mirror(world, name) == nullptr) {
        return not_found("mirror", name);
    }
    return answer(query, world, {.mirror = name});
}

}  // namespace service
