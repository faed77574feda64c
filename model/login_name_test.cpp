#include "model/login_name.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("a login name is told from what else is in the audit trail", "[model][login_name]") {
    const auto [login, fragment, why] = GENERATE(table<std::string, std::string, std::string>({
        {"alice", "", "a name"},
        {"alice.b+c_d-e@example.org", "", "an address"},
        {std::string(64, 'a'), "", "as long as can be"},
        {std::string(65, 'a'), "64 at most", "too long"},
        {"", "no login name", "nothing"},
        {"alice b", "no login name", "a blank"},
        {"<script>", "no login name", "markup"},
        {"prober", "no admin can be called", "the prober"},
        {"owner", "no admin can be called", "an owner"},
    }));
    CAPTURE(login, why);

    const auto fault = model::login_name_fault(login);

    CHECK(fault.empty() == fragment.empty());
    CHECK(fault.find(fragment) != std::string::npos);
}
