#pragma once

#include "prober/mirror_check.hpp"
#include "prober/testing/example_plan.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "prober/testing/tiny_release.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

/// A mirror of one small suite, and a check of it.
namespace prober::testing::tiny_mirror {

using namespace std::chrono_literals;
using model::OutcomeKind;

inline const std::string base = "http://mirror.example/tiny/";
inline const std::string suite = base + "dists/new/";
inline const std::string packages = "main/binary-amd64/Packages.gz";
inline const std::string sources = "main/source/Sources.gz";
inline const std::string nonsense = "no-such-file-1";
inline const std::string marker = base + "Archive-Update-in-Progress-mirror.example";

inline constexpr model::Outcome ok{.kind = OutcomeKind::ok};
inline constexpr model::Outcome refused{.kind = OutcomeKind::refused};
inline constexpr model::Outcome skipped{.kind = OutcomeKind::skipped};
inline constexpr model::Outcome cancelled{.kind = OutcomeKind::cancelled};

/// What the suite consists of, as its Release says.
inline const std::vector<std::pair<std::string, std::string>> files = {{packages, "the packages"},
                                                                       {sources, "the sources"}};

std::string in_release(const std::string& more_fields = {});

/// A mirror that has everything.
ScriptedHttpClient whole_mirror();

prober::MirrorCheck tiny_check();

prober::CheckedMirror check(ScriptedHttpClient& client, prober::MirrorCheck what);

std::vector<std::string> rules_of(const model::Observation& observation);

std::size_t times_asked(const ScriptedHttpClient& client, const std::string& url);

}  // namespace prober::testing::tiny_mirror
