#include "tools/made_up/mirror_year.hpp"

#include "model/bucket.hpp"
#include "model/probe_log.hpp"
#include "model/rules.hpp"
#include "model/stable_hash.hpp"
#include "tools/service/compression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace made_up {
namespace {

using namespace std::chrono_literals;
using model::Integrity;
using model::Timestamp;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// 0 to 999, the same for the same words.
int chance(std::string_view name, std::string_view what, std::int64_t when) {
    return static_cast<int>(model::stable_hash(fmt::format("{} {} {}", name, what, when)) / 7 %
                            1'000);
}

std::string host_of(const model::Mirror& mirror) {
    const std::string& url = model::probe_url(mirror);
    const auto begin = url.find("://") + 3;
    return url.substr(begin, url.find('/', begin) - begin);
}

model::Finding finding(std::string_view rule, const model::Mirror& mirror, const std::string& path,
                       model::Evidence evidence) {
    const std::string url = model::probe_url(mirror) + path;
    evidence.request = "HEAD " + url;
    evidence.curl = model::curl_head(url);
    if (evidence.subject.empty()) {
        evidence.subject = host_of(mirror);
    }
    return model::make_finding(rule, std::move(evidence));
}

/// One mirror at one time.
class Look {
public:
    Look(const model::StoredMirror& stored, const Fate& fate, const Year& year, Timestamp when)
        : stored_{stored}, fate_{fate}, year_{year}, when_{when} {
        const auto age = year.end - when;
        const auto day = std::chrono::floor<days>(age).count();
        const bool is_ending = age <= days{fate.ending_days} + 65min;
        const bool has_trouble =
            !is_ending && day > 1 &&
            chance(fate.name, "trouble", day / 2) * 365 < fate.troubles * 1'000;
        const int kind = has_trouble ? chance(fate.name, "kind", day / 2) : 1'000;
        is_failing_ =
            (is_ending && (fate.ending == Ending::failing || fate.ending == Ending::expired ||
                           fate.ending == Ending::in_maintenance)) ||
            kind < 350;
        is_stalled_ = (is_ending && fate.ending == Ending::behind) || (kind >= 350 && kind < 850);
        is_torn_ = (is_ending && (fate.ending == Ending::torn || fate.ending == Ending::syncing)) ||
                   (kind >= 850 && kind < 1'000);
        is_half_ = is_ending && fate.ending == Ending::half;
        synced_ = last_sync(is_ending, day);
    }

    model::ProbeResult result() const {
        model::ProbeResult result;
        result.mirror = stored_.state.id;
        auto& record = result.record;
        record.started = when_;
        record.finished = when_ + duration();
        // One day our own network was down, and every result of it is doubted.
        record.suspect = std::chrono::floor<days>(year_.end - when_).count() == 40;
        observe_suites(result);
        observe_host(result.observation);
        const auto buckets =
            model::expected_buckets(*year_.distribution, {}, model::Expectation::everything);
        record.expected = static_cast<std::uint32_t>(buckets.size());
        if (!is_failing_) {
            add_rows(result, buckets);
        }
        record.found = static_cast<std::uint32_t>(result.rows.size());
        record.verdict =
            result.rows.empty() ? model::ProbeVerdict::failed : model::ProbeVerdict::passed;
        record.requests = is_failing_ ? 4 : record.expected + 12;
        record.outcomes = {{is_failing_ ? failure() : "ok", record.requests}};
        add_findings(result);
        result.log_gz = service::gzip(log_of(result));
        return result;
    }

private:
    std::string failure() const {
        return fate_.ending == Ending::expired ? "tls-expired" : "timeout-connect";
    }

    Timestamp last_sync(bool is_ending, std::int64_t day) const {
        if (is_stalled_) {
            const auto length = is_ending ? days{fate_.ending_days} : days{day % 2 + 1};
            const auto begun = is_ending ? year_.end - length : when_ - length;
            return begun - hours{chance(fate_.name, "stall", 0) % 20};
        }
        const auto step = hours{fate_.sync_hours};
        const auto offset = minutes{chance(fate_.name, "offset", 0) % (fate_.sync_hours * 60)};
        const auto since = when_.time_since_epoch() - offset;
        return Timestamp{since / step * step + offset} - minutes{20};
    }

    std::chrono::milliseconds duration() const {
        const int wave = chance(fate_.name, "duration", when_.time_since_epoch() / 1min);
        return is_failing_
                   ? std::chrono::milliseconds{30'000}
                   : std::chrono::milliseconds{
                         900 + 12 * wave + 40'000'000 / (100'000 + static_cast<int>(fate_.speed))};
    }

    Integrity integrity() const {
        if (is_failing_) {
            return Integrity::unknown;
        }
        if (is_torn_) {
            return fate_.ending == Ending::syncing ? Integrity::syncing : Integrity::torn;
        }
        return Integrity::whole;
    }

    /// By the archive's snapshots: since when the mirror lacks something.
    void observe_suites(model::ProbeResult& result) const {
        for (const auto& [name, snapshots] : *year_.snapshots) {
            model::SuiteState suite;
            suite.suite = name;
            suite.integrity = is_failing_ ? Integrity::unknown : Integrity::whole;
            const auto lacks =
                std::ranges::upper_bound(snapshots, synced_, {}, &model::Snapshot::date);
            if (!is_failing_ && lacks != snapshots.begin()) {
                suite.text_sha256 = std::prev(lacks)->text_sha256;
                suite.release_date = std::prev(lacks)->date;
                suite.lag = model::Lag{};
                if (lacks != snapshots.end() && lacks->date <= when_) {
                    suite.lag->behind = std::chrono::duration_cast<seconds>(when_ - lacks->date);
                }
            }
            result.observation.suites.push_back(std::move(suite));
        }
        if (is_torn_) {
            auto& suite = result.observation.suites.back();
            suite.integrity = integrity();
            suite.torn_since = when_ - (integrity() == Integrity::torn ? 20h : 0h) - 25min;
        }
    }

    void observe_host(model::Observation& seen) const {
        const auto number = model::stable_hash(fate_.name) % 200 + 20;
        const model::Outcome outcome{is_failing_ ? model::OutcomeKind::timeout_connect
                                                 : model::OutcomeKind::ok};
        seen.addresses = {{fmt::format("192.0.2.{}", number), outcome}};
        if (fate_.speed > model::Speed::s100m) {
            seen.addresses.push_back({fmt::format("2001:db8::{:x}", number), outcome});
        }
        if (!stored_.mirror.https_url.empty() &&
            (!is_failing_ || fate_.ending == Ending::expired)) {
            const auto left = fate_.ending == Ending::expired
                                  ? year_.end - days{fate_.ending_days}
                                  : when_ + days{8 + chance(fate_.name, "certificate", 0) % 80};
            seen.certificate = model::CertificateState{.host = host_of(stored_.mirror),
                                                       .subject = host_of(stored_.mirror),
                                                       .issuer = "Made-Up Authority",
                                                       .not_before = left - days{90},
                                                       .not_after = left,
                                                       .lacks_intermediate = false};
        }
        seen.costs = {{.kind = "index", .requests = 40, .bytes = 12'345}};
        seen.in_maintenance = fate_.ending == Ending::in_maintenance && is_failing_;
    }

    static model::Freshness freshness(const model::Bucket& bucket, const model::Observation& seen) {
        using model::Freshness;
        const auto suite =
            std::ranges::find(seen.suites, model::suite(bucket), &model::SuiteState::suite);
        if (suite == seen.suites.end() || !suite->lag) {
            return Freshness::unknown;
        }
        const auto behind = suite->lag->behind;
        return behind == 0s    ? Freshness::up
               : behind <= 1h  ? Freshness::one_hour_behind
               : behind <= 2h  ? Freshness::two_hours_behind
               : behind <= 6h  ? Freshness::six_hours_behind
               : behind <= 24h ? Freshness::one_day_behind
               : behind <= 48h ? Freshness::two_days_behind
                               : Freshness::one_week_behind;
    }

    void add_rows(model::ProbeResult& result, const std::vector<model::Bucket>& buckets) const {
        for (const model::Bucket& bucket : buckets) {
            if (!is_half_ || bucket.architecture == "amd64" || bucket.is_source()) {
                result.rows.push_back({bucket, freshness(bucket, result.observation)});
            }
        }
    }

    void add_findings(model::ProbeResult& result) const {
        const auto& mirror = stored_.mirror;
        auto& findings = result.observation.findings;
        if (is_failing_) {
            const bool is_expired = fate_.ending == Ending::expired;
            findings.push_back(finding(is_expired ? "certificate-expired" : "no-answer", mirror,
                                       "dists/", {.answer = failure()}));
            return;
        }
        for (const model::SuiteState& suite : result.observation.suites) {
            if (suite.integrity != Integrity::whole) {
                findings.push_back(
                    finding("torn-index", mirror,
                            fmt::format("dists/{}/main/binary-amd64/Packages.gz", suite.suite),
                            {.subject = suite.suite,
                             .answer = "200, 104227 bytes",
                             .expected = "138766 bytes, says the InRelease there"}));
            } else if (suite.lag && suite.lag->behind > 24h) {
                findings.push_back(finding(
                    "behind", mirror, fmt::format("dists/{}/InRelease", suite.suite),
                    {.subject = suite.suite,
                     .answer = "a Release of " + model::format_timestamp(*suite.release_date)}));
            }
        }
    }

    std::string log_of(const model::ProbeResult& result) const {
        std::string log = model::format_log_remark(when_, "made up: nobody asked any host");
        if (year_.end - when_ > days{3}) {
            return log;
        }
        const std::string& base = model::probe_url(stored_.mirror);
        for (const model::ContentRow& row : result.rows) {
            const std::string url = base + model::index_path(row.bucket);
            log += model::format_log_line({.when = when_ + 120ms,
                                           .outcome = {model::OutcomeKind::ok},
                                           .url = url,
                                           .final_url = {},
                                           .meaning = "row ensured"});
        }
        for (const model::Finding& one : result.observation.findings) {
            log += model::format_log_finding(when_ + 900ms, one);
        }
        return log;
    }

    const model::StoredMirror& stored_;
    const Fate& fate_;
    const Year& year_;
    Timestamp when_;
    Timestamp synced_;
    bool is_failing_ = false;
    bool is_stalled_ = false;
    bool is_torn_ = false;
    bool is_half_ = false;
};

}  // namespace

Snapshots publish(const model::Distribution& distribution, Timestamp begin, Timestamp end) {
    std::vector<std::string> suites;
    for (const auto& bucket :
         model::expected_buckets(distribution, {}, model::Expectation::everything)) {
        if (std::ranges::find(suites, model::suite(bucket)) == suites.end()) {
            suites.push_back(model::suite(bucket));
        }
    }
    Snapshots snapshots;
    const auto add = [&](const std::string& suite, Timestamp date) {
        std::string text;
        for (const char salt : {'a', 'b', 'c', 'd'}) {
            text +=
                fmt::format("{:016x}", model::stable_hash(fmt::format(
                                           "{}{}{}", salt, suite, date.time_since_epoch() / 1s)));
        }
        model::Snapshot one;
        one.suite = suite;
        one.text_sha256 = *model::parse_sha256(text);
        one.sha256 = one.text_sha256;
        one.date = date;
        one.first_seen = date + 4min;
        snapshots[suite].push_back(std::move(one));
    };
    for (const std::string& suite : suites) {
        add(suite, begin - days{30});
    }
    // The newest is half a day old: long enough to see it spread.
    std::size_t turn = 1;
    for (auto date = end - 13h - days{364}; !suites.empty() && date < end - 12h; date += 6h) {
        const bool is_usual = chance("archive", "suite", static_cast<std::int64_t>(turn)) < 800;
        add(suites[(is_usual ? 2 : turn) % suites.size()], date);
        ++turn;
    }
    return snapshots;
}

std::vector<model::ProbeResult> probes_of(const model::StoredMirror& stored, const Fate& fate,
                                          const Year& year) {
    std::vector<model::ProbeResult> results;
    if (fate.ending == Ending::unprobed) {
        return results;
    }
    const auto offset = minutes{chance(fate.name, "probe", 0) % 60};
    const auto step_at = [&](Timestamp when) {
        const auto age = year.end - when;
        return age > days{14} ? 24h : age > 48h ? 6h : 1h;
    };
    for (auto when = year.begin + 1h + offset; when < year.end - 2min; when += step_at(when)) {
        results.push_back(Look{stored, fate, year, when}.result());
    }
    return results;
}

}  // namespace made_up
