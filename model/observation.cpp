#include "model/observation.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace model {
namespace {

struct IntegrityWord {
    Integrity value{};
    std::string_view name;
};

/// From the best to the worst; what is unknown is neither. A suite that is not there harms less
/// people than one that is there and broken.
constexpr std::array<IntegrityWord, 9> integrities = {{
    {Integrity::whole, "whole"},
    {Integrity::syncing, "syncing"},
    {Integrity::missing, "missing"},
    {Integrity::torn, "torn"},
    {Integrity::expired, "expired"},
    {Integrity::bad_signature, "bad-signature"},
    {Integrity::foreign, "foreign"},
    {Integrity::not_an_archive, "not-an-archive"},
    {Integrity::unknown, "unknown"},
}};

struct SeverityWord {
    Severity value{};
    std::string_view name;
};

/// From the best to the worst: not knowing is worse than good, and better than a known fault.
constexpr std::array<SeverityWord, 4> severities = {{
    {Severity::good, "good"},
    {Severity::unknown, "unknown"},
    {Severity::warning, "warning"},
    {Severity::bad, "bad"},
}};

template <class Words, class Value>
auto place_of(const Words& words, Value value) noexcept {
    const auto found = std::find_if(words.begin(), words.end(),
                                    [value](const auto& word) { return word.value == value; });
    assert(found != words.end());  // an enumerator without a row, or a cast from a wrong number
    return found;
}

template <class Words>
auto parse(const Words& words, std::string_view name) noexcept
    -> std::optional<decltype(words.front().value)> {
    const auto found = std::find_if(words.begin(), words.end(),
                                    [name](const auto& word) { return word.name == name; });
    return found == words.end() ? std::nullopt : std::optional{found->value};
}

}  // namespace

std::string_view to_string(Integrity value) noexcept {
    return place_of(integrities, value)->name;
}

std::optional<Integrity> parse_integrity(std::string_view name) noexcept {
    return parse(integrities, name);
}

std::string_view to_string(Severity value) noexcept {
    return place_of(severities, value)->name;
}

std::optional<Severity> parse_severity(std::string_view name) noexcept {
    return parse(severities, name);
}

std::optional<Lag> worst_lag(const Observation& observation) {
    std::optional<Lag> worst;
    for (const auto& suite : observation.suites) {
        if (suite.lag && (!worst || suite.lag->behind > worst->behind)) {
            worst = suite.lag;
        }
    }
    return worst;
}

std::optional<Integrity> worst_integrity(const Observation& observation) {
    std::optional<Integrity> worst;
    for (const auto& suite : observation.suites) {
        const bool is_known = suite.integrity != Integrity::unknown;
        if (is_known &&
            (!worst || place_of(integrities, *worst) < place_of(integrities, suite.integrity))) {
            worst = suite.integrity;
        }
    }
    return worst;
}

std::optional<Integrity> known_integrity(const Observation& observation) {
    if (observation.suites.empty()) {
        return std::nullopt;
    }
    return worst_integrity(observation).value_or(Integrity::unknown);
}

Severity worst_severity(const Observation& observation) {
    auto worst = Severity::good;
    for (const auto& finding : observation.findings) {
        if (place_of(severities, worst) < place_of(severities, finding.severity)) {
            worst = finding.severity;
        }
    }
    return worst;
}

}  // namespace model
