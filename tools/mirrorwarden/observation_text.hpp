#pragma once

#include "model/observation.hpp"
#include "tools/mirrorwarden/screen.hpp"
#include "tools/mirrorwarden/table.hpp"

#include <optional>
#include <string>

namespace mirrorwarden {

// What a probe learnt of a mirror beside its rows, for people; the same in every command.

Tone tone_of(model::Severity) noexcept;

/// "whole"; a dash where nothing is known.
Cell integrity_cell(std::optional<model::Integrity>);
/// "up to date", "3 h 20 min", "about 2 d 4 h"; a dash where nothing is known.
Cell lag_cell(const std::optional<model::Lag>&);

/// Suites, addresses, certificate, traces and findings, each under its heading; empty
/// where there is none of them.
std::string observation_text(const model::Observation&, model::Timestamp now, const Screen&);

/// One finding with everything: what is wrong, what was asked, answered and expected, the
/// line for a shell that shows it, and what usually mends it.
std::string finding_text(const model::Finding&, const Screen&);

}  // namespace mirrorwarden
