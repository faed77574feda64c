#pragma once

#include "model/store.hpp"
#include "storage/open_store.hpp"
#include "tools/mirrorwarden/probe_decisions.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mirrorwarden::testing {

/// Noon of a day of no importance.
inline constexpr model::Timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} +
                                       std::chrono::hours(12)};

/// One series "one", component main, architecture amd64: two indexes; an admin.
inline model::Distribution small_distribution(const std::string& name) {
    model::Distribution distribution;
    distribution.name = name;
    distribution.title = name;
    distribution.pockets = {model::Pocket::release};
    distribution.admins = {{.name = "Admin", .address = "admin@" + name + ".example"}};
    model::Series series;
    series.name = "one";
    series.version = "1";
    series.status = model::SeriesStatus::current;
    series.components = {"main"};
    series.architectures = {"amd64"};
    distribution.series = {series};
    return distribution;
}

inline model::Mirror small_mirror(const std::string& name, const std::string& distribution) {
    model::Mirror mirror;
    mirror.name = name;
    mirror.display_name = name;
    mirror.distribution = distribution;
    mirror.country = "BR";
    mirror.owners = {{.name = "Owner of " + name, .address = name + "@owners.example"}};
    mirror.http_url = "http://" + name + ".example/" + distribution + "/";
    return mirror;
}

inline const std::string amd64_index = "dists/one/main/binary-amd64/Packages.gz";

/// A database in memory with a few distributions and mirrors.
class SmallWorld {
public:
    SmallWorld() : store_{storage::open_store("sqlite::memory:", storage::Opening::ready)} {}

    model::Store& store() { return *store_; }

    SmallWorld& add(const model::Distribution& distribution) {
        model::Catalog catalog;
        catalog.distributions = {distribution};
        load(catalog);
        return *this;
    }
    SmallWorld& add(const model::Mirror& mirror) {
        model::Catalog catalog;
        catalog.mirrors = {{.mirror = mirror, .enabled = {}, .line = 1}};
        load(catalog);
        return *this;
    }

    model::MirrorState state(const std::string& mirror) {
        return store_->mirror(mirror).value().state;
    }
    /// As a run leaves it before it decides.
    ProbedMirror probe(const std::string& mirror, model::ProbeVerdict verdict,
                       model::Timestamp when = noon, const model::Observation& observation = {}) {
        model::ProbeResult result;
        result.mirror = state(mirror).id;
        result.record = {.started = when,
                         .finished = when + std::chrono::seconds(1),
                         .verdict = verdict,
                         .decided = false,
                         .requests = 2,
                         .expected = 2,
                         .found = verdict == model::ProbeVerdict::passed ? 2U : 0U,
                         .outcomes = {}};
        result.observation = observation;
        const auto probe = store_->record_probe(result);
        return sum_up(distributions(), store_->mirror(mirror).value(), probe, std::move(result));
    }

    Distributions distributions() {
        Distributions all;
        for (auto& distribution : store_->distributions()) {
            all.emplace(distribution.name, distribution);
        }
        return all;
    }

private:
    void load(const model::Catalog& catalog) {
        const auto loaded = store_->load_catalog(catalog, {.who = "test", .when = noon, .why = {}});
        if (loaded.has_error()) {
            throw std::logic_error(loaded.error().detail);
        }
    }

    std::unique_ptr<model::Store> store_;
};

}  // namespace mirrorwarden::testing
