#include "model/budget.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/probe_work.hpp"
#include "tools/mirrorwarden/table.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mirrorwarden {
namespace {

struct BudgetFlags {
    std::string name;  // empty: all mirrors
    bool json = false;
};

struct MirrorBudget {
    std::string mirror;
    std::optional<model::Timestamp> measured;  // when the probe began that it is from
    model::DayBudget day;
};

std::optional<MirrorBudget> measure(model::Store& store, const model::StoredMirror& stored) {
    const auto newest = store.probes(stored.state.id, 1);
    if (newest.empty()) {
        return std::nullopt;
    }
    const auto observation = store.observation(newest.front().id);
    if (!observation || observation->costs.empty()) {
        return std::nullopt;
    }
    return MirrorBudget{.mirror = stored.mirror.name,
                        .measured = newest.front().record.started,
                        .day = model::measured_budget(observation->costs)};
}

/// By mirror; one that no run would probe is left out.
std::map<std::string, model::DayBudget> estimate(model::Store& store,
                                                 const std::vector<std::string>& names,
                                                 model::Content content) {
    std::map<std::string, model::DayBudget> budgets;
    if (names.empty()) {
        return budgets;
    }
    model::ChooseOptions options;
    options.content = content;
    options.names = names;
    options.force = true;
    const auto now =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    for (const auto& task : plan_probe(store, options, now).tasks) {
        model::PlannedQuestions planned;
        const auto& asked = *task.assignment.asked;
        if (content == model::Content::release) {
            planned.images = asked.size();
        } else {
            planned.indexes = asked.size();
            for (const auto target : asked) {
                planned.freshness_files += task.plan->checks(target).empty() ? 0 : 1;
            }
        }
        budgets[task.name] = model::estimated_budget(planned);
    }
    return budgets;
}

std::vector<MirrorBudget> budgets_of(model::Store& store,
                                     const std::vector<model::StoredMirror>& mirrors) {
    std::vector<MirrorBudget> budgets;
    std::map<model::Content, std::vector<std::string>> unmeasured;
    for (const auto& mirror : mirrors) {
        auto measured = measure(store, mirror);
        if (!measured) {
            unmeasured[mirror.mirror.content].push_back(mirror.mirror.name);
        }
        budgets.push_back(
            measured
                ? std::move(*measured)
                : MirrorBudget{.mirror = mirror.mirror.name, .measured = std::nullopt, .day = {}});
    }
    for (const auto& [content, names] : unmeasured) {
        auto estimated = estimate(store, names, content);
        for (auto& budget : budgets) {
            if (const auto found = estimated.find(budget.mirror); found != estimated.end()) {
                budget.day = std::move(found->second);
            }
        }
    }
    return budgets;
}

std::string table_of(const std::vector<MirrorBudget>& budgets, const Screen& screen) {
    Table table;
    table.columns = {{.header = "MIRROR", .may_shrink = true},
                     {.header = "KIND"},
                     {.header = "REQUESTS", .alignment = Alignment::right},
                     {.header = "BYTES", .alignment = Alignment::right},
                     {.header = "FROM"}};
    for (const auto& budget : budgets) {
        const auto from = budget.measured
                              ? model::format_timestamp(
                                    std::chrono::floor<std::chrono::seconds>(*budget.measured))
                              : std::string("estimated");
        for (const auto& [kind, requests, bytes] : budget.day.kinds) {
            table.rows.push_back({{.text = budget.mirror},
                                  {.text = kind},
                                  {.text = fmt::to_string(requests)},
                                  {.text = fmt::to_string(bytes)},
                                  {.text = from}});
        }
        table.rows.push_back({{.text = budget.mirror},
                              {.text = "all"},
                              {.text = fmt::to_string(budget.day.requests)},
                              {.text = fmt::to_string(budget.day.bytes)},
                              {.text = from}});
    }
    return render_table(table, screen);
}

nlohmann::ordered_json json_of(const MirrorBudget& budget) {
    auto kinds = nlohmann::ordered_json::array();
    for (const auto& [kind, requests, bytes] : budget.day.kinds) {
        kinds.push_back({{"kind", kind}, {"requests", requests}, {"bytes", bytes}});
    }
    nlohmann::ordered_json json;
    json["mirror"] = budget.mirror;
    json["measured"] = budget.measured
                           ? nlohmann::ordered_json(model::format_timestamp(*budget.measured))
                           : nlohmann::ordered_json(nullptr);
    json["requests"] = budget.day.requests;
    json["bytes"] = budget.day.bytes;
    json["kinds"] = std::move(kinds);
    return json;
}

int print_budget(Environment& environment, const BudgetFlags& flags) {
    const auto store = environment.open_store(storage::Opening::existing);
    const auto mirrors =
        flags.name.empty() ? store->mirrors({}) : std::vector{known_mirror(*store, flags.name)};
    const auto budgets = budgets_of(*store, mirrors);
    if (!flags.json) {
        print(table_of(budgets, environment.screen()));
        return exit_status::done;
    }
    auto array = nlohmann::ordered_json::array();
    for (const auto& budget : budgets) {
        array.push_back(json_of(budget));
    }
    print(json::print_json(array));
    return exit_status::done;
}

}  // namespace

void add_budget_command(CommandTree& tree) {
    auto flags = std::make_shared<BudgetFlags>();
    CLI::App& command = tree.add_command(
        tree.root(),
        {.name = "budget",
         .summary = "say what a day of probing costs a mirror",
         .description = "Say what a day of probing costs a mirror: how many requests it gets, and "
                        "how many bytes it sends, by what they are for. One probe a day.",
         .details = "What the last probe cost is measured. A mirror whose probe left no such "
                    "account, or that was never probed, is estimated from what it would be asked, "
                    "with 400 bytes for an answer.\n\n"
                    "The owner of a host can ask for less in /.well-known/mirrorwarden.txt there: "
                    "Contact, Max-Requests-Per-Second, Disallow (a path, any number of times) and "
                    "Maintenance-Until (a time, RFC 3339), one to a line. A host that answers 429, "
                    "or 503 with Retry-After, is left alone for as long as it says.",
         .examples = {{"mirrorwarden budget valid-mirror", ""},
                      {"mirrorwarden budget --json | jq 'map(.bytes) | add'",
                       "what a day costs all mirrors together"}}},
        [flags](Environment& environment) { return print_budget(environment, *flags); });
    add_option(command, "NAME", flags->name, "The mirror. Default: all of them")
        .type_name("MIRROR");
    add_flag(command, "--json", flags->json, "Print JSON: an array, an object a mirror");
}

}  // namespace mirrorwarden
