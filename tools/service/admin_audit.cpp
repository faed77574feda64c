#include "model/store.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <compare>
#include <string_view>
#include <utility>
#include <vector>

namespace service {
namespace {

constexpr std::size_t entries_a_page = 100;

/// One entry of one mirror; newer ones are less.
struct Entry {
    const model::AuditEntry* entry = nullptr;
    std::string_view mirror;
    std::size_t number = 0;  // of the mirror's entries, oldest first
};

struct Place {
    model::Timestamp when;
    std::string_view mirror;
    std::size_t number = 0;
};

Place place_of(const Entry& entry) {
    return {entry.entry->when, entry.mirror, entry.number};
}

bool comes_before(const Place& left, const Place& right) {
    if (left.when != right.when) {
        return left.when > right.when;
    }
    if (left.mirror != right.mirror) {
        return left.mirror < right.mirror;
    }
    return left.number > right.number;
}

std::string cursor_of(const Entry& entry) {
    return encode_cursor(fmt::format("{} {} {}", entry.entry->when.time_since_epoch().count(),
                                     entry.number, entry.mirror));
}

/// Its mirror is a part of `text`.
std::optional<Place> read_cursor(const std::string& text) {
    Place place;
    std::int64_t when = 0;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, when);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ' ') {
        return std::nullopt;
    }
    const auto second = std::from_chars(first.ptr + 1, end, place.number);
    if (second.ec != std::errc{} || second.ptr == end || *second.ptr != ' ') {
        return std::nullopt;
    }
    place.when = model::Timestamp{std::chrono::microseconds{when}};
    place.mirror =
        std::string_view{text}.substr(static_cast<std::size_t>(second.ptr + 1 - text.data()));
    return place;
}

struct AuditFilter {
    std::string mirror;  // empty: any
    std::string who;
    std::optional<model::Timestamp> since;
    std::optional<model::Timestamp> until;
};

/// A day as browsers send it, or a time.
std::optional<model::Timestamp> read_time(Query& query, std::string_view name) {
    return query.word(
        name,
        [](std::string_view given) {
            const auto day = model::parse_timestamp(std::string{given} + "T00:00:00Z");
            return day ? day : model::parse_timestamp(given);
        },
        "a day such as 2026-01-02, or a time");
}

bool fits(const model::AuditEntry& entry, const AuditFilter& filter) {
    return (filter.who.empty() || entry.who == filter.who) &&
           (!filter.since || entry.when >= *filter.since) &&
           (!filter.until || entry.when < *filter.until);
}

std::vector<Entry> select(const World& world, const AuditFilter& filter) {
    std::vector<Entry> entries;
    for (const auto& facts : world.mirrors) {
        if (!filter.mirror.empty() && facts->mirror.mirror.name != filter.mirror) {
            continue;
        }
        for (std::size_t i = 0; i < facts->events.size(); ++i) {
            if (fits(facts->events[i], filter)) {
                entries.push_back({&facts->events[i], facts->mirror.mirror.name, i});
            }
        }
    }
    std::ranges::sort(entries, [](const Entry& left, const Entry& right) {
        return comes_before(place_of(left), place_of(right));
    });
    return entries;
}

std::string day_text(const std::optional<model::Timestamp>& when) {
    return when ? model::format_timestamp(*when).substr(0, 10) : std::string();
}

std::string link_to_next(const AuditFilter& filter, const Entry& last) {
    return fmt::format("?mirror={}&who={}&since={}&until={}&cursor={}", url_text(filter.mirror),
                       url_text(filter.who), day_text(filter.since), day_text(filter.until),
                       cursor_of(last));
}

}  // namespace

Response show_audit_page(const Request& asked, const World& world, model::Store&,
                         model::Timestamp now, const Caller& caller) {
    const Request request = without_empty_values(asked);
    Query query{request};
    AuditFilter filter{.mirror = query.text("mirror").value_or(""),
                       .who = query.text("who").value_or(""),
                       .since = read_time(query, "since"),
                       .until = read_time(query, "until")};
    const auto cursor = query.text("cursor");
    const auto cursor_text = cursor ? decode_cursor(*cursor) : std::nullopt;
    const auto place = cursor_text ? read_cursor(*cursor_text) : std::nullopt;
    if (cursor && !place) {
        query.refuse("cursor", "of a link of this page");
    }
    if (const auto fault = query.fault()) {
        return *fault;
    }
    const auto entries = select(world, filter);
    const auto first =
        place ? std::ranges::partition_point(
                    entries,
                    [&](const Entry& entry) { return !comes_before(*place, place_of(entry)); })
              : entries.begin();
    const auto last = first + std::min<std::ptrdiff_t>(entries.end() - first, entries_a_page);
    Page page{.file = "admin_audit.html", .title = "What was changed", .here = "Audit"};
    std::vector<PageFields> rows;
    for (auto entry = first; entry != last; ++entry) {
        PageFields row;
        row.markup("when", time_html(entry->entry->when))
            .markup("ago", ago_html(entry->entry->when, now));
        row.text("name", entry->mirror).text("who", entry->entry->who);
        row.text("what", entry->entry->what).text("why", entry->entry->why);
        rows.push_back(std::move(row));
    }
    page.fields.list("entries", std::move(rows)).text("count", std::to_string(entries.size()));
    page.fields.text("mirror", filter.mirror).text("who", filter.who);
    page.fields.text("since", day_text(filter.since)).text("until", day_text(filter.until));
    if (last != entries.end() && last != first) {
        page.fields.text("next", link_to_next(filter, *(last - 1)));
    }
    return admin_response(request, world, caller, std::move(page));
}

}  // namespace service
