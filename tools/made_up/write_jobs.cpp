#include "tools/made_up/write_jobs.hpp"

#include "model/branch.hpp"

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>

namespace made_up {
namespace {

using namespace std::chrono_literals;
using model::Branch;
using model::BranchId;
using model::BranchResult;
using model::MirrorReport;
using model::Timestamp;

constexpr std::chrono::hours fortnight{14 * 24};

/// A job that begins every so often, up to some time ago.
struct Habit {
    std::string name;
    std::string host;
    std::chrono::minutes every;
    std::chrono::minutes stopped;  // before the end
    std::chrono::seconds shortest;
};

/// Now and then one takes three times as long.
void write_habit(model::Store& store, const Habit& habit, Timestamp end) {
    int number = 0;
    for (auto when = end - fortnight; when <= end - habit.stopped; when += habit.every, ++number) {
        const auto length = habit.shortest * (100 + number * 37 % 41) / 100;
        store.record_script({.name = habit.name,
                             .host = habit.host,
                             .started = when - (number % 29 == 7 ? 3 * length : length),
                             .completed = when});
    }
}

using Change = std::function<BranchResult(const Branch&)>;

void change(model::Store& store, BranchId id, const Change& act) {
    const auto result = store.change_branch(id, act);
    if (!result || result->has_error()) {
        throw std::runtime_error("the made-up branches could not be changed");
    }
}

BranchId add_branch(model::Store& store, const std::string& name) {
    const auto id =
        store.add_branch({.id = {}, .name = name, .url = "https://git.lagoon.example.org/" + name});
    if (id.has_error()) {
        throw std::runtime_error(id.error().detail);
    }
    return *id;
}

void start(model::Store& store, BranchId id, Timestamp when) {
    change(store, id, [&](const Branch& branch) {
        return model::start_mirroring(branch, {.worker = "puller-1", .token = {}, .when = when},
                                      model::default_lease);
    });
}

void write_branches(model::Store& store, Timestamp end) {
    const auto report = [](Timestamp when) {
        return MirrorReport{.worker = "puller-1", .token = {}, .when = when};
    };
    const auto whole = add_branch(store, "sails/trunk");
    start(store, whole, end - 2h);
    change(store, whole, [&](const Branch& branch) {
        return model::complete_mirroring(branch, report(end - 119min), "4f2c9a1");
    });
    const auto failing = add_branch(store, "anchor/trunk");
    for (const auto ago : {20h, 13h}) {
        start(store, failing, end - ago);
        change(store, failing, [&](const Branch& branch) {
            return model::fail_mirroring(branch, report(end - ago + 5s),
                                         "fatal: unable to access the repository: 503");
        });
    }
    change(store, add_branch(store, "compass/trunk"),
           [&](const Branch& branch) { return model::request_mirroring(branch, end - 10min); });
    start(store, add_branch(store, "keel/trunk"), end - 3min);
}

}  // namespace

void write_jobs(model::Store& store, Timestamp end) {
    write_habit(store, {"probe", "prober-1", 24h, 5h, 24min}, end);
    write_habit(store, {"archive-refresh", "prober-1", 1h, 7h, 25s}, end);
    write_habit(store, {"pull", "puller-1", 30min, 4min, 70s}, end);
    write_habit(store, {"ftpsync", "reef.au", 6h, 2h, 11min}, end);
    write_branches(store, end);
}

}  // namespace made_up
