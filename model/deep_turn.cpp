#include "model/deep_turn.hpp"

#include "model/stable_hash.hpp"

#include <algorithm>

namespace model {
namespace {

/// What a plain probe does not see. A missing by-hash harms few, and is often left out for good.
bool is_of_wrong_file(const Finding& finding) {
    return finding.rule == "index-wrong-hash" || finding.rule == "pool-file-missing" ||
           finding.rule == "pool-file-wrong-hash" || finding.rule == "pool-file-wrong-size";
}

bool found_wrong_file(const Observation* last) {
    return last != nullptr && last->is_deep &&
           std::ranges::any_of(last->findings, is_of_wrong_file);
}

/// How many probes came after the last deep one, this one not included.
std::uint32_t probes_since(const DeepQuestion& question, std::uint32_t every) {
    if (question.last != nullptr && question.last->since_deep) {
        return *question.last->since_deep;
    }
    return static_cast<std::uint32_t>(stable_hash(question.mirror) % every);
}

}  // namespace

DeepTurn deep_turn(const DeepQuestion& question) {
    const bool must_repeat = found_wrong_file(question.last);
    DeepTurn turn{.is_deep = question.is_wanted, .since = std::nullopt, .chance = 0};
    if (question.every > 0) {
        const auto every = static_cast<std::uint32_t>(question.every);
        const auto since = probes_since(question, every);
        turn.is_deep = turn.is_deep || must_repeat || since >= every - 1;
        turn.since = turn.is_deep ? 0 : since + 1;
    }
    if (turn.is_deep) {
        const auto own = static_cast<std::uint32_t>(stable_hash(question.mirror));
        turn.chance = must_repeat ? question.last->deep_chance : question.chance ^ own;
    }
    return turn;
}

}  // namespace model
