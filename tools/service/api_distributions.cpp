#include "tools/json/mirror_json.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/propagation.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace service {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// How many of the distribution's mirrors there are of each kind.
Json counts_json(const World& world, const model::Distribution& distribution) {
    int all = 0;
    int enabled = 0;
    int official = 0;
    int up_to_date = 0;
    std::uint64_t kilobits = 0;
    for (const auto& facts : world.mirrors) {
        if (facts->mirror.mirror.distribution != distribution.name) {
            continue;
        }
        ++all;
        official += model::is_official(facts->mirror.mirror) ? 1 : 0;
        if (facts->mirror.state.enabled) {
            ++enabled;
            up_to_date += facts->freshness.overall == model::Freshness::up ? 1 : 0;
            kilobits += static_cast<std::uint64_t>(facts->mirror.mirror.speed);
        }
    }
    return {{"mirrors", all},
            {"enabled", enabled},
            {"official", official},
            {"up_to_date", up_to_date},
            {"kilobits_a_second", kilobits}};
}

Json suites_json(const World& world, const model::Distribution& distribution) {
    auto suites = Json::array();
    const auto known = world.snapshots.find(distribution.name);
    if (known == world.snapshots.end()) {
        return suites;
    }
    for (const auto& [suite, snapshots] : known->second) {
        if (!snapshots.empty()) {
            suites.push_back({{"suite", suite},
                              {"newest", model::format_timestamp(snapshots.front().date)},
                              {"text_sha256", to_string(snapshots.front().text_sha256)}});
        }
    }
    return suites;
}

Json distribution_with_counts(const World& world, const model::Distribution& distribution) {
    std::vector<std::string> names;
    for (const auto& facts : world.mirrors) {
        if (facts->mirror.mirror.distribution == distribution.name) {
            names.push_back(facts->mirror.mirror.name);
        }
    }
    Json json = json::public_distribution_json(distribution, names);
    json["counts"] = counts_json(world, distribution);
    json["snapshots"] = suites_json(world, distribution);
    return json;
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

Json propagation_json(const Propagation& propagation) {
    auto steps = Json::array();
    for (const Propagation::Step& step : propagation.steps) {
        steps.push_back({{"after", step.after.count()},
                         {"mirrors", step.mirrors},
                         {"share_of_mirrors", share(step.mirrors, propagation.mirrors)},
                         {"share_of_bandwidth", share(step.kilobits, propagation.kilobits)}});
    }
    return {{"suite", propagation.snapshot->suite},
            {"published", model::format_timestamp(propagation.snapshot->date)},
            {"text_sha256", to_string(propagation.snapshot->text_sha256)},
            {"mirrors", propagation.mirrors},
            {"kilobits_a_second", propagation.kilobits},
            {"steps", std::move(steps)}};
}

}  // namespace

Response not_found(std::string_view kind, std::string_view name) {
    return problem(404, fmt::format("No such {}", kind),
                   fmt::format("There is no {} \"{}\".", kind, name));
}

Response list_distributions(const Request& request, const World& world, model::Timestamp) {
    const Query query{request};
    if (auto fault = query.fault()) {
        return *fault;
    }
    auto distributions = Json::array();
    for (const model::Distribution& distribution : world.distributions) {
        distributions.push_back({{"name", distribution.name},
                                 {"title", distribution.title},
                                 {"counts", counts_json(world, distribution)}});
    }
    return json_response(dump({{"distributions", std::move(distributions)}}));
}

Response show_distribution(const Request& request, const World& world, model::Timestamp) {
    const Query query{request};
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto* const distribution = find_distribution(world, capture(request, "name"));
    if (distribution == nullptr) {
        return not_found("distribution", capture(request, "name"));
    }
    return json_response(dump(distribution_with_counts(world, *distribution)));
}

Response show_propagation(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    const auto suite = query.text("suite");
    if (!suite) {
        query.refuse("suite", "given: the folder below dists/");
    }
    const auto text = query.word("text_sha256", model::parse_sha256, "64 hexadecimal digits");
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto* const distribution = find_distribution(world, capture(request, "name"));
    if (distribution == nullptr) {
        return not_found("distribution", capture(request, "name"));
    }
    const auto* const snapshot = find_snapshot(world, distribution->name, *suite, text);
    if (snapshot == nullptr) {
        return not_found("snapshot of the suite", *suite);
    }
    return json_response(dump(propagation_json(propagation_of(world, *distribution, *snapshot))));
}

}  // namespace service
