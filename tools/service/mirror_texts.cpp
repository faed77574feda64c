#include "model/country.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/listed_mirrors.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// The architectures that the mirror has anything of; sources under their own word.
std::set<std::string> architectures_of(const World& world, const MirrorFacts& facts) {
    std::set<std::string> all;
    for (const model::ContentRow& row : content_rows(world, facts)) {
        all.insert(row.bucket.architecture);
    }
    return all;
}

/// What apt should ask this mirror for. A stale one has packages that any index names, but an
/// index of its own would be refused beside a newer Release.
std::string apt_restrictions(const std::set<std::string>& has, const std::set<std::string>& others,
                             bool is_stale) {
    std::string text = is_stale ? " type:deb" : "";
    const bool is_partial = std::ranges::any_of(others, [&](const std::string& one) {
        return one != model::source_architecture && !has.contains(one);
    });
    if (is_partial) {
        text += " arch:all";
        for (const std::string& one : has) {
            text += one == model::source_architecture || one == "all" ? "" : " arch:" + one;
        }
    }
    return text;
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

Response mirrors_text(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    const auto content = query.word("content", model::parse_content, content_words)
                             .value_or(model::Content::archive);
    auto chosen = choose_distribution(request, query, world);
    if (chosen.distribution == nullptr) {
        return std::move(chosen.fault);
    }
    std::vector<std::string> urls;
    for (const MirrorFacts* facts : listed_mirrors(world, *chosen.distribution, content)) {
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

Response apt_mirrorlist(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    const auto country = query.country("country");
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
    std::vector<std::set<std::string>> have;
    std::set<std::string> all;
    for (const MirrorFacts* facts : listed) {
        have.push_back(architectures_of(world, *facts));
        all.insert(have.back().begin(), have.back().end());
    }
    std::string text;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        const auto freshness = listed[i]->freshness.overall;
        const bool is_stale = freshness != listed.front()->freshness.overall;
        text += fmt::format("{}\tpriority:{}{}\n", model::probe_url(listed[i]->mirror.mirror),
                            static_cast<int>(freshness), apt_restrictions(have[i], all, is_stale));
    }
    // The last resort; without restrictions, so that there is always somebody to ask.
    if (!chosen.distribution->primary_url.empty()) {
        text += fmt::format("{}\tpriority:9\n", chosen.distribution->primary_url);
    }
    return plain(std::move(text));
}

}  // namespace service
