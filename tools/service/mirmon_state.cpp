#include "tools/service/list_answers.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace service {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t probes_shown = 28;
constexpr int days_shown = 14;
// Of mirmon: fresh up to min_sync + max_poll, oldish up to max_sync + max_poll.
constexpr std::chrono::seconds fresh_max = 28h;
constexpr std::chrono::seconds oldish_max = 52h;

std::string seconds_or_undef(const std::optional<model::Timestamp>& when) {
    if (!when) {
        return "undef";
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(when->time_since_epoch());
    return fmt::format("{}", seconds.count());
}

bool has_passed(const HistoryPoint& point) {
    return point.verdict == model::ProbeVerdict::passed;
}

/// The worst kind of failure that its requests had, in mirmon's words.
std::string_view status_of(const MirrorFacts& facts) {
    if (!facts.last_probe) {
        return "undef";
    }
    const auto& record = facts.last_probe->record;
    if (record.verdict != model::ProbeVerdict::failed) {
        return "ok";
    }
    for (const auto& [name, count] : record.outcomes) {
        const auto outcome = model::parse_outcome(name);
        if (outcome && count > 0 && outcome->kind == model::OutcomeKind::name_not_resolved) {
            return "site_not_found";
        }
        if (outcome && count > 0 && model::is_timeout(outcome->kind)) {
            return "hangs";
        }
    }
    return "no_time";
}

char state_of(const HistoryPoint& point) {
    if (!has_passed(point) || !point.lag) {
        return point.freshness == model::Freshness::unknown           ? 'z'
               : point.freshness <= model::Freshness::one_day_behind  ? 's'
               : point.freshness <= model::Freshness::two_days_behind ? 'b'
                                                                      : 'f';
    }
    return point.lag->behind <= fresh_max ? 's' : point.lag->behind <= oldish_max ? 'b' : 'f';
}

/// One letter a day, the last day on the right; x where there was no probe.
std::string days_of(const MirrorFacts& facts, model::Timestamp now) {
    std::string days(days_shown, 'x');
    for (const HistoryPoint& point : facts.history) {
        const auto age = (now - point.started) / 24h;
        if (age >= 0 && age < days_shown) {
            days[static_cast<std::size_t>(days_shown - 1 - age)] = state_of(point);
        }
    }
    return days;
}

std::string line_of(const MirrorFacts& facts, model::Timestamp now) {
    std::string probes;
    std::optional<model::Timestamp> last;
    std::optional<model::Timestamp> last_passed;
    std::optional<model::Timestamp> synced;
    const std::size_t skipped = facts.history.size() - std::min(facts.history.size(), probes_shown);
    for (std::size_t i = 0; i < facts.history.size(); ++i) {
        const HistoryPoint& point = facts.history[i];
        last = point.started;
        if (has_passed(point)) {
            last_passed = point.started;
            synced = point.lag ? std::optional{point.started - point.lag->behind} : synced;
        }
        if (i >= skipped) {
            probes += has_passed(point) ? 's' : 'f';
        }
    }
    return fmt::format("{} {} {} {} {} {}-{} {}\n", model::probe_url(facts.mirror.mirror),
                       seconds_or_undef(synced), status_of(facts), seconds_or_undef(last_passed),
                       probes.empty() ? "undef" : probes, seconds_or_undef(now),
                       days_of(facts, now), seconds_or_undef(last));
}

}  // namespace

Response mirmon_state(const Request& request, const World& world, model::Timestamp now) {
    Query query{request};
    auto chosen = choose_distribution(request, query, world);
    if (chosen.distribution == nullptr) {
        return std::move(chosen.fault);
    }
    // To the day that it is about, so that it is the same until something happens.
    const auto read_at = std::max(world.read_at, model::Timestamp{});
    Response response;
    for (const auto& facts : world.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        if (mirror.distribution == chosen.distribution->name && !model::probe_url(mirror).empty()) {
            response.body += line_of(*facts, std::min(now, read_at));
        }
    }
    return response;
}

}  // namespace service
