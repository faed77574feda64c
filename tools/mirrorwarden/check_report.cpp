#include "tools/mirrorwarden/check_report.hpp"

#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/display_width.hpp"
#include "tools/mirrorwarden/observation_text.hpp"
#include "tools/mirrorwarden/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace mirrorwarden {
namespace {

std::string cost_text(const model::Observation& observation) {
    std::uint32_t requests = 0;
    std::uint64_t bytes = 0;
    for (const auto& cost : observation.costs) {
        requests += cost.requests;
        bytes += cost.bytes;
    }
    return fmt::format("{} requests, {} bytes received", requests, bytes);
}

}  // namespace

model::Severity judge_check(const model::Observation& observation) {
    const auto worst = model::worst_severity(observation);
    const bool is_in_doubt =
        (observation.suites.empty() && !observation.rsync) ||
        std::ranges::any_of(observation.suites, [](const model::SuiteState& suite) {
            return suite.integrity == model::Integrity::unknown;
        });
    const bool is_worse_known =
        worst == model::Severity::bad || (worst == model::Severity::warning && !is_in_doubt);
    return is_worse_known || !is_in_doubt ? worst : model::Severity::unknown;
}

std::string check_text(const CheckReport& report, const Screen& screen) {
    std::string text =
        fmt::format("{}  {}\n", report.url,
                    paint(std::string(to_string(report.verdict)), tone_of(report.verdict), screen));
    text += observation_text(report.observation, report.checked, screen);
    for (const auto& remark : report.remarks) {
        text += "\n" + printable(remark) + "\n";
    }
    return text + "\n" + cost_text(report.observation) + "\n";
}

std::string check_json(const CheckReport& report) {
    nlohmann::ordered_json json = {{"url", report.url},
                                   {"checked", model::format_timestamp(report.checked)},
                                   {"verdict", to_string(report.verdict)},
                                   {"remarks", report.remarks}};
    const auto observation = nlohmann::ordered_json::parse(model::to_json(report.observation));
    json.update(observation);
    return json::print_json(json);
}

}  // namespace mirrorwarden
