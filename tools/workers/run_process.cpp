#include "tools/workers/run_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <utility>

namespace workers {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int first_other_descriptor = 3;

[[noreturn]] void fail(const char* verb) {
    throw std::system_error(errno, std::generic_category(), fmt::format("cannot {}", verb));
}

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }

    int number() const noexcept { return number_; }
    bool is_open() const noexcept { return number_ >= 0; }
    void close() noexcept {
        if (number_ >= 0) {
            ::close(std::exchange(number_, -1));
        }
    }

private:
    int number_ = -1;
};

struct Pipe {
    Descriptor reading;
    Descriptor writing;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail("make a pipe");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
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

struct Child {
    pid_t parent;
    int output;
    int errors;
    int trouble;  // where errno is told
    rlim_t file_bytes_max;
    char* const* arguments;
    char* const* variables;
};

/// Between fork and exec: nothing here takes memory or a lock.
[[noreturn]] void become(const Child& child) {
    ::setsid();  // a group of its own, and no terminal to ask for passwords
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    struct sigaction plain {};
    plain.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) {
        ::sigaction(number, &plain, nullptr);
    }
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int empty = ::open("/dev/null", O_RDONLY);
    bool is_ready = ::getppid() == child.parent && ::dup2(empty, STDIN_FILENO) >= 0 &&
                    ::dup2(child.output, STDOUT_FILENO) >= 0 &&
                    ::dup2(child.errors, STDERR_FILENO) >= 0;
    if (child.file_bytes_max > 0) {
        const rlimit limit{child.file_bytes_max, child.file_bytes_max};
        is_ready = ::setrlimit(RLIMIT_FSIZE, &limit) == 0 && is_ready;
    }
    // What is kept open to tell of trouble closes by itself where there is none.
    ::syscall(SYS_close_range, first_other_descriptor, ~0U, 1U << 2U /* CLOSE_RANGE_CLOEXEC */);
    if (is_ready) {
        ::execvpe(child.arguments[0], child.arguments, child.variables);
    }
    const int error = errno;
    static_cast<void>(::write(child.trouble, &error, sizeof error) == 0);
    ::_exit(127);
}

/// What a stream said last, and its own way out.
class Stream {
public:
    Stream(Descriptor from, std::optional<int> shown_on) noexcept
        : from_(std::move(from)), shown_on_(shown_on) {
        ::fcntl(from_.number(), F_SETFL, O_NONBLOCK);
    }

    int number() const noexcept { return from_.number(); }

    /// All that is there now; closed at its end.
    void read() {
        std::array<char, 65'536> buffer{};
        while (from_.is_open()) {
            const auto count = ::read(from_.number(), buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count < 0 && errno == EAGAIN) {
                return;
            }
            if (count <= 0) {
                from_.close();
                return;
            }
            const std::string_view piece(buffer.data(), static_cast<std::size_t>(count));
            show(piece);
            text_.append(piece);
            if (text_.size() > 2 * process_output_kept) {
                text_.erase(0, text_.size() - process_output_kept);
            }
        }
    }

    std::string take() {
        if (text_.size() > process_output_kept) {
            text_.erase(0, text_.size() - process_output_kept);
        }
        return std::move(text_);
    }

private:
    void show(std::string_view piece) {
        while (shown_on_ && !piece.empty()) {
            const auto written = ::write(*shown_on_, piece.data(), piece.size());
            if (written < 0 && errno != EINTR) {
                shown_on_.reset();  // nobody reads it any more; the program need not suffer
                return;
            }
            piece.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
    }

    Descriptor from_;
    std::optional<int> shown_on_;
    std::string text_;
};

/// Milliseconds for poll, rounded up.
int wait_for(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<decltype(left)>(left, 0, 1'000'000));
}

/// Follows the program to its end.
ProcessEnd follow(pid_t pid, const ProcessOrder& order, Stream& output, Stream& errors) {
    // glibc 2.36 declares pidfd_open so that C++ cannot link it.
    const Descriptor end(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    auto deadline = Clock::now() + order.timeout;
    std::optional<ProcessEnd::How> why;
    bool has_ended = false;
    while (!has_ended) {
        std::array<pollfd, 4> watched = {{{end.number(), POLLIN, 0},
                                          {output.number(), POLLIN, 0},
                                          {errors.number(), POLLIN, 0},
                                          {why ? -1 : order.stop, POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), wait_for(deadline));
        has_ended = !end.is_open() || watched[0].revents != 0;
        output.read();
        errors.read();
        const bool is_stopped = watched[3].revents != 0;
        if (has_ended || (!is_stopped && Clock::now() < deadline)) {
            continue;
        }
        if (!why) {
            why = is_stopped ? ProcessEnd::How::stopped : ProcessEnd::How::timed_out;
            ::kill(-pid, SIGTERM);
        } else {
            ::kill(-pid, SIGKILL);
        }
        deadline = Clock::now() + order.grace;
    }
    if (why) {
        // Whatever of its group is left; before its number can become somebody else's.
        ::kill(-pid, SIGKILL);
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    // What it left running may hold the pipes open: only what is there now is read.
    output.read();
    errors.read();
    const bool is_killed = WIFSIGNALED(status);
    return {.how = why.value_or(is_killed ? ProcessEnd::How::killed : ProcessEnd::How::exited),
            .number = is_killed ? WTERMSIG(status) : WEXITSTATUS(status),
            .output = output.take(),
            .errors = errors.take()};
}

}  // namespace

ProcessEnd run_process(const ProcessOrder& order) {
    auto output = make_pipe();
    auto errors = make_pipe();
    auto trouble = make_pipe();
    auto arguments = order.words;
    auto variables = order.environment;
    const auto argument_pointers = pointers_to(arguments);
    const auto variable_pointers = pointers_to(variables);
    const Child child{.parent = ::getpid(),
                      .output = output.writing.number(),
                      .errors = errors.writing.number(),
                      .trouble = trouble.writing.number(),
                      .file_bytes_max = order.file_bytes_max,
                      .arguments = argument_pointers.data(),
                      .variables = variable_pointers.data()};
    const pid_t pid = ::fork();
    if (pid < 0) {
        fail("make a process");
    }
    if (pid == 0) {
        become(child);
    }
    output.writing.close();
    errors.writing.close();
    trouble.writing.close();
    int error = 0;
    ssize_t count = 0;
    do {
        count = ::read(trouble.reading.number(), &error, sizeof error);
    } while (count < 0 && errno == EINTR);
    if (count == sizeof error) {
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
        }
        return {.how = ProcessEnd::How::not_started, .number = error, .output = {}, .errors = {}};
    }
    const bool is_shown = order.output == ProcessOrder::Output::is_shown;
    Stream out(std::move(output.reading), is_shown ? std::optional(STDOUT_FILENO) : std::nullopt);
    Stream err(std::move(errors.reading), is_shown ? std::optional(STDERR_FILENO) : std::nullopt);
    return follow(pid, order, out, err);
}

}  // namespace workers
