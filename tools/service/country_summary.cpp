#include "tools/service/country_summary.hpp"

#include "tools/service/page_words.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace service {
namespace {

/// Lower is better.
auto rank_of(const MirrorFacts& facts) {
    const auto lag = model::worst_lag(facts.observation);
    const auto integrity = model::known_integrity(facts.observation);
    const Mood mood = integrity ? integrity_state(*integrity).mood : Mood::good;
    return std::tuple{!facts.mirror.state.enabled,
                      mood == Mood::bad,
                      facts.freshness.overall,
                      mood == Mood::caution,
                      lag ? lag->behind.count() : std::numeric_limits<std::int64_t>::max(),
                      -static_cast<std::int64_t>(facts.mirror.mirror.speed),
                      std::string_view{facts.mirror.mirror.name}};
}

void add(CountrySummary& country, const MirrorFacts& facts) {
    ++country.mirrors;
    if (country.worst == nullptr || is_better(*country.worst, facts)) {
        country.worst = &facts;
    }
    if (!facts.mirror.state.enabled) {
        return;
    }
    ++country.enabled;
    country.up_to_date += facts.freshness.overall == model::Freshness::up ? 1 : 0;
    country.kilobits += static_cast<std::uint64_t>(facts.mirror.mirror.speed);
    if (country.best == nullptr || is_better(facts, *country.best)) {
        country.best = &facts;
    }
}

}  // namespace

bool is_better(const MirrorFacts& left, const MirrorFacts& right) {
    return rank_of(left) < rank_of(right);
}

std::vector<CountrySummary> country_summaries(const World& world,
                                              const model::Distribution& distribution) {
    std::map<std::string, CountrySummary> by_code;
    for (const auto& facts : world.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        if (mirror.distribution == distribution.name) {
            add(by_code[mirror.country], *facts);
        }
    }
    std::vector<CountrySummary> summaries;
    for (auto& [code, country] : by_code) {
        country.code = code;
        country.name = country_words(code);
        summaries.push_back(std::move(country));
    }
    std::ranges::stable_sort(summaries, {}, &CountrySummary::name);
    return summaries;
}

}  // namespace service
