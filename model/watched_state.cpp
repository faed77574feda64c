#include "model/watched_state.hpp"

#include "model/host_findings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace model {
namespace {

constexpr std::array all_watched = {Watched::ipv4, Watched::ipv6, Watched::certificate};

std::string_view rule_of(Watched what) noexcept {
    switch (what) {
    case Watched::ipv4: return "ipv4-dead";
    case Watched::ipv6: return "ipv6-dead";
    case Watched::certificate: break;
    }
    return "certificate-ends-soon";
}

bool answers_over(const Observation& observation, bool ipv6) {
    return std::ranges::any_of(observation.addresses, [ipv6](const AddressState& state) {
        const bool is_reached =
            state.outcome.is_ok() || state.outcome.kind == OutcomeKind::http_status;
        return is_ipv6(state.address) == ipv6 && is_reached;
    });
}

Standing last_known(Watched what, std::span<const Observation> earlier) {
    for (const auto& observation : earlier) {
        if (const auto standing = standing_of(what, observation); standing != Standing::unknown) {
            return standing;
        }
    }
    return Standing::unknown;
}

}  // namespace

const Finding* finding_of(Watched what, std::span<const Finding> findings) {
    const auto found = std::ranges::find(findings, rule_of(what), &Finding::rule);
    return found == findings.end() ? nullptr : &*found;
}

Standing standing_of(Watched what, const Observation& observation) {
    if (finding_of(what, observation.findings) != nullptr) {
        return Standing::amiss;
    }
    const bool is_fine = what == Watched::certificate
                             ? observation.certificate.has_value()
                             : answers_over(observation, what == Watched::ipv6);
    return is_fine ? Standing::fine : Standing::unknown;
}

Observation watched_part(Observation observation) {
    Observation part;
    part.addresses = std::move(observation.addresses);
    part.certificate = std::move(observation.certificate);
    for (const auto what : all_watched) {
        if (const auto* const finding = finding_of(what, observation.findings)) {
            part.findings.push_back(*finding);
        }
    }
    return part;
}

std::vector<StateChange> state_changes(const Observation& now,
                                       std::span<const Observation> earlier) {
    std::vector<StateChange> changes;
    for (const auto what : all_watched) {
        const auto standing = standing_of(what, now);
        if (standing == Standing::unknown) {
            continue;
        }
        const auto before = last_known(what, earlier);
        if (standing == Standing::amiss && before != Standing::amiss) {
            changes.push_back({.what = what, .begins = true});
        } else if (standing == Standing::fine && before == Standing::amiss &&
                   what != Watched::certificate) {
            changes.push_back({.what = what, .begins = false});
        }
    }
    return changes;
}

bool is_settled(const Observation& now, std::span<const Observation> earlier) {
    return std::ranges::all_of(all_watched, [&](Watched what) {
        return standing_of(what, now) == Standing::unknown ||
               last_known(what, earlier) != Standing::unknown;
    });
}

}  // namespace model
