#include "model/branch_name.hpp"

#include "tools/cmake/catch.hpp"

using namespace model;

TEST_CASE("a branch has a name that can be typed, printed and put into a path",
          "[model][branch_name]") {
    const auto [name, is_fine, why] = GENERATE(table<std::string, bool, std::string>({
        {"~ann/tool/main", true, "a person's"},
        {"gcc", true, "one part"},
        {"lp:gcc@4.1+b_2~rc-1.0", true, "every sign"},
        {"7zip", true, "begins with a digit"},
        {std::string(200, 'a'), true, "the longest"},
        {std::string(201, 'a'), false, "too long"},
        {"", false, "empty"},
        {"17", false, "a number names a branch by its number"},
        {"-x", false, "would be an option"},
        {"a/-x", false, "would be an option"},
        {"../x", false, "leads elsewhere"},
        {"a/.git", false, "hidden"},
        {"/a", false, "an empty part"},
        {"a//b", false, "an empty part"},
        {"a/", false, "an empty part"},
        {"a b", false, "a blank"},
        {"a\nb", false, "a control character"},
        {"caf\xc3\xa9", false, "no ASCII"},
    }));
    INFO(why);

    CHECK(branch_name_fault(name).empty() == is_fine);
}

TEST_CASE("a branch has the URL of something remote, without a password", "[model][branch_name]") {
    const auto [url, fault, why] = GENERATE(table<std::string, std::string, std::string>({
        {"https://git.example.org/tool.git", "", "the usual"},
        {"ssh://git@git.example.org:22/tool", "", "a user is fine"},
        {"git://[2001:db8::1]:9418/tool", "", "colons of an address"},
        {"https://git.example.org/a@b:c", "", "not in the host's part"},
        {"svn+ssh://x/y", "", "another scheme"},
        {"https://x/" + std::string(990, 'a'), "", "the longest"},
        {"https://x/" + std::string(991, 'a'), "is longer than 1,000 bytes", "too long"},
        {"https://ann:pw@git.example.org/t", "holds a password", "shown in lists"},
        {"https://ann:@git.example.org/t", "holds a password", "an empty one"},
        {"https://x/a b", "holds a blank", "a blank"},
        {"https://x/a\tb", "holds a blank", "a control character"},
        {"https://x/\xff", "holds a blank", "no UTF-8"},
        {"", "is no URL", "empty"},
        {"/srv/git/tool", "is no URL", "a folder"},
        {"git@host:tool", "is no URL", "git's short form"},
        {"ext::sh -c x", "is no URL", "a command"},
        {"-x://h", "is no URL", "would be an option"},
        {"://h", "is no URL", "no scheme"},
        {"http://", "names no host", "nothing behind it"},
        {"https:///tool.git", "names no host", "a path alone"},
        {"https://:8443/tool", "names no host", "a port alone"},
        {"ssh://git@/tool", "names no host", "a user alone"},
        {"https://git.example.org:99999/t", "has a port", "one that wraps"},
        {"ssh://git@git.example.org:x/t", "has a port", "git's short form after all"},
        {"file:///etc", "names a path of this machine", "a path of the worker's"},
        {"FILE://host/etc", "names a path of this machine", "in capitals"},
    }));
    INFO(why);

    const auto found = branch_url_fault(url);

    CHECK(found.empty() == fault.empty());
    CHECK(found.starts_with(fault));
}
