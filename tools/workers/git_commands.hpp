#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How git is told to mirror: its words and its environment, and what it says. Pure.
namespace workers {

/// Empty, or why nothing is pulled from there, as a sentence without the URL: git's own
/// protocols over a network, and no password, which other users would see among git's words.
std::string pull_url_fault(std::string_view url);

/// The branches and tags of a remote repository, as they are there, and none that are not.
std::vector<std::string> git_init(const std::filesystem::path& repository);
std::vector<std::string> git_ask_head(const std::string& url);
std::vector<std::string> git_fetch(const std::filesystem::path& repository, const std::string& url);
std::vector<std::string> git_set_head(const std::filesystem::path& repository,
                                      const std::string& full_name);
/// Prints the commit that `revision` names: a full name of a branch, or hexadecimal digits.
std::vector<std::string> git_commit_of(const std::filesystem::path& repository,
                                       const std::string& revision);

/// All that git gets of our environment: nothing that asks a person, runs a shell or reads a
/// user's settings; a transfer below 1,000 bytes a second for a minute is given up.
std::vector<std::string> git_environment(
    const std::function<std::optional<std::string>(const char* name)>& variable);

/// Where the remote repository's HEAD is.
struct RemoteHead {
    std::string full_name;  // "refs/heads/main"; empty: it names a commit
    std::string commit;     // hexadecimal

    friend bool operator==(const RemoteHead&, const RemoteHead&) = default;
};

/// What `git_ask_head` printed; empty where there is no commit yet.
std::optional<RemoteHead> read_remote_head(std::string_view output);

/// The line of git's standard error that says why: its first "fatal:", else "error:", else the
/// last. Empty where it is silent.
std::string git_reason(std::string_view errors);

}  // namespace workers
