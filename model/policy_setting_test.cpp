#include "model/policy_setting.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("a part of a policy is set as the catalogue spells it", "[model][policy_setting]") {
    const auto [setting, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {R"(disable_when=["lag>7d"])",
         R"(disable_when=["lag>7d"] failures_before_disable=3 successes_before_enable=1 never_below=0)",
         "one word"},
        {R"( disable_when = [ "no-content" , "lag > 2d" ] )",
         R"(disable_when=["no-content", "lag>2d"] failures_before_disable=3 successes_before_enable=1 never_below=0)",
         "blanks"},
        {"disable_when=no-content,torn",
         R"(disable_when=["no-content", "torn"] failures_before_disable=3 successes_before_enable=1 never_below=0)",
         "without what a shell would eat"},
        {"disable_when=[]",
         "disable_when=[] failures_before_disable=3 successes_before_enable=1 never_below=0",
         "the rules of old"},
        {"failures_before_disable=2",
         R"(disable_when=["torn"] failures_before_disable=2 successes_before_enable=1 never_below=0)",
         "a number"},
        {"successes_before_enable=5",
         R"(disable_when=["torn"] failures_before_disable=3 successes_before_enable=5 never_below=0)",
         "another"},
        {"never_below=2",
         R"(disable_when=["torn"] failures_before_disable=3 successes_before_enable=1 never_below=2)",
         "and another"},
    }));
    CAPTURE(why);
    model::Policy policy;
    policy.disable_when = {{.kind = model::DisableReason::Kind::torn, .lag_max = {}}};
    policy.failures_before_disable = 3;

    const auto wrong = model::set_policy(policy, setting);

    CHECK(wrong.value_or("").empty());
    CHECK(model::policy_text(policy) == expected);
}

TEST_CASE("a wrong setting says what is wrong and changes nothing", "[model][policy_setting]") {
    const auto [setting, part, why] = GENERATE(table<std::string, std::string, std::string>({
        {"", "write KEY=VALUE", "empty"},
        {"never_below", "write KEY=VALUE", "no value"},
        {"never_bellow=1", "did you mean \"never_below\"?", "misspelt"},
        {"colour=1", "the keys here are disable_when", "none of ours"},
        {"never_below=-1", "from 0 to 1000", "negative"},
        {"never_below=", "from 0 to 1000", "nothing"},
        {"failures_before_disable=0", "from 1 to 100", "none"},
        {"failures_before_disable=2.5", "from 1 to 100", "half a probe"},
        {"successes_before_enable=101", "from 1 to 100", "for ever"},
        {"disable_when=[\"tron\"]", "disable_when: \"tron\"", "misspelt word"},
        {"disable_when=torn,,expired", "disable_when: \"\"", "an empty word"},
        {"disable_when=[torn", "disable_when: \"[torn\"", "no closing bracket"},
    }));
    CAPTURE(setting, why);
    model::Policy policy;

    const auto wrong = model::set_policy(policy, setting);

    REQUIRE(wrong);
    CAPTURE(*wrong);
    CHECK(wrong->find(part) != std::string::npos);
    CHECK(policy == model::Policy{});
}
