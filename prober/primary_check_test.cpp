#include "prober/primary_check.hpp"

#include "prober/testing/run.hpp"
#include "prober/testing/scripted_http_client.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::OutcomeKind;
using prober::PrimaryAnswer;

namespace {

prober::PrimaryQuestion question_about(const std::string& url) {
    return {.url = url, .impossible_names = {"no/such", "/none"}, .paths = {"one", "two", "three"}};
}

constexpr model::Outcome not_found{.kind = OutcomeKind::http_status, .status = 404};
constexpr model::Outcome found{.kind = OutcomeKind::ok};
constexpr model::Outcome refused{.kind = OutcomeKind::refused};
constexpr model::Outcome skipped{.kind = OutcomeKind::skipped};
constexpr model::Outcome cancelled{.kind = OutcomeKind::cancelled};
constexpr model::Outcome trouble{.kind = OutcomeKind::prober_trouble};

}  // namespace

TEST_CASE("the primary archive is judged by its answers", "[prober][primary_check]") {
    const auto [why, one, two, three,
                expected] = GENERATE(table<std::string, model::Outcome, model::Outcome,
                                           model::Outcome, PrimaryAnswer>({
        {"one index is enough", not_found, found, not_found, PrimaryAnswer::carries},
        {"whatever came before it", refused, refused, found, PrimaryAnswer::carries},
        {"it answers, and has nothing", not_found, not_found, not_found, PrimaryAnswer::has_none},
        {"one answer shows that it is there", refused, not_found, skipped, PrimaryAnswer::has_none},
        {"no answer at all", refused, refused, skipped, PrimaryAnswer::unreachable},
        {"ended in between", refused, cancelled, cancelled, PrimaryAnswer::not_asked},
        {"our own trouble is no word on it", trouble, trouble, trouble, PrimaryAnswer::not_asked},
    }));
    CAPTURE(why);
    prober::testing::ScriptedHttpClient client;
    client.answer("http://primary.example/ubuntu/one", one)
        .answer("http://primary.example/ubuntu/two", two)
        .answer("http://primary.example/ubuntu/three", three);

    const auto answer = prober::testing::run(
        prober::check_primary(client, question_about("http://primary.example/ubuntu/")));

    CHECK(answer == expected);
}

TEST_CASE("the primary archive is asked no more than it takes", "[prober][primary_check]") {
    prober::testing::ScriptedHttpClient client;
    client.ok("http://primary.example/one");

    prober::testing::run(prober::check_primary(client, question_about("http://primary.example/")));

    CHECK(client.asked() ==
          std::vector<std::string>{"http://primary.example/no/such", "http://primary.example/one"});
}

TEST_CASE("who has names that cannot be is not the primary archive", "[prober][primary_check]") {
    const auto [why, below, at_root, expected] =
        GENERATE(table<std::string, model::Outcome, model::Outcome, PrimaryAnswer>({
            {"all is answered alike", found, found, PrimaryAnswer::answers_everything},
            {"the site's own pages are", not_found, found, PrimaryAnswer::carries},
            {"an archive of odd manners", found, not_found, PrimaryAnswer::carries},
            {"ended in between", found, cancelled, PrimaryAnswer::not_asked},
        }));
    CAPTURE(why);
    prober::testing::ScriptedHttpClient client;
    client.ok("http://primary.example/ubuntu/one")
        .answer("http://primary.example/ubuntu/no/such", below)
        .answer("http://primary.example/none", at_root);

    const auto answer = prober::testing::run(
        prober::check_primary(client, question_about("http://primary.example/ubuntu/")));

    CHECK(answer == expected);
}
