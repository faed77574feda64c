#include "model/country.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/bucket_places.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/listed_mirrors.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <set>

namespace service {
namespace {

constexpr std::string_view content_words = "ARCHIVE or RELEASE";

std::string lines(const std::vector<std::string>& urls) {
    std::string text;
    for (const std::string& url : urls) {
        text += url + "\n";
    }
    return text;
}

Response plain(std::string text) {
    return {.body = std::move(text)};
}

/// The architectures that others have and this mirror lacks; sources do not count.
bool is_partial(const std::set<std::string>& has, const std::set<std::string>& others) {
    return std::ranges::any_of(others, [&](const std::string& one) {
        return one != model::source_architecture && !has.contains(one);
    });
}

/// The architectures of a partial mirror, for apt.
std::string apt_architectures(const std::set<std::string>& has) {
    std::string text = " arch:all";
    for (const std::string& one : has) {
        text += one == model::source_architecture || one == "all" ? "" : " arch:" + one;
    }
    return text;
}

/// apt asks the lowest first: by freshness, or where it is known who asks, by nearness before.
int apt_priority(const MirrorFacts& facts, std::string_view near) {
    const int freshness = static_cast<int>(facts.freshness.overall);
    return near.empty() ? freshness : 10 * static_cast<int>(nearness(facts, near)) + freshness;
}

bool is_address(const std::string& text) {
    in6_addr address{};
    return ::inet_pton(AF_INET, text.c_str(), &address) == 1 ||
           ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

/// Of the address in the parameter `from`; empty: there is none, or nobody knows its country.
std::string country_of_client(Query& query, const Locate& locate) {
    const auto from = query.text("from");
    if (!from) {
        return {};
    }
    if (!is_address(*from)) {
        query.refuse("from", "an IPv4 or IPv6 address");
    } else if (!locate) {
        query.refuse("from",
                     "left out: nobody here knows where addresses are (the operator can name a "
                     "database with --location-database)");
    } else {
        return locate(*from).value_or("");
    }
    return {};
}

}  // namespace

ChosenDistribution choose_distribution(const Request& request, Query& query, const World& world) {
    const auto parameter = query.text("distribution");
    const auto in_path = capture(request, "distribution");
    if (auto fault = query.fault()) {
        return {.fault = *fault};
    }
    const std::string name = !in_path.empty() ? std::string{in_path} : parameter.value_or("");
    if (name.empty() && world.distributions.size() == 1) {
        return {.distribution = &world.distributions.front()};
    }
    if (name.empty()) {
        return {.fault = problem(400, "Which distribution?",
                                 "There are several, or none: name one with the parameter "
                                 "\"distribution\".")};
    }
    const auto* const found = find_distribution(world, name);
    if (found == nullptr) {
        return {.fault = not_found("distribution", name)};
    }
    return {.distribution = found};
}

Response mirrors_text(const Request& request, const World& world, const Locate& locate) {
    Query query{request};
    const auto content = query.word("content", model::parse_content, content_words)
                             .value_or(model::Content::archive);
    const auto near = country_of_client(query, locate);
    auto chosen = choose_distribution(request, query, world);
    if (chosen.distribution == nullptr) {
        return std::move(chosen.fault);
    }
    std::vector<std::string> urls;
    for (const MirrorFacts* facts :
         nearest_first(listed_mirrors(world, *chosen.distribution, content), near)) {
        urls.push_back(model::probe_url(facts->mirror.mirror));
    }
    return plain(lines(urls));
}

Response country_text(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    const auto content = query.word("content", model::parse_content, content_words)
                             .value_or(model::Content::archive);
    auto chosen = choose_distribution(request, query, world);
    if (chosen.distribution == nullptr) {
        return std::move(chosen.fault);
    }
    const auto country = capture(request, "country");
    if (model::country_name(country).empty()) {
        return not_found("country with the ISO 3166-1 code", country);
    }
    return plain(lines(urls_for_country(listed_mirrors(world, *chosen.distribution, content),
                                        *chosen.distribution, country)));
}

// apt fetches all indexes of a suite from where it had the Release. A stale mirror's are refused
// beside a newer Release, and a partial one has not all of them: both serve packages only.
Response apt_mirrorlist(const Request& request, const World& world, const Locate& locate) {
    Query query{request};
    const auto country = query.country("country");
    const auto near = country_of_client(query, locate);
    auto chosen = choose_distribution(request, query, world);
    if (chosen.distribution == nullptr) {
        return std::move(chosen.fault);
    }
    auto listed = listed_mirrors(world, *chosen.distribution, model::Content::archive);
    if (country) {
        const auto urls = urls_for_country(listed, *chosen.distribution, *country);
        std::erase_if(listed, [&](const MirrorFacts* facts) {
            return std::ranges::find(urls, model::probe_url(facts->mirror.mirror)) == urls.end();
        });
    }
    const auto freshest =
        listed.empty() ? model::Freshness::unknown : listed.front()->freshness.overall;
    listed = nearest_first(std::move(listed), near);
    const Architectures architectures{world.buckets.at(chosen.distribution->name)};
    std::vector<std::set<std::string>> have;
    std::set<std::string> all;
    for (const MirrorFacts* facts : listed) {
        have.push_back(architectures.of(facts->rows));
        all.insert(have.back().begin(), have.back().end());
    }
    const auto& primary = chosen.distribution->primary_url;
    std::vector<bool> serves_indexes;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        serves_indexes.push_back(listed[i]->freshness.overall == freshest &&
                                 !is_partial(have[i], all));
    }
    // Somebody must: where nobody is fit, apt may ask anybody.
    const bool restricts =
        !primary.empty() || std::ranges::find(serves_indexes, true) != serves_indexes.end();
    std::string text;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        text += fmt::format("{}\tpriority:{}{}{}\n", model::probe_url(listed[i]->mirror.mirror),
                            apt_priority(*listed[i], near),
                            restricts && !serves_indexes[i] ? " type:deb" : "",
                            is_partial(have[i], all) ? apt_architectures(have[i]) : "");
    }
    // The last resort; without restrictions, so that there is always somebody to ask.
    if (!primary.empty()) {
        text += fmt::format("{}\tpriority:{}\n", primary, near.empty() ? 9 : 39);
    }
    return plain(std::move(text));
}

}  // namespace service
