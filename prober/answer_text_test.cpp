#include "prober/answer_text.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <utility>

using model::Content;
using model::OutcomeKind;
using prober::Answer;

namespace {

Answer answer(model::Outcome outcome, std::string detail = "") {
    Answer made;
    made.outcome = outcome;
    made.detail = std::move(detail);
    return made;
}

}  // namespace

TEST_CASE("the log says why something is not there", "[prober][answer_text]") {
    const auto [outcome, content, expected] = GENERATE(table<model::Outcome, Content, std::string>({
        {{OutcomeKind::http_status, 404}, Content::archive, "index not found"},
        {{OutcomeKind::http_status, 404}, Content::release, "not found"},
        {{OutcomeKind::http_status, 403}, Content::archive, "the server does not give it out"},
        {{OutcomeKind::http_status, 503}, Content::release, "the server does not give it out"},
        {{OutcomeKind::skipped, 0}, Content::archive, "not asked, the host is failing"},
        {{OutcomeKind::too_many_redirects, 0}, Content::archive, "redirected elsewhere"},
        {{OutcomeKind::timeout_connect, 0}, Content::archive, "no answer"},
    }));
    CAPTURE(expected);

    CHECK(prober::reason_missing(answer(outcome), content) == expected);
}

TEST_CASE("what the owner disallows was not asked, whatever else it is", "[prober][answer_text]") {
    auto disallowed = answer({OutcomeKind::skipped, 0});
    disallowed.host_wish = prober::HostWish::leave_alone;

    CHECK(prober::reason_missing(disallowed, Content::archive) ==
          "not asked, its owner disallows it");
}

TEST_CASE("a line bears 200 bytes of what a server said, and none of a 200",
          "[prober][answer_text]") {
    const model::Outcome reset{OutcomeKind::reset, 0};

    CHECK(prober::detail_in_brackets(answer(reset)).empty());
    CHECK(prober::detail_in_brackets(answer(reset, "it hung up")) == " (it hung up)");
    CHECK(prober::detail_in_brackets(answer(reset, std::string(300, 'a'))) ==
          " (" + std::string(200, 'a') + ")");
    CHECK(prober::detail_in_brackets(answer({OutcomeKind::ok, 0}, "all well")).empty());
}
