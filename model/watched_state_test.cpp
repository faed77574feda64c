#include "model/watched_state.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::Observation;
using model::OutcomeKind;

namespace {

/// One letter: 6 IPv6 is dead, 4 IPv4 is dead, b both are fine, c the certificate ends soon,
/// C it is fine, and a dot for nothing known.
Observation probe(char letter) {
    Observation made;
    const auto amiss = [&made](std::string rule) {
        made.findings.emplace_back().rule = std::move(rule);
    };
    const model::Outcome ok{OutcomeKind::ok, 0};
    const model::Outcome dead{OutcomeKind::timeout_connect, 0};
    switch (letter) {
    case '6':
        made.addresses = {{"192.0.2.7", ok}, {"2001:db8::7", dead}};
        amiss("ipv6-dead");
        break;
    case '4':
        made.addresses = {{"192.0.2.7", dead}, {"2001:db8::7", ok}};
        amiss("ipv4-dead");
        break;
    case 'b': made.addresses = {{"192.0.2.7", ok}, {"2001:db8::7", ok}}; break;
    case 'c': amiss("certificate-ends-soon"); [[fallthrough]];
    case 'C': made.certificate.emplace(); break;
    default: break;
    }
    return made;
}

std::string told(const std::vector<model::StateChange>& changes) {
    std::string text;
    for (const auto& change : changes) {
        text += change.begins ? '+' : '-';
        text += change.what == model::Watched::ipv4   ? '4'
                : change.what == model::Watched::ipv6 ? '6'
                                                      : 'c';
    }
    return text;
}

}  // namespace

TEST_CASE("an owner is told of a state once, when it changes", "[model][watched_state]") {
    const auto [now, earlier, expected, why] =
        GENERATE(table<char, std::string, std::string, std::string>({
            {'6', "", "+6", "the first probe of all"},
            {'6', "b", "+6", "it has begun"},
            {'6', "6", "", "it was so yesterday"},
            {'6', ".6", "", "yesterday it could not be told, the day before it was so"},
            {'6', ".b", "+6", "the day before it was fine"},
            {'6', "4", "-4+6", "the other family was dead, and is fine again"},
            {'b', "6", "-6", "it is fine again"},
            {'b', ".6", "-6", "the same, after a day of not knowing"},
            {'b', "b6", "", "it has been fine since yesterday"},
            {'b', "", "", "fine from the beginning is no news"},
            {'.', "6", "", "not knowing is no news"},
            {'b', "4", "-4", "IPv4 too"},
            {'4', "6", "+4-6", "one begins as the other ends"},
            {'c', "C", "+c", "the last third of its lifetime begins"},
            {'c', "c", "", "and goes on"},
            {'C', "c", "", "who renewed it knows"},
            {'c', "Cc", "+c", "the next year"},
        }));
    CAPTURE(now, earlier, why);
    std::vector<Observation> before;
    for (const char letter : std::string{earlier}) {
        before.push_back(probe(letter));
    }

    CHECK(told(model::state_changes(probe(now), before)) == expected);
}

TEST_CASE("the past is settled once all that is known now was known then",
          "[model][watched_state]") {
    const auto [now, earlier, expected, why] =
        GENERATE(table<char, std::string, bool, std::string>({
            {'.', "", true, "nothing is known now"},
            {'6', "", false, "no past at all"},
            {'6', ".", false, "a past that knew nothing"},
            {'b', "b", true, "both families were known"},
            {'c', "b", false, "the certificate was not looked at then"},
            {'c', "bC", true, "but before that"},
        }));
    CAPTURE(why);
    std::vector<Observation> before;
    for (const char letter : std::string{earlier}) {
        before.push_back(probe(letter));
    }

    CHECK(model::is_settled(probe(now), before) == expected);
}

TEST_CASE("the watched part of an observation tells the same, and keeps nothing of suites",
          "[model][watched_state]") {
    const auto letter = GENERATE('6', '4', 'b', 'c', 'C', '.');
    CAPTURE(letter);
    auto all = probe(letter);
    all.suites.emplace_back().suite = "bookworm";
    all.findings.emplace_back().rule = "release-missing";

    const auto part = model::watched_part(all);

    CHECK(told(model::state_changes(part, {})) == told(model::state_changes(all, {})));
    CHECK(model::is_settled(part, {}) == model::is_settled(all, {}));
    CHECK(part.suites.empty());
    CHECK(part.findings.size() == all.findings.size() - 1);
}
