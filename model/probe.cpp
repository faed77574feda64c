#include "model/probe.hpp"

#include <array>

namespace model {
namespace {

constexpr std::array all_verdicts = {ProbeVerdict::passed, ProbeVerdict::failed,
                                     ProbeVerdict::nothing_expected};

}  // namespace

std::string_view to_string(ProbeVerdict verdict) noexcept {
    switch (verdict) {
    case ProbeVerdict::passed: return "passed";
    case ProbeVerdict::failed: return "failed";
    case ProbeVerdict::nothing_expected: return "nothing-expected";
    }
    return "";
}

std::optional<ProbeVerdict> parse_probe_verdict(std::string_view text) noexcept {
    for (const ProbeVerdict verdict : all_verdicts) {
        if (to_string(verdict) == text) {
            return verdict;
        }
    }
    return std::nullopt;
}

}  // namespace model
