#include "tools/workers/git_commands.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <map>

using workers::git_reason;
using workers::pull_url_fault;
using workers::read_remote_head;
using workers::RemoteHead;

namespace {

const std::string commit_a(40, 'a');

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("git is only sent where it talks to a host, and without a password",
          "[workers][git_commands]") {
    const auto [why, url, is_fine] = GENERATE(table<const char*, const char*, bool>({
        {"the web", "https://git.example.org/a/b.git", true},
        {"a port", "http://127.0.0.1:8080/x", true},
        {"git's own", "git://git.example.org/a", true},
        {"ssh, and as whom", "ssh://git@git.example.org:2222/a", true},
        {"a command of the remote's choice", "ext::sh -c touch% /tmp/x", false},
        {"a file of this machine", "file:///srv/secret", false},
        {"a path of this machine", "/srv/secret", false},
        {"the short way of ssh, which is a path with a colon, too", "git@example.org:a/b", false},
        {"a password", "https://user:secret@git.example.org/", false},
        {"an option for ssh", "ssh://-oProxyCommand=touch/x", false},
        {"an option for ssh as a user", "ssh://-oX@host/x", false},
        {"no host", "https:///x", false},
        {"a blank", "https://git.example.org/a b", false},
        {"a line end", "https://git.example.org/a\nb", false},
        {"an option", "--upload-pack=x", false},
    }));
    CAPTURE(why);

    CHECK(pull_url_fault(url).empty() == is_fine);
}

TEST_CASE("no message about a URL repeats its password", "[workers][git_commands]") {
    CHECK(pull_url_fault("https://user:secret@h/").find("secret") == std::string::npos);
}

TEST_CASE("a URL and a name are never options of git", "[workers][git_commands]") {
    for (const auto& words :
         {workers::git_ask_head("https://x/"), workers::git_fetch("/r/7.git", "https://x/")}) {
        const auto end = std::find(words.begin(), words.end(), "--");
        const auto url = std::find(words.begin(), words.end(), "https://x/");
        CHECK(end < url);
        CHECK(words.front() == "git");
    }
}

TEST_CASE("branches and tags are fetched under their full names, and pruned",
          "[workers][git_commands]") {
    const auto words = workers::git_fetch("/r/7.git", "https://x/");

    CHECK(has(words, "--git-dir=/r/7.git"));
    CHECK(has(words, "+refs/heads/*:refs/heads/*"));
    CHECK(has(words, "+refs/tags/*:refs/tags/*"));
    CHECK(has(words, "--prune"));
    CHECK(has(words, "core.hooksPath=/dev/null"));
}

TEST_CASE("of our environment git gets what it needs, and no secret", "[workers][git_commands]") {
    const std::map<std::string, std::string> ours = {{"PATH", "/bin"},
                                                     {"https_proxy", "http://proxy:3128"},
                                                     {"MIRRORWARDEN_TOKEN", "mw_1_secret"},
                                                     {"GIT_SSH_COMMAND", "sh"},
                                                     {"GIT_DIR", "/elsewhere"},
                                                     {"LD_PRELOAD", "x.so"}};

    const auto all = workers::git_environment([&](const char* name) -> std::optional<std::string> {
        const auto found = ours.find(name);
        return found == ours.end() ? std::nullopt : std::optional(found->second);
    });

    CHECK(has(all, "PATH=/bin"));
    CHECK(has(all, "https_proxy=http://proxy:3128"));
    CHECK(has(all, "GIT_TERMINAL_PROMPT=0"));
    CHECK(has(all, "GIT_ALLOW_PROTOCOL=git:http:https:ssh"));
    CHECK(has(all, "GIT_CONFIG_GLOBAL=/dev/null"));
    CHECK(has(all, "GIT_HTTP_LOW_SPEED_LIMIT=1000"));
    CHECK(has(all, "GIT_HTTP_LOW_SPEED_TIME=60"));
    for (const auto& variable : all) {
        CAPTURE(variable);
        CHECK_FALSE(variable.starts_with("MIRRORWARDEN"));
        CHECK_FALSE(variable.starts_with("GIT_SSH_COMMAND"));
        CHECK_FALSE(variable.starts_with("GIT_DIR"));
        CHECK_FALSE(variable.starts_with("LD_"));
    }
}

TEST_CASE("the remote HEAD is a branch, a commit, or nothing yet", "[workers][git_commands]") {
    using Head = std::optional<RemoteHead>;
    const auto sha256 = std::string(64, 'b');
    const auto [why, output, expected] = GENERATE_COPY(table<std::string, std::string, Head>({
        {"a branch", "ref: refs/heads/main\tHEAD\n" + commit_a + "\tHEAD\n",
         RemoteHead{"refs/heads/main", commit_a}},
        {"a commit", commit_a + "\tHEAD\n", RemoteHead{"", commit_a}},
        {"of SHA-256", sha256 + "\tHEAD\n", RemoteHead{"", sha256}},
        {"empty", "", std::nullopt},
        {"another HEAD, too",
         commit_a + "\tHEAD\n" + std::string(40, 'c') + "\trefs/remotes/origin/HEAD\n",
         RemoteHead{"", commit_a}},
        {"a name outside of branches", "ref: refs/notes/x\tHEAD\n" + commit_a + "\tHEAD\n",
         RemoteHead{"", commit_a}},
        {"no commit", "ref: refs/heads/main\tHEAD\nxyz\tHEAD\n", std::nullopt},
    }));
    CAPTURE(why);

    CHECK(read_remote_head(output) == expected);
}

TEST_CASE("why git failed is its first fatal line", "[workers][git_commands]") {
    CHECK(git_reason("warning: x\nfatal: unable to access 'https://x/'\nPlease make sure\n") ==
          "fatal: unable to access 'https://x/'");
    CHECK(git_reason("error: RPC failed\nsomething\n") == "error: RPC failed");
    CHECK(git_reason("one\ntwo\n") == "two");
    CHECK(git_reason("").empty());
}
