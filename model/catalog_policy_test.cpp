#include "model/testing/right_catalog.hpp"
#include "tools/cmake/catch.hpp"

#include <string>

TEST_CASE("one wrong line of a policy gives its error and nothing else",
          "[model][catalog_policy]") {
    const auto [why, from, to, line, fragment] = GENERATE(table<std::string, std::string,
                                                                std::string, int, std::string>({
        {"zero failures", "failures", "failures_before_disable = 0", 8, "from 1 to 100"},
        {"too many failures", "failures", "failures_before_disable = 101", 8, "from 1 to 100"},
        {"half a failure", "failures", "failures_before_disable = 1.5", 8, "whole number"},
        {"a keyring of this folder", "keyring", "keyring = \"keys.gpg\"", 9,
         "keyring: \"keys.gpg\" is not the whole path of a file"},
        {"an empty keyring", "keyring", "keyring = \"\"", 9, "keyring: \"\" is not the whole path"},
        {"a keyring of two lines", "keyring", R"(keyring = "/a\nb")", 9, "is not the whole path"},
        {"a long keyring", "keyring", "keyring = \"/" + std::string(1'000, 'k') + "\"", 9,
         "is not the whole path"},
        {"a number as grace", "sync_grace", "sync_grace = 6", 10, "must be a text"},
        {"a grace without unit", "sync_grace", "sync_grace = \"6\"", 10,
         "sync_grace: \"6\" is not a time such as \"90m\""},
        {"a grace of many years", "sync_grace", "sync_grace = \"9999999d\"", 10, "is not a time"},
        {"a grace below zero", "sync_grace", "sync_grace = \"-6h\"", 10, "is not a time"},
        {"no such reason", "disable_when", "disable_when = [\"no-content\", \"no-contents\"]", 11,
         "disable_when: \"no-contents\""},
        {"in its own line", "disable_when", "disable_when = [\"no-content\",\n\"slow\"]", 12,
         "disable_when: \"slow\""},
        {"a lag of nothing", "disable_when", "disable_when = \"lag>\"", 11,
         "disable_when: \"lag>\""},
        {"a reason twice", "disable_when", "disable_when = [\"lag>7d\", \"lag > 7d\"]", 11,
         "the reason \"lag>7d\" is given twice"},
        {"no success", "successes", "successes_before_enable = 0", 12, "from 1 to 100"},
        {"too many successes", "successes", "successes_before_enable = 101", 12, "from 1 to 100"},
        {"fewer than none", "never_below", "never_below = -1", 13, "from 0 to 1000"},
        {"a text as number", "deep_every", "deep_every = \"7\"", 14, "whole number"},
        {"rarely deep", "deep_every", "deep_every = 1001", 14, "from 0 to 1000"},
        {"a manifest of this folder", "manifest", "manifest = \"m.txt\"", 15,
         "manifest: \"m.txt\" is neither an http or https URL nor the whole path"},
        {"a manifest by ftp", "manifest", "manifest = \"ftp://a.example/m\"", 15, "is neither"},
        {"a manifest's query", "manifest", "manifest = \"https://a.example/m?x\"", 15,
         "manifest: the URL has a query"},
        {"a manifest's folder", "manifest", "manifest = \"https://a.example/m/\"", 15,
         "a folder's URL"},
    }));
    CAPTURE(why);

    model::testing::check_one_error(from, to, line, fragment);
}
