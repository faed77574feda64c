#include "tools/mirrorwarden/branch_table.hpp"

#include "tools/mirrorwarden/table.hpp"

#include <fmt/format.h>

#include <chrono>

namespace mirrorwarden {
namespace {

using model::Branch;
using model::Timestamp;

std::string moment(const std::optional<Timestamp>& when) {
    return when ? model::format_timestamp(std::chrono::floor<std::chrono::seconds>(*when))
                : std::string("never");
}

Tone tone_of(const Branch& branch) {
    if (branch.mirroring.mirror_failures >= model::mirror_failures_max) {
        return Tone::bad;
    }
    if (branch.mirroring.mirror_failures > 0) {
        return Tone::caution;
    }
    return branch.mirroring.last_mirrored ? Tone::good : Tone::faint;
}

}  // namespace

std::string mirroring_words(const Branch& branch) {
    const auto& mirroring = branch.mirroring;
    if (branch.type == model::BranchType::remote) {
        return "only registered";
    }
    if (mirroring.attempt) {
        return "under way";
    }
    if (mirroring.mirror_failures > 0) {
        return mirroring.mirror_failures == 1
                   ? "failed once"
                   : fmt::format("failed {} times", mirroring.mirror_failures);
    }
    return mirroring.last_mirrored ? "mirrored" : "never mirrored";
}

std::string next_mirroring_words(const Branch& branch, Timestamp now) {
    const auto& next = branch.mirroring.next_mirror_time;
    if (branch.type == model::BranchType::remote) {
        return "never";
    }
    if (!next) {
        return branch.mirroring.attempt ? "when this ends" : "when asked";
    }
    return *next <= now ? "now" : moment(next);
}

std::string branches_text(const std::vector<Branch>& branches, Timestamp now,
                          const Screen& screen) {
    Table table{.columns = {{"ID", Alignment::right},
                            {"NAME", Alignment::left, true},
                            {"TYPE"},
                            {"STATE"},
                            {"MIRRORED"},
                            {"NEXT"}},
                .rows = {}};
    for (const Branch& branch : branches) {
        table.rows.push_back({{fmt::to_string(model::to_integer(branch.id))},
                              {branch.name},
                              {std::string(to_string(branch.type))},
                              {mirroring_words(branch), tone_of(branch)},
                              {moment(branch.mirroring.last_mirrored)},
                              {next_mirroring_words(branch, now)}});
    }
    return render_table(table, screen);
}

std::string branch_text(const Branch& branch, Timestamp now) {
    const auto& mirroring = branch.mirroring;
    std::string text;
    const auto add = [&](std::string_view what, std::string_view value) {
        text += fmt::format("{:<14}{}\n", what, value);
    };
    add("id", fmt::to_string(model::to_integer(branch.id)));
    add("name", branch.name);
    add("url", branch.url);
    add("type", to_string(branch.type));
    add("state", mirroring_words(branch));
    if (!mirroring.mirror_status_message.empty()) {
        add("message", mirroring.mirror_status_message);
    }
    add("last attempt", moment(mirroring.last_mirror_attempt));
    add("mirrored", moment(mirroring.last_mirrored));
    if (!mirroring.last_mirrored_id.empty()) {
        add("revision", mirroring.last_mirrored_id);
    }
    add("next", next_mirroring_words(branch, now));
    if (mirroring.attempt) {
        add("worker", mirroring.attempt->worker);
        add("lease until", moment(mirroring.attempt->lease_end));
    }
    return text;
}

}  // namespace mirrorwarden
