#include "model/country.hpp"
#include "model/stable_hash.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/events.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/query.hpp"
#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace service {
namespace {

constexpr std::size_t entries_max = 50;
constexpr std::size_t title_characters_max = 200;
constexpr std::size_t text_characters_max = 4'000;

/// A name for a thing that stays the same, and that nobody else gives.
/// Source: RFC 9562, section 5.8: what is in it is ours to say.
std::string urn_of(const std::string& thing) {
    const std::uint64_t high = model::stable_hash("mirrorwarden feed " + thing);
    const std::uint64_t low = model::stable_hash("mirrorwarden feed, more " + thing);
    return fmt::format("urn:uuid:{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}", high >> 32U,
                       high >> 16U & 0xffffU, high & 0xfffU, (low >> 48U & 0x3fffU) | 0x8000U,
                       low & 0xffff'ffff'ffffU);
}

struct Feed {
    std::string thing;  // what makes its id
    std::string title;
    EventFilter filter;
};

std::string entry_xml(const Event& event) {
    const auto& mirror = event.mirror->mirror.mirror;
    const std::string when = model::format_timestamp(event.when);
    const std::string reason =
        event.reason.empty() ? std::string{} : fmt::format(": {}", event.reason);
    return fmt::format(
        "<entry><id>{}</id><title>{}</title><updated>{}</updated>"
        "<author><name>{}</name></author><category term=\"{}\"/>"
        "<content type=\"text\">{}</content></entry>\n",
        urn_of(fmt::format("{} {} {} {}", mirror.name, when, to_string(event.kind), event.detail)),
        xml_text(fmt::format("{}: {}", mirror.name, title(event)), title_characters_max), when,
        event.who, to_string(event.kind),
        xml_text(fmt::format("{}{}", title(event), reason), text_characters_max));
}

Response answer(const Request& request, const World& world, const Feed& feed) {
    const Query query{request};
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto events = select_events(world, feed.filter);
    // One that has no entry yet was never updated: a constant, so that the feed stays the same.
    const model::Timestamp updated = events.empty() ? model::Timestamp{} : events.front().when;
    const auto file = std::string_view{request.path}.substr(request.path.rfind('/') + 1);
    std::string xml = fmt::format(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<feed xmlns=\"http://www.w3.org/2005/Atom\">"
        "<id>{}</id><title>{}</title><updated>{}</updated>"
        "<author><name>mirrorwarden</name></author>"
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n",
        urn_of(feed.thing), xml_text(feed.title, title_characters_max),
        model::format_timestamp(updated), xml_text(file, title_characters_max));
    for (std::size_t i = 0; i < std::min(events.size(), entries_max); ++i) {
        xml += entry_xml(events[i]);
    }
    return {.content_type = "application/atom+xml; charset=utf-8", .body = xml + "</feed>\n"};
}

}  // namespace

Response feed_of_all(const Request& request, const World& world, model::Timestamp) {
    return answer(request, world, {.thing = "all", .title = "Mirrors", .filter = {}});
}

Response feed_of_distribution(const Request& request, const World& world, model::Timestamp) {
    const auto* const found = find_distribution(world, capture(request, "name"));
    if (found == nullptr) {
        return not_found("distribution", capture(request, "name"));
    }
    return answer(request, world,
                  {.thing = "distribution " + found->name,
                   .title = "Mirrors of " + (found->title.empty() ? found->name : found->title),
                   .filter = {.distribution = found->name}});
}

Response feed_of_country(const Request& request, const World& world, model::Timestamp) {
    const std::string code{capture(request, "country")};
    const auto name = model::country_name(code);
    if (name.empty()) {
        return not_found("country with the ISO 3166-1 code", code);
    }
    return answer(request, world,
                  {.thing = "country " + code,
                   .title = fmt::format("Mirrors in {}", name),
                   .filter = {.country = code}});
}

Response feed_of_mirror(const Request& request, const World& world, model::Timestamp) {
    const std::string name{capture(request, "name")};
    if (find_mirror(world, name) == nullptr) {
        return not_found("mirror", name);
    }
    return answer(
        request, world,
        {.thing = "mirror " + name, .title = "Mirror " + name, .filter = {.mirror = name}});
}

}  // namespace service
