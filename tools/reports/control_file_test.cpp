#include "tools/reports/control_file.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using reports::read_permission;

TEST_CASE("a job runs unless its section, or else DEFAULT, says no", "[reports][control_file]") {
    const auto [text, is_enabled, why] = GENERATE(table<std::string, bool, std::string>({
        {"", true, "nothing is said"},
        {"[probe]\nenabled = false\n", false, "its section"},
        {"[probe]\nenabled: no", false, "with a colon, without a line end"},
        {"[DEFAULT]\nenabled = false\n", false, "all jobs"},
        {"[DEFAULT]\nenabled = false\n[probe]\nenabled = true\n", true, "all but this one"},
        {"[probe]\nenabled = true\n[DEFAULT]\nenabled = false\n", true, "in any order"},
        {"[pull]\nenabled = false\n", true, "another job"},
        {"[probe]\n# enabled = false\n; enabled = false\n", true, "comments"},
        {"[probe]\nreason = disk\n", true, "another name"},
        {"[probe]\nEnabled = OFF\n", false, "in any case"},
        {"enabled = false\n", true, "in no section"},
        {"[probe]\nenabled = false\n\n[probe]\nenabled = 1\n", true, "the last word counts"},
        {"[default]\nenabled = 0\n", true, "DEFAULT has its case"},
    }));
    CAPTURE(why);
    const auto permission = read_permission(text, "probe");
    CHECK(permission.is_enabled == is_enabled);
    CHECK(permission.warning.empty());
}

TEST_CASE("a control file that cannot be read stops nothing, and is told",
          "[reports][control_file]") {
    const auto [text, word] = GENERATE(table<std::string, std::string>({
        {"[probe]\nenabled = perhaps\n", "perhaps"},
        {"[probe]\nenabled =\n", "neither true nor false"},
        {"[DEFAULT]\nenabled = nay\n", "[DEFAULT]"},
        {"[probe]\nthis is prose\nenabled = false\n", "Line 2"},
        {"[probe\nenabled = false\n", "Line 1"},
        {"[probe]\nenabled = false\n" + std::string(70'000, '#'), "64 KiB"},
        {std::string("[probe]\nenabled = false\n\0", 25), "64 KiB"},
        {"<html><body>404</body></html>\n", "Line 1"},
    }));
    CAPTURE(text.substr(0, 60));
    const auto permission = read_permission(text, "probe");
    CHECK(permission.is_enabled);
    CHECK(permission.warning.find(word) != std::string::npos);
}
