#include "model/probe.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::parse_probe_verdict;
using model::ProbeVerdict;

TEST_CASE("a probe's verdict has one name that reads back", "[model][probe]") {
    const auto [verdict, name] = GENERATE(table<ProbeVerdict, std::string>({
        {ProbeVerdict::passed, "passed"},
        {ProbeVerdict::failed, "failed"},
        {ProbeVerdict::nothing_expected, "nothing-expected"},
    }));
    CAPTURE(name);

    CHECK(model::to_string(verdict) == name);
    CHECK(parse_probe_verdict(name) == verdict);
}

TEST_CASE("a verdict in other words is no verdict", "[model][probe]") {
    const std::string text = GENERATE("", "Passed", "failed ", "nothing_expected", "1");
    CAPTURE(text);

    CHECK_FALSE(parse_probe_verdict(text).has_value());
}
