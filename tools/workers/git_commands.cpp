#include "tools/workers/git_commands.hpp"

#include "model/text_rules.hpp"
#include "tools/workers/command_end.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace workers {
namespace {

constexpr std::size_t url_bytes_max = 2'000;
constexpr std::array<std::string_view, 4> schemes = {"https", "http", "git", "ssh"};
constexpr std::string_view branches = "refs/heads/";

// Whatever a template, a remote or an earlier admin left in a repository, nothing of it is run;
// and git ends when it says so, with its housekeeping.
const std::vector<std::string> git = {"git",
                                      "-c",
                                      "core.hooksPath=/dev/null",
                                      "-c",
                                      "core.fsmonitor=false",
                                      "-c",
                                      "credential.helper=",
                                      "-c",
                                      "gc.autoDetach=false",
                                      "-c",
                                      "maintenance.autoDetach=false"};

std::vector<std::string> words(std::vector<std::string> more) {
    auto all = git;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::string in(const std::filesystem::path& repository) {
    return "--git-dir=" + repository.string();
}

bool is_commit(std::string_view text) noexcept {
    return (text.size() == 40 || text.size() == 64) &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<std::string_view> take_line(std::string_view& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    const auto size = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    return line;
}

}  // namespace

std::string pull_url_fault(std::string_view url) {
    const auto colon = url.find("://");
    if (colon == std::string_view::npos ||
        std::ranges::find(schemes, url.substr(0, colon)) == schemes.end()) {
        return "its URL begins with none of https://, http://, git:// and ssh://";
    }
    if (url.size() > url_bytes_max || !model::is_plain_text(url, model::Lines::one) ||
        url.find(' ') != std::string_view::npos) {
        return "its URL is too long, or holds what no URL can";
    }
    const auto rest = url.substr(colon + 3);
    const auto authority = rest.substr(0, rest.find('/'));
    const auto at = authority.rfind('@');
    const auto login = at == std::string_view::npos ? std::string_view{} : authority.substr(0, at);
    if (login.find(':') != std::string_view::npos) {
        return "its URL holds a password, which everybody on this machine would see";
    }
    const auto host = at == std::string_view::npos ? authority : authority.substr(at + 1);
    // A program below git would take "-…" for an option.
    if (host.empty() || host.starts_with('-') || login.starts_with('-')) {
        return "its URL names no host";
    }
    return {};
}

std::vector<std::string> git_init(const std::filesystem::path& repository) {
    return words({"init", "--quiet", "--bare", "--template=", "--", repository.string()});
}

std::vector<std::string> git_ask_head(const std::string& url) {
    return words({"ls-remote", "--quiet", "--symref", "--", url, "HEAD"});
}

std::vector<std::string> git_fetch(const std::filesystem::path& repository,
                                   const std::string& url) {
    // Not --atomic: then a branch a/b cannot come where a went.
    return words({in(repository), "fetch", "--quiet", "--prune", "--no-tags",
                  "--no-write-fetch-head", "--no-recurse-submodules", "--", url,
                  "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"});
}

std::vector<std::string> git_set_head(const std::filesystem::path& repository,
                                      const std::string& full_name) {
    return words({in(repository), "symbolic-ref", "HEAD", full_name});
}

std::vector<std::string> git_commit_of(const std::filesystem::path& repository,
                                       const std::string& revision) {
    return words({in(repository), "rev-parse", "--verify", "--quiet", revision + "^{commit}"});
}

std::vector<std::string> git_environment(
    const std::function<std::optional<std::string>(const char* name)>& variable) {
    // GIT_SSH is run as it is, where GIT_SSH_COMMAND goes through a shell.
    std::vector<std::string> all = {"LC_ALL=C",
                                    "GIT_CONFIG_NOSYSTEM=1",
                                    "GIT_CONFIG_GLOBAL=/dev/null",
                                    "GIT_TERMINAL_PROMPT=0",
                                    "GIT_ALLOW_PROTOCOL=git:http:https:ssh",
                                    "GIT_SSH=ssh",
                                    "GIT_SSH_VARIANT=ssh",
                                    "GIT_HTTP_LOW_SPEED_LIMIT=1000",
                                    "GIT_HTTP_LOW_SPEED_TIME=60"};
    for (const auto* const name :
         {"PATH", "HOME", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR",
          "GIT_SSL_CAINFO", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
          "no_proxy", "NO_PROXY"}) {
        if (const auto value = variable(name)) {
            all.push_back(fmt::format("{}={}", name, *value));
        }
    }
    return all;
}

std::optional<RemoteHead> read_remote_head(std::string_view output) {
    constexpr std::string_view symbolic = "ref: ";
    constexpr std::string_view of_head = "\tHEAD";
    RemoteHead head;
    while (const auto line = take_line(output)) {
        if (!line->ends_with(of_head)) {
            continue;
        }
        const auto value = line->substr(0, line->size() - of_head.size());
        if (value.starts_with(symbolic)) {
            const auto name = value.substr(symbolic.size());
            if (name.starts_with(branches) && name.size() > branches.size()) {
                head.full_name = name;
            }
        } else if (is_commit(value)) {
            head.commit = value;
        }
    }
    return head.commit.empty() ? std::nullopt : std::optional(std::move(head));
}

std::string git_reason(std::string_view errors) {
    for (const std::string_view start : {"fatal: ", "error: "}) {
        auto rest = errors;
        while (const auto line = take_line(rest)) {
            if (line->starts_with(start)) {
                return std::string(*line);
            }
        }
    }
    return std::string(last_line(errors));
}

}  // namespace workers
