#include "model/choose_mirrors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace model {
namespace {

enum class Choice {
    probe,
    not_asked_for,
    other_content,
    disabled,
    not_due,
    without_url,
};

bool is_due(const Candidate& candidate, Timestamp now) {
    if (!candidate.last_probe || !candidate.last_probe->record.decided || candidate.is_requested) {
        return true;
    }
    // A clock that was far ahead must not spare a mirror until that time has come.
    return std::chrono::abs(now - candidate.last_probe->record.started) > probe_interval;
}

bool is_named(const Candidate& candidate, const ChooseOptions& options) {
    return std::ranges::find(options.names, candidate.mirror.mirror.name) != options.names.end();
}

Choice judge(const Candidate& candidate, const ChooseOptions& options, Timestamp now) {
    const auto& [mirror, state] = candidate.mirror;
    if (!options.names.empty() && !is_named(candidate, options)) {
        return Choice::not_asked_for;
    }
    if (options.only_requested && !candidate.is_requested) {
        return Choice::not_asked_for;
    }
    if (mirror.content != options.content) {
        return Choice::other_content;
    }
    if (!state.enabled && state.disabled_by != DisabledBy::prober) {
        return Choice::disabled;
    }
    if (!options.force && !is_due(candidate, now)) {
        return Choice::not_due;
    }
    if (probe_url(mirror).empty()) {
        return Choice::without_url;
    }
    return Choice::probe;
}

/// Empty where nobody asked, so nobody needs to know.
std::string warning(Choice choice, const Candidate& candidate, const ChooseOptions& options) {
    const Mirror& mirror = candidate.mirror.mirror;
    if (choice == Choice::without_url) {
        return fmt::format(
            "Skipped {}: it has no http, https or ftp URL; add one with "
            "`mirrorwarden mirror edit {}`.",
            mirror.name, mirror.name);
    }
    if (!is_named(candidate, options)) {
        return {};
    }
    switch (choice) {
    case Choice::other_content:
        return fmt::format(
            "Skipped {}: its content is {}, and this run probes {}; use `--content "
            "{}`.",
            mirror.name, to_string(mirror.content), to_string(options.content),
            to_string(mirror.content));
    case Choice::disabled:
        return fmt::format(
            "Skipped {}: it was disabled by hand; `mirrorwarden mirror enable {}` "
            "lets it be probed again.",
            mirror.name, mirror.name);
    case Choice::not_due:
        return fmt::format(
            "Skipped {}: its last probe, of {}, is not older than {} hours; "
            "`--force` probes it anyway.",
            mirror.name, format_timestamp(candidate.last_probe->record.started),
            probe_interval.count());
    case Choice::probe:
    case Choice::not_asked_for:
    case Choice::without_url: break;
    }
    return {};
}

/// Never probed first, then the longest ago, then by name. An empty optional
/// sorts before every time.
bool is_more_urgent(const Candidate& left, const Candidate& right) {
    const auto key = [](const Candidate& candidate) {
        const auto& probe = candidate.last_probe;
        return std::tuple{probe ? std::optional{probe->record.started} : std::nullopt,
                          std::string_view{candidate.mirror.mirror.name}};
    };
    return key(left) < key(right);
}

}  // namespace

ChosenMirrors choose_mirrors(std::vector<Candidate> candidates, const ChooseOptions& options,
                             Timestamp now) {
    std::ranges::sort(candidates, is_more_urgent);
    ChosenMirrors chosen;
    for (const Candidate& candidate : candidates) {
        const Choice choice = judge(candidate, options, now);
        if (choice == Choice::probe) {
            chosen.mirrors.push_back(candidate.mirror);
        } else if (std::string text = warning(choice, candidate, options); !text.empty()) {
            chosen.warnings.push_back(std::move(text));
        }
    }
    for (const std::string& name : options.names) {
        const auto is_it = [&](const Candidate& candidate) {
            return candidate.mirror.mirror.name == name;
        };
        if (std::ranges::none_of(candidates, is_it)) {
            chosen.warnings.push_back(fmt::format(
                "Skipped {}: there is no such mirror; see `mirrorwarden mirror list`.", name));
        }
    }
    if (options.mirrors_max && chosen.mirrors.size() > *options.mirrors_max) {
        chosen.mirrors.resize(*options.mirrors_max);
    }
    return chosen;
}

}  // namespace model
