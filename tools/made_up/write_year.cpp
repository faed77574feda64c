#include "tools/made_up/write_year.hpp"

#include "tools/made_up/lagoon.hpp"
#include "tools/made_up/mirror_year.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace made_up {
namespace {

using model::Timestamp;
using std::chrono::days;
using std::chrono::hours;

void must(const model::StoreResult<void>& result) {
    if (result.has_error()) {
        throw std::runtime_error(result.error().detail);
    }
}

/// Writes probes in the order of time, and switches mirrors as the prober would.
class Writer {
public:
    explicit Writer(model::Store& store) : store_{store} {}

    void add(const model::StoredMirror& mirror, std::vector<model::ProbeResult> probes) {
        enabled_[mirror.state.id] = true;
        std::ranges::move(probes, std::back_inserter(probes_));
    }

    /// Something that a person did; `act` gets nothing and may use the store.
    void add(Timestamp when, std::function<void()> act) { acts_.emplace(when, std::move(act)); }

    std::size_t write() {
        std::ranges::stable_sort(
            probes_, {}, [](const model::ProbeResult& result) { return result.record.started; });
        std::vector<model::ProbeResult> batch;
        std::set<model::MirrorId> mirrors;
        for (model::ProbeResult& result : probes_) {
            const bool is_due = !acts_.empty() && acts_.begin()->first <= result.record.started;
            if (is_due || !mirrors.insert(result.mirror).second) {
                write(std::exchange(batch, {}));
                mirrors = {result.mirror};
                act_until(result.record.started);
            }
            batch.push_back(std::move(result));
        }
        write(std::move(batch));
        act_until(Timestamp::max());
        return probes_.size();
    }

private:
    void act_until(Timestamp when) {
        while (!acts_.empty() && acts_.begin()->first <= when) {
            acts_.begin()->second();
            acts_.erase(acts_.begin());
        }
    }

    void write(std::vector<model::ProbeResult> batch) {
        if (batch.empty()) {
            return;
        }
        const auto ids = store_.record_probes(batch);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto& record = batch[i].record;
            const bool passed = record.verdict == model::ProbeVerdict::passed;
            bool& enabled = enabled_[batch[i].mirror];
            if (record.suspect || passed == enabled) {
                continue;
            }
            const model::Decision decision{
                .mirror = batch[i].mirror,
                .probe = ids[i],
                .change = passed ? model::Change::enable : model::Change::disable,
                .suspect = false,
                .reason = passed ? "its probe passed" : "it had none of the indexes that it should",
                .messages = {}};
            const auto made = store_.apply({&decision, 1}, {"prober", record.finished, ""});
            enabled = made.front() ? passed : enabled;
        }
    }

    model::Store& store_;
    std::vector<model::ProbeResult> probes_;
    std::multimap<Timestamp, std::function<void()>> acts_;
    std::map<model::MirrorId, bool> enabled_;
};

/// What people did to a mirror that ends so.
void add_acts(Writer& writer, model::Store& store, const Fate& fate, Timestamp end) {
    const std::string name{fate.name};
    const Timestamp since = end - days{fate.ending_days};
    if (fate.ending == Ending::switched_off) {
        writer.add(since, [&store, name, since] {
            must(store.disable_mirror(
                name, {"admin", since, "its owner asked us: it moves to another house"}, {}));
        });
    }
    if (fate.ending == Ending::in_maintenance) {
        writer.add(since - hours{2}, [&store, name, since, end] {
            must(store.set_maintenance(name, end + days{2},
                                       {"owner", since - hours{2}, "new disks"}));
        });
    }
}

}  // namespace

std::size_t write_lagoon(model::Store& store, Timestamp end, days length) {
    const Timestamp begin = end - length;
    const auto loaded = store.load_catalog(lagoon_catalog(), {"admin", begin, "made up"});
    if (loaded.has_error()) {
        throw std::runtime_error(loaded.error().detail);
    }
    const auto distribution = store.distribution("lagoon");
    const Snapshots snapshots = publish(*distribution, begin, end);
    for (const auto& [suite, published] : snapshots) {
        for (const model::Snapshot& snapshot : published) {
            model::SnapshotUpdate update;
            update.distribution = "lagoon";
            update.snapshot = snapshot;
            // Older ones are not kept anyway.
            if (snapshot.date > end - days{20} || &snapshot == &published.front()) {
                must(store.record_snapshot(update));
            }
        }
    }
    Writer writer(store);
    const Year year{
        .distribution = &*distribution, .snapshots = &snapshots, .begin = begin, .end = end};
    for (const Fate& fate : lagoon_fates()) {
        const auto mirror = store.mirror(std::string{fate.name});
        writer.add(*mirror, probes_of(*mirror, fate, year));
        add_acts(writer, store, fate, end);
    }
    return writer.write();
}

std::size_t write_past(model::Store& store, Timestamp end, days length) {
    std::size_t written = 0;
    for (const model::Distribution& distribution : store.distributions()) {
        if (distribution.name == "lagoon") {
            continue;
        }
        const Timestamp until = end - hours{25};
        const Timestamp begin = until - length;
        const Snapshots snapshots = publish(distribution, begin, until);
        const Year year{
            .distribution = &distribution, .snapshots = &snapshots, .begin = begin, .end = until};
        Writer writer(store);
        for (const auto& mirror : store.mirrors({.distribution = distribution.name})) {
            if (store.probes(mirror.state.id, 1).empty()) {
                const Fate fate{.name = mirror.mirror.name,
                                .country = mirror.mirror.country,
                                .speed = mirror.mirror.speed,
                                .sync_hours = 6,
                                .troubles = 6};
                writer.add(mirror, probes_of(mirror, fate, year));
            }
        }
        written += writer.write();
    }
    return written;
}

}  // namespace made_up
