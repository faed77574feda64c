#include "tools/json/mirror_json.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/history.hpp"
#include "tools/service/mirror_query.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <nlohmann/json.hpp>

namespace service {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t mirrors_a_page = 100;
constexpr std::uint32_t mirrors_a_page_most = 2'000;
constexpr std::uint32_t points_most = 10'000;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

model::MirrorOverview overview_of(const MirrorFacts& facts) {
    return {.mirror = facts.mirror, .last_probe = facts.last_probe, .freshness = facts.freshness};
}

/// Adds each row as json::details_json would; a mirror has thousands, which as a tree of values
/// would be nearly all of the answer's time.
void add_rows(std::string& text, const std::vector<model::Bucket>& buckets,
              const std::vector<std::uint8_t>& rows) {
    const model::Bucket* last = nullptr;
    std::string head;
    std::map<std::string_view, std::string> architectures;
    for (std::size_t place = 0; place < std::min(rows.size(), buckets.size()); ++place) {
        if (rows[place] == 0) {
            continue;
        }
        const auto& bucket = buckets[place];
        if (last == nullptr || last->series != bucket.series || last->pocket != bucket.pocket ||
            last->component != bucket.component) {
            head =
                fmt::format(R"({{"series":{},"pocket":"{}","component":{},"arch":)",
                            dump(bucket.series), to_string(bucket.pocket), dump(bucket.component));
        }
        const auto [arch, is_new] = architectures.try_emplace(bucket.architecture);
        if (is_new) {
            arch->second = dump(bucket.architecture);
        }
        text += last == nullptr ? "" : ",";
        text += head;
        text += arch->second;
        text += R"(,"freshness":")";
        text += to_string(static_cast<model::Freshness>(rows[place]));
        text += "\"}";
        last = &bucket;
    }
}

/// `details`: the mirror's JSON with no rows.
std::string with_rows(std::string details, const World& world, const MirrorFacts& facts) {
    const auto buckets = world.buckets.find(facts.mirror.mirror.distribution);
    if (buckets == world.buckets.end()) {
        return details;
    }
    // A quote within a text would stand behind a backslash: this is the key.
    constexpr std::string_view key = R"("rows":[)";
    const auto place = details.find(key);
    assert(place != std::string::npos);
    std::string text = details.substr(0, place + key.size());
    add_rows(text, buckets->second, facts.rows);
    text.append(details, place + key.size());
    return text;
}

/// The keys that were asked for, in the order of the whole.
Json only(const Json& whole, const std::vector<std::string>& fields) {
    Json part = Json::object();
    for (const auto& [key, value] : whole.items()) {
        if (std::ranges::find(fields, key) != fields.end()) {
            part[key] = value;
        }
    }
    return part;
}

void refuse_unknown_fields(Query& query, const std::vector<std::string>& fields) {
    const Json example = json::overview_json({});
    for (const std::string& field : fields) {
        if (!example.contains(field)) {
            std::string names;
            for (const auto& [key, value] : example.items()) {
                names += (names.empty() ? "" : ", ") + key;
            }
            query.refuse("fields", fmt::format("some of {}, with commas between", names));
        }
    }
}

Json point_json(const HistoryPoint& point) {
    return {{"probe", model::to_integer(point.probe)},
            {"started", model::format_timestamp(point.started)},
            {"duration_ms", point.duration.count()},
            {"verdict", to_string(point.verdict)},
            {"suspect", point.suspect},
            {"freshness", to_string(point.freshness)},
            {"lag", point.lag ? Json(point.lag->behind.count()) : Json(nullptr)},
            {"lag_estimated", point.lag ? Json(point.lag->is_estimated) : Json(nullptr)},
            {"integrity", point.integrity ? Json(to_string(*point.integrity)) : Json(nullptr)},
            {"expected", point.expected},
            {"found", point.found}};
}

}  // namespace

Response list_mirrors(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    const MirrorQuery chosen = read_mirror_query(query, world);
    const auto limit = query.number("limit", {1, mirrors_a_page_most}).value_or(mirrors_a_page);
    const auto fields = query.list("fields");
    if (fields) {
        refuse_unknown_fields(query, *fields);
    }
    const auto cursor = query.text("cursor");
    const auto mirrors = select_mirrors(world, chosen);
    std::size_t first = 0;
    if (cursor) {
        const auto place = find_cursor(mirrors, chosen, *cursor);
        if (!place) {
            query.refuse("cursor", "a next_cursor of an answer, unchanged");
        }
        first = place.value_or(0);
    }
    if (auto fault = query.fault()) {
        return *fault;
    }
    const std::size_t last = std::min(mirrors.size(), first + limit);
    // Put together as text: most of the work would be to build what is then printed.
    std::string list;
    for (std::size_t i = first; i < last; ++i) {
        list += i == first ? "" : ",";
        const MirrorFacts& facts = *mirrors[i];
        if (fields) {
            list +=
                dump(only(json::overview_json({overview_of(facts), facts.observation}), *fields));
        } else if (!facts.overview_json.empty()) {
            list += facts.overview_json;
        } else {
            list += dump(json::overview_json({overview_of(facts), facts.observation}));
        }
    }
    const std::string next = last < mirrors.size() && last > first
                                 ? fmt::format("\"{}\"", cursor_of(*mirrors[last - 1], chosen))
                                 : "null";
    return json_response(fmt::format(R"({{"total":{},"next_cursor":{},"mirrors":[{}]}})",
                                     mirrors.size(), next, list));
}

Response show_mirror(const Request& request, const World& world, model::Timestamp now) {
    Query query{request};
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto* const facts = find_mirror(world, capture(request, "name"));
    if (facts == nullptr) {
        return not_found("mirror", capture(request, "name"));
    }
    json::MirrorDetails details;
    details.overview = overview_of(*facts);
    details.observation = facts->observation;
    details.now = now;
    details.images = facts->images;
    details.sync = facts->sync;
    return json_response(with_rows(dump(json::public_details_json(details)), world, *facts));
}

Response show_history(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    const auto since = query.time("since");
    const auto until = query.time("until");
    const auto most = query.number("points", {points_least, points_most});
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto* const facts = find_mirror(world, capture(request, "name"));
    if (facts == nullptr) {
        return not_found("mirror", capture(request, "name"));
    }
    const auto& all = facts->history;
    const auto first =
        since ? std::ranges::lower_bound(all, *since, {}, &HistoryPoint::started) : all.begin();
    const auto last =
        until ? std::ranges::lower_bound(all, *until, {}, &HistoryPoint::started) : all.end();
    const std::span<const HistoryPoint> chosen =
        first < last ? std::span<const HistoryPoint>{first, last} : std::span<const HistoryPoint>{};
    auto points = Json::array();
    for (const HistoryPoint& point : thin_out(chosen, most.value_or(points_most))) {
        points.push_back(point_json(point));
    }
    return json_response(dump(Json{{"mirror", facts->mirror.mirror.name},
                                   {"total", chosen.size()},
                                   {"points", std::move(points)}}));
}

}  // namespace service
