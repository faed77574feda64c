// Fills a database with a year of a distribution: for each mirror of a catalogue a probe a day,
// and what the last of them found. For what shows it.
#include "model/catalog_file.hpp"
#include "model/stable_hash.hpp"
#include "model/store.hpp"
#include "storage/open_store.hpp"

#include <fmt/format.h>

#include <chrono>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::size_t results_at_once = 64;

model::Catalog read_catalog(const std::string& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    auto catalog = model::parse_catalog(text.str());
    if (!in || !catalog) {
        throw std::runtime_error("cannot use the catalogue " + file);
    }
    return std::move(*catalog);
}

/// One mirror's day: well nearly always, behind now and then, seldom failed.
model::ProbeResult make_day(const model::StoredMirror& mirror, int days_ago, model::Timestamp now,
                            std::uint32_t expected) {
    const auto fate = model::stable_hash(fmt::format("{} {}", mirror.mirror.name, days_ago)) % 100;
    const bool has_failed = fate < 3 && days_ago > 0;
    model::ProbeResult result;
    result.mirror = mirror.state.id;
    auto& record = result.record;
    record.started = now - days_ago * hours(24);
    record.finished = record.started + seconds(40 + fate);
    record.verdict = has_failed ? model::ProbeVerdict::failed : model::ProbeVerdict::passed;
    record.decided = true;
    record.requests = expected;
    record.expected = expected;
    record.found = has_failed ? 0 : expected;
    record.outcomes = {{has_failed ? "timeout-connect" : "ok", expected}};
    auto& suite = result.observation.suites.emplace_back();
    suite.suite = "series1";
    suite.integrity = has_failed ? model::Integrity::unknown : model::Integrity::whole;
    suite.lag = model::Lag{.behind = fate < 20 ? hours(fate) : hours(0), .is_estimated = false};
    return result;
}

/// What the last probe found: every row, and all suites.
model::ProbeResult make_last(const model::StoredMirror& mirror, model::Timestamp now,
                             const std::vector<model::Bucket>& buckets) {
    auto result = make_day(mirror, 0, now, static_cast<std::uint32_t>(buckets.size()));
    const auto lag = result.observation.suites.front().lag;
    const auto freshness =
        lag->behind == seconds(0) ? model::Freshness::up : model::Freshness::one_day_behind;
    auto& observation = result.observation;
    observation.suites.clear();
    for (const auto& bucket : buckets) {
        result.rows.push_back({.bucket = bucket, .freshness = freshness});
        auto name = model::suite(bucket);
        if (observation.suites.empty() || observation.suites.back().suite != name) {
            auto& suite = observation.suites.emplace_back();
            suite.suite = std::move(name);
            suite.integrity = model::Integrity::whole;
            suite.lag = lag;
            suite.release_date = now - lag->behind;
            suite.is_whole_check = true;
        }
    }
    for (const char* address : {"192.0.2.7", "2001:db8::7"}) {
        observation.addresses.push_back(
            {.address = address, .outcome = {.kind = model::OutcomeKind::ok}});
    }
    observation.certificate = model::CertificateState{.host = mirror.mirror.name,
                                                      .subject = mirror.mirror.name,
                                                      .issuer = "An authority",
                                                      .not_before = now - hours(24 * 30),
                                                      .not_after = now + hours(24 * 60)};
    observation.costs = {{.kind = "index", .requests = result.record.requests, .bytes = 500'000}};
    return result;
}

int fill(int argc, const char* const* argv) {
    std::string database;
    std::string catalog;
    int days = 365;
    CLI::App app("Fills a new database with a catalogue and probes of its mirrors, one a day.");
    app.add_option("DATABASE", database, "sqlite:PATH (new) or postgresql://...")->required();
    app.add_option("CATALOG", catalog, "with one distribution")->required();
    app.add_option("--days", days)->check(CLI::Range(1, 365));
    CLI11_PARSE(app, argc, argv);

    const auto store = storage::open_store(database, storage::Opening::ready);
    const auto loaded =
        store->load_catalog(read_catalog(catalog), {.who = "bench", .when = {}, .why = {}});
    if (!loaded) {
        throw std::runtime_error(loaded.error().detail);
    }
    const auto now =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto mirrors = store->mirrors({});
    const auto buckets =
        model::expected_buckets(store->distributions().front(), {}, model::Expectation::usual);
    std::vector<model::ProbeResult> results;
    for (int day = days - 1; day >= 0; --day) {
        for (const auto& mirror : mirrors) {
            results.push_back(
                day == 0 ? make_last(mirror, now, buckets)
                         : make_day(mirror, day, now, static_cast<std::uint32_t>(buckets.size())));
            if (results.size() == results_at_once || &mirror == &mirrors.back()) {
                store->record_probes(results);
                results.clear();
            }
        }
    }
    fmt::print("{{\"mirrors\": {}, \"rows\": {}, \"probes\": {}}}\n", mirrors.size(),
               mirrors.size() * buckets.size(), mirrors.size() * static_cast<std::size_t>(days));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return fill(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench-world-year: {}\n", error.what());
        return 1;
    }
}
