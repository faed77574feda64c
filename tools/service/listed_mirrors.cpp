#include "tools/service/listed_mirrors.hpp"

#include "model/continent.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace service {
namespace {

/// Lower comes first.
auto order_of(const MirrorFacts* facts) {
    const auto lag = model::worst_lag(facts->observation);
    return std::tuple{facts->freshness.overall,
                      lag ? lag->behind.count() : std::numeric_limits<std::int64_t>::max(),
                      -static_cast<std::int64_t>(facts->mirror.mirror.speed),
                      std::string_view{facts->mirror.mirror.name}};
}

}  // namespace

std::vector<const MirrorFacts*> listed_mirrors(const World& world,
                                               const model::Distribution& distribution,
                                               model::Content content) {
    std::vector<const MirrorFacts*> listed;
    for (const auto& facts : world.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        if (mirror.distribution == distribution.name && mirror.content == content &&
            facts->mirror.state.enabled && model::is_official(mirror) &&
            !model::probe_url(mirror).empty()) {
            listed.push_back(facts.get());
        }
    }
    std::ranges::sort(listed, {}, order_of);
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
