#include "model/country.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace service {
namespace {

using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

/// Over what the averages go: a mirror is probed once a day.
constexpr std::chrono::seconds cutoff = 7 * 24h;
constexpr std::chrono::seconds check_frequency = 24h;

struct Averages {
    std::size_t probes = 0;
    double passed = 0;    // a share
    double duration = 0;  // seconds for one index
    double deviation = 0;
};

Averages averages_of(const MirrorFacts& facts, model::Timestamp now) {
    Averages averages;
    std::vector<double> durations;
    std::size_t passed = 0;
    for (const HistoryPoint& point : facts.history) {
        if (point.started < now - cutoff || point.suspect) {
            continue;
        }
        ++averages.probes;
        if (point.verdict == model::ProbeVerdict::passed) {
            ++passed;
            const double seconds = static_cast<double>(point.duration.count()) / 1'000;
            durations.push_back(seconds / std::max<std::uint32_t>(point.expected, 1));
        }
    }
    if (averages.probes > 0) {
        averages.passed = static_cast<double>(passed) / static_cast<double>(averages.probes);
    }
    if (!durations.empty()) {
        const auto count = static_cast<double>(durations.size());
        for (const double one : durations) {
            averages.duration += one / count;
        }
        double variance = 0;
        for (const double one : durations) {
            variance += (one - averages.duration) * (one - averages.duration) / count;
        }
        averages.deviation = std::sqrt(variance);
    }
    return averages;
}

bool answers_on(const MirrorFacts& facts, bool is_v6) {
    return std::ranges::any_of(facts.observation.addresses,
                               [&](const model::AddressState& address) {
                                   return address.outcome.is_ok() &&
                                          (address.address.find(':') != std::string::npos) == is_v6;
                               });
}

/// What all URLs of one mirror share.
Json mirror_json(const MirrorFacts& facts, model::Timestamp now) {
    const auto& mirror = facts.mirror.mirror;
    const Averages averages = averages_of(facts, now);
    const auto lag = model::worst_lag(facts.observation);
    const bool is_known = averages.passed > 0;
    Json json = {{"last_sync", nullptr},
                 {"completion_pct", averages.passed},
                 {"delay", nullptr},
                 {"duration_avg", is_known ? Json(averages.duration) : Json(nullptr)},
                 {"duration_stddev", is_known ? Json(averages.deviation) : Json(nullptr)},
                 {"score", nullptr},
                 {"active", facts.mirror.state.enabled},
                 {"country", model::country_name(mirror.country)},
                 {"country_code", mirror.country},
                 {"isos", mirror.content == model::Content::release},
                 {"ipv4", answers_on(facts, false)},
                 {"ipv6", answers_on(facts, true)},
                 {"details", "../" + mirror.name}};
    if (lag && facts.last_probe) {
        const auto synced = std::chrono::floor<std::chrono::seconds>(
            facts.last_probe->record.started - lag->behind);
        json["last_sync"] = model::format_timestamp(synced);
        json["delay"] = lag->behind.count();
        if (is_known) {
            const double hours = static_cast<double>(lag->behind.count()) / 3'600;
            json["score"] = (hours + averages.duration + averages.deviation) / averages.passed;
        }
    }
    return json;
}

}  // namespace

Response archweb_status(const Request& request, const World& world, model::Timestamp now) {
    Query query{request};
    auto chosen = choose_distribution(request, query, world);
    if (chosen.distribution == nullptr) {
        return std::move(chosen.fault);
    }
    auto urls = Json::array();
    std::optional<model::Timestamp> last;
    std::size_t probes = 0;
    for (const auto& facts : world.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        if (mirror.distribution != chosen.distribution->name) {
            continue;
        }
        if (facts->last_probe) {
            last = std::max(last.value_or(model::Timestamp{}), facts->last_probe->record.finished);
        }
        probes = std::max(probes, averages_of(*facts, now).probes);
        const Json shared = mirror_json(*facts, now);
        for (const auto& [protocol, url] :
             {std::pair{"http", &mirror.http_url}, std::pair{"https", &mirror.https_url},
              std::pair{"ftp", &mirror.ftp_url}, std::pair{"rsync", &mirror.rsync_url}}) {
            if (!url->empty()) {
                Json json = {{"url", *url}, {"protocol", protocol}};
                json.update(shared);
                urls.push_back(std::move(json));
            }
        }
    }
    const auto last_second =
        last ? Json(model::format_timestamp(std::chrono::floor<std::chrono::seconds>(*last)))
             : Json(nullptr);
    const Json json = {{"cutoff", cutoff.count()}, {"last_check", last_second},
                       {"num_checks", probes},     {"check_frequency", check_frequency.count()},
                       {"urls", std::move(urls)},  {"version", 3}};
    return json_response(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace service
