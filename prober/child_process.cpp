#include "prober/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <utility>

namespace prober {
namespace {

constexpr int first_other_descriptor = 3;

void check(int error, std::string_view verb) {
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), fmt::format("cannot {}", verb));
    }
}

void close_if_open(int& descriptor) noexcept {
    if (descriptor >= 0) {
        ::close(std::exchange(descriptor, -1));
    }
}

/// What the child is to have of descriptors.
class FileActions {
public:
    FileActions() { check(::posix_spawn_file_actions_init(&actions_), "prepare a process"); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    void open(int as, const char* path, int flags) {
        check(::posix_spawn_file_actions_addopen(&actions_, as, path, flags, 0600),
              "prepare a process");
    }
    void use(int descriptor, int as) {
        check(::posix_spawn_file_actions_adddup2(&actions_, descriptor, as), "prepare a process");
    }
    void close_from(int first) {
        check(::posix_spawn_file_actions_addclosefrom_np(&actions_, first), "prepare a process");
    }
    const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

/// No signal is blocked or ignored in it because we block or ignore it.
class Attributes {
public:
    Attributes() {
        check(::posix_spawnattr_init(&attributes_), "prepare a process");
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

std::vector<std::string> child_environment() {
    std::vector<std::string> variables = {"LC_ALL=C"};
    for (const auto* const name : {"PATH", "HOME"}) {
        if (const char* value = std::getenv(name); value != nullptr) {
            variables.push_back(fmt::format("{}={}", name, value));
        }
    }
    return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& words, const std::string& errors_file) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        check(errno, "make a pipe");
    }
    output_ = pipe[0];
    int error = 0;
    try {
        FileActions files;
        files.open(STDIN_FILENO, "/dev/null", O_RDONLY);
        files.use(pipe[1], STDOUT_FILENO);
        files.open(STDERR_FILENO, errors_file.c_str(), O_WRONLY | O_CREAT | O_APPEND);
        files.close_from(first_other_descriptor);
        const Attributes attributes;
        auto arguments = words;
        auto variables = child_environment();
        error = ::posix_spawnp(&pid_, words.front().c_str(), files.get(), attributes.get(),
                               pointers_to(arguments).data(), pointers_to(variables).data());
    } catch (...) {
        ::close(pipe[1]);
        close_if_open(output_);
        throw;
    }
    ::close(pipe[1]);
    if (error == 0) {
        // glibc 2.36 declares pidfd_open so that C++ cannot link it.
        end_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
        error = end_ < 0 ? errno : 0;
    }
    if (error == 0 && ::fcntl(output_, F_SETFL, O_NONBLOCK) != 0) {
        error = errno;
    }
    if (error != 0) {
        close_if_open(output_);
        close_if_open(end_);
        if (pid_ > 0) {
            kill();
            wait();
        }
        check(error, fmt::format("run {}", words.front()));
    }
}

ChildProcess::~ChildProcess() {
    close_if_open(output_);
    close_if_open(end_);
    if (pid_ > 0) {
        kill();
        wait();
    }
}

int ChildProcess::take_output() noexcept {
    return std::exchange(output_, -1);
}

int ChildProcess::take_end() noexcept {
    return std::exchange(end_, -1);
}

void ChildProcess::kill() const noexcept {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
    }
}

std::optional<int> ChildProcess::wait() noexcept {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
}

}  // namespace prober
