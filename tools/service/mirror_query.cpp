#include "tools/service/mirror_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace service {
namespace {

using Facts = std::shared_ptr<const MirrorFacts>;

constexpr std::array<std::pair<std::string_view, MirrorSort>, 6> sorts = {{
    {"name", MirrorSort::name},
    {"country", MirrorSort::country},
    {"speed", MirrorSort::speed},
    {"freshness", MirrorSort::freshness},
    {"lag", MirrorSort::lag},
    {"last_probe", MirrorSort::last_probe},
}};

std::optional<std::pair<MirrorSort, bool>> parse_sort(std::string_view text) {
    const bool is_descending = text.starts_with('-');
    text.remove_prefix(is_descending ? 1 : 0);
    const auto* const found =
        std::ranges::find(sorts, text, &std::pair<std::string_view, MirrorSort>::first);
    if (found == sorts.end()) {
        return std::nullopt;
    }
    return std::pair{found->second, is_descending};
}

/// Sorts as text as the value does as what it is. Unknown is greater than all that is known.
std::string sort_key(const MirrorFacts& facts, MirrorSort sort) {
    const auto& mirror = facts.mirror.mirror;
    switch (sort) {
    case MirrorSort::name: return mirror.name;
    case MirrorSort::country: return mirror.country.empty() ? "~" : mirror.country;
    case MirrorSort::speed: return fmt::format("{:012}", static_cast<int>(mirror.speed));
    case MirrorSort::freshness: return fmt::format("{}", static_cast<int>(facts.freshness.overall));
    case MirrorSort::lag: {
        const auto lag = model::worst_lag(facts.observation);
        return lag ? fmt::format("{:012}", std::max<std::int64_t>(lag->behind.count(), 0)) : "~";
    }
    case MirrorSort::last_probe:
        return facts.last_probe
                   ? fmt::format("{:020}",
                                 facts.last_probe->record.finished.time_since_epoch().count())
                   : "~";
    }
    return {};
}

struct Place {
    std::string key;
    std::string_view name;
};

bool comes_before(const Place& left, const Place& right, bool is_descending) {
    if (left.key != right.key) {
        return is_descending ? left.key > right.key : left.key < right.key;
    }
    return left.name < right.name;
}

bool is_selected(const MirrorFacts& facts, const MirrorQuery& query) {
    const auto& mirror = facts.mirror.mirror;
    if ((query.distribution && mirror.distribution != *query.distribution) ||
        (query.country && mirror.country != *query.country) ||
        (query.content && mirror.content != *query.content) ||
        (query.enabled && facts.mirror.state.enabled != *query.enabled) ||
        (query.official && model::is_official(mirror) != *query.official) ||
        (!query.freshness.empty() && !query.freshness.contains(facts.freshness.overall))) {
        return false;
    }
    if (query.lag_min) {
        const auto lag = model::worst_lag(facts.observation);
        return lag && lag->behind >= *query.lag_min;
    }
    return true;
}

}  // namespace

MirrorQuery read_mirror_query(Query& query, const World& world) {
    MirrorQuery read;
    read.distribution = query.text("distribution");
    if (read.distribution && find_distribution(world, *read.distribution) == nullptr) {
        std::string names;
        for (const model::Distribution& one : world.distributions) {
            names += (names.empty() ? "" : ", ") + one.name;
        }
        query.refuse("distribution",
                     names.empty() ? "left out: there is none yet" : "one of " + names);
    }
    read.country = query.country("country");
    read.content = query.word("content", model::parse_content, "ARCHIVE or RELEASE");
    read.enabled = query.yes_no("enabled");
    read.official = query.yes_no("official");
    for (const std::string& word : query.list("freshness").value_or(std::vector<std::string>{})) {
        if (const auto freshness = model::parse_freshness(word)) {
            read.freshness.insert(*freshness);
        } else {
            query.refuse("freshness",
                         "words of UP, ONEHOURBEHIND, TWOHOURSBEHIND, SIXHOURSBEHIND, "
                         "ONEDAYBEHIND, TWODAYSBEHIND, ONEWEEKBEHIND and UNKNOWN with commas "
                         "between");
        }
    }
    read.lag_min = query.duration("lag_min");
    if (const auto sort = query.word("sort", parse_sort,
                                     "name, country, speed, freshness, lag or last_probe, with "
                                     "\"-\" before it for the greatest first")) {
        read.sort = sort->first;
        read.is_descending = sort->second;
    }
    return read;
}

std::vector<Facts> select_mirrors(const World& world, const MirrorQuery& query) {
    std::vector<std::pair<std::string, Facts>> keyed;
    for (const Facts& facts : world.mirrors) {
        if (is_selected(*facts, query)) {
            keyed.emplace_back(sort_key(*facts, query.sort), facts);
        }
    }
    std::ranges::sort(keyed, [&](const auto& left, const auto& right) {
        return comes_before({left.first, left.second->mirror.mirror.name},
                            {right.first, right.second->mirror.mirror.name}, query.is_descending);
    });
    std::vector<Facts> selected;
    selected.reserve(keyed.size());
    for (auto& [key, facts] : keyed) {
        selected.push_back(std::move(facts));
    }
    return selected;
}

std::string cursor_of(const MirrorFacts& facts, const MirrorQuery& query) {
    return encode_cursor(sort_key(facts, query.sort) + "\n" + facts.mirror.mirror.name);
}

std::optional<std::size_t> find_cursor(const std::vector<Facts>& sorted, const MirrorQuery& query,
                                       std::string_view cursor) {
    const auto text = decode_cursor(cursor);
    const auto end = text ? text->find('\n') : std::string::npos;
    if (end == std::string::npos) {
        return std::nullopt;
    }
    const std::string name = text->substr(end + 1);
    const Place after{text->substr(0, end), name};
    const auto next = std::ranges::partition_point(sorted, [&](const Facts& facts) {
        return !comes_before(after, {sort_key(*facts, query.sort), facts->mirror.mirror.name},
                             query.is_descending);
    });
    return static_cast<std::size_t>(next - sorted.begin());
}

}  // namespace service
