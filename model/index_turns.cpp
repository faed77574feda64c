#include "model/index_turns.hpp"

#include <algorithm>

namespace model {
namespace {

/// The next probe may come later than the last one did, and takes a while itself.
constexpr std::chrono::hours margin{1};

}  // namespace

bool is_refresh_due(Timestamp fetched, Timestamp last_probe, Timestamp now) {
    // A clock that went back leaves times that say nothing.
    if (now < last_probe || now < fetched) {
        return true;
    }
    const auto next_probe = now + (now - last_probe) + margin;
    return next_probe - fetched > turns_max_age;
}

IndexParts parts_due(const TurnsQuestion& question) {
    IndexParts due{};
    if (question.turns == nullptr || question.turns->asked.size() != index_parts) {
        due.fill(true);
        return due;
    }
    const auto& asked = question.turns->asked;
    for (std::size_t part = 0; part < index_parts; ++part) {
        due[part] = is_refresh_due(asked[part], question.last_probe, question.now);
    }
    due[static_cast<std::size_t>(std::ranges::min_element(asked) - asked.begin())] = true;
    return due;
}

IndexTurns turns_after(const Sha256& question, const IndexTurns* before, const IndexParts& asked,
                       Timestamp when) {
    IndexTurns turns{.question = question, .asked = std::vector<Timestamp>(index_parts, when)};
    for (std::size_t part = 0; part < index_parts && before != nullptr; ++part) {
        if (!asked[part]) {
            turns.asked[part] = before->asked.at(part);
        }
    }
    return turns;
}

}  // namespace model
