#include "tools/service/listed_mirrors.hpp"

#include "model/continent.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace service {
namespace {

/// Lower comes first.
using Order = std::tuple<model::Freshness, std::int64_t, std::int64_t, std::string_view>;

Order order_of(const MirrorFacts& facts) {
    const auto lag = model::worst_lag(facts.observation);
    return {facts.freshness.overall,
            lag ? lag->behind.count() : std::numeric_limits<std::int64_t>::max(),
            -static_cast<std::int64_t>(facts.mirror.mirror.speed), facts.mirror.mirror.name};
}

}  // namespace

std::vector<const MirrorFacts*> listed_mirrors(const World& world,
                                               const model::Distribution& distribution,
                                               model::Content content) {
    std::vector<std::pair<Order, const MirrorFacts*>> ordered;
    for (const auto& facts : world.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        if (mirror.distribution == distribution.name && mirror.content == content &&
            facts->mirror.state.enabled && model::is_official(mirror) &&
            !model::probe_url(mirror).empty()) {
            ordered.emplace_back(order_of(*facts), facts.get());
        }
    }
    std::ranges::sort(ordered);
    std::vector<const MirrorFacts*> listed;
    listed.reserve(ordered.size());
    for (const auto& [order, facts] : ordered) {
        listed.push_back(facts);
    }
    return listed;
}

Nearness nearness(const MirrorFacts& facts, std::string_view country) {
    const auto& other = facts.mirror.mirror.country;
    if (!country.empty() && other == country) {
        return Nearness::same_country;
    }
    const auto continent = model::continent_of(country);
    return !continent.empty() && model::continent_of(other) == continent ? Nearness::same_continent
                                                                         : Nearness::elsewhere;
}

std::vector<const MirrorFacts*> nearest_first(std::vector<const MirrorFacts*> listed,
                                              std::string_view country) {
    std::ranges::stable_sort(listed, {},
                             [&](const MirrorFacts* facts) { return nearness(*facts, country); });
    return listed;
}

std::vector<std::string> urls_for_country(const std::vector<const MirrorFacts*>& listed,
                                          const model::Distribution& distribution,
                                          std::string_view country) {
    std::vector<std::string> urls;
    const auto add_where = [&](auto is_near) {
        for (const MirrorFacts* facts : listed) {
            if (is_near(facts->mirror.mirror.country)) {
                urls.push_back(model::probe_url(facts->mirror.mirror));
            }
        }
    };
    add_where([&](const std::string& other) { return other == country; });
    if (!urls.empty()) {
        return urls;
    }
    const auto continent = model::continent_of(country);
    add_where([&](const std::string& other) {
        return !continent.empty() && model::continent_of(other) == continent;
    });
    if (!distribution.primary_url.empty()) {
        urls.push_back(distribution.primary_url);
    }
    return urls;
}

}  // namespace service
