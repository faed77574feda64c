#include "tools/workers/run_process.hpp"

#include "tools/cmake/catch.hpp"
#include "tools/workers/testing/scratch_folder.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sys/syscall.h>

using std::chrono::milliseconds;
using workers::ProcessEnd;
using workers::ProcessOrder;
using workers::run_process;
using How = ProcessEnd::How;

namespace {

ProcessOrder order(std::vector<std::string> words) {
    return {.words = std::move(words),
            .environment = {"PATH=/usr/bin:/bin", "KEPT=yes"},
            .timeout = std::chrono::minutes(1),
            .grace = std::chrono::minutes(1),
            .file_bytes_max = 0};
}

ProcessOrder script(const std::string& text) {
    return order({"sh", "-c", text});
}

/// Within ten seconds; dead but not yet collected by whoever inherits it counts.
bool ends_soon(pid_t pid) {
    // glibc 2.36 declares pidfd_open so that C++ cannot link it.
    const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (process < 0) {
        return errno == ESRCH;
    }
    pollfd end{.fd = process, .events = POLLIN, .revents = 0};
    const bool has_ended = ::poll(&end, 1, 10'000) == 1;
    ::close(process);
    return has_ended;
}

}  // namespace

TEST_CASE("a program's words, status and output come through", "[workers][run_process]") {
    const auto end = run_process(script("echo out; echo err >&2; exit 3"));

    CHECK(end.how == How::exited);
    CHECK(end.number == 3);
    CHECK(end.output == "out\n");
    CHECK(end.errors == "err\n");
}

TEST_CASE("no shell reads the words", "[workers][run_process]") {
    CHECK(run_process(order({"printf", "%s|", "$HOME;`id`", "a b"})).output == "$HOME;`id`|a b|");
}

TEST_CASE("it gets the environment that it is given, and nothing on standard input",
          "[workers][run_process]") {
    ::setenv("WORKERS_TEST_SECRET", "secret", 1);
    const auto end = run_process(script("env; cat"));
    ::unsetenv("WORKERS_TEST_SECRET");

    CHECK(end.output.find("KEPT=yes") != std::string::npos);
    CHECK(end.output.find("secret") == std::string::npos);
    CHECK(end.number == 0);
}

TEST_CASE("it has none of our descriptors", "[workers][run_process]") {
    const workers::testing::ScratchFolder scratch;
    const std::ofstream open_here(scratch.path() / "open");

    const auto end = run_process(script("ls -l /proc/self/fd"));

    CHECK(end.output.find(scratch.path().string()) == std::string::npos);
}

TEST_CASE("a program that cannot be run says why", "[workers][run_process]") {
    const auto missing = run_process(order({"no-such-program-anywhere"}));
    CHECK(missing.how == How::not_started);
    CHECK(missing.number == ENOENT);

    const auto folder = run_process(order({"/tmp"}));
    CHECK(folder.how == How::not_started);
    CHECK(folder.number == EACCES);
}

TEST_CASE("a signal that ends it is told", "[workers][run_process]") {
    const auto end = run_process(script("kill -9 $$"));

    CHECK(end.how == How::killed);
    CHECK(end.number == SIGKILL);
}

TEST_CASE("of much output the end is kept", "[workers][run_process]") {
    const auto end = run_process(script("head -c 3000000 /dev/zero; echo end"));

    CHECK(end.output.size() == workers::process_output_kept);
    CHECK(end.output.ends_with("end\n"));
}

TEST_CASE("a program that takes too long is ended, and what it started with it",
          "[workers][run_process]") {
    const workers::testing::ScratchFolder scratch;
    const auto pid_file = scratch.path() / "pid";
    auto slow = script("sleep 1000 & echo $! >" + pid_file.string() + "; wait");
    slow.timeout = milliseconds(300);

    const auto end = run_process(slow);

    CHECK(end.how == How::timed_out);
    pid_t pid = 0;
    std::ifstream(pid_file) >> pid;
    REQUIRE(pid > 0);
    CHECK(ends_soon(pid));
}

TEST_CASE("a program that does not heed SIGTERM is killed", "[workers][run_process]") {
    auto deaf = script("trap '' TERM; echo deaf; while :; do sleep 0.01; done");
    deaf.timeout = milliseconds(300);
    deaf.grace = milliseconds(100);

    const auto end = run_process(deaf);

    CHECK(end.how == How::timed_out);
    CHECK(end.number == SIGKILL);
    CHECK(end.output == "deaf\n");
}

TEST_CASE("a program ends when it is asked for from outside", "[workers][run_process]") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    REQUIRE(::write(ends[1], "x", 1) == 1);
    auto stopped = script("sleep 1000");
    stopped.stop = ends[0];

    CHECK(run_process(stopped).how == How::stopped);

    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("what it leaves running does not hold us up", "[workers][run_process]") {
    const auto end = run_process(script("sleep 60 & echo $!"));

    CHECK(end.how == How::exited);
    REQUIRE_FALSE(end.output.empty());
    ::kill(static_cast<pid_t>(std::stol(end.output)), SIGKILL);
}

TEST_CASE("it writes no larger file than it may", "[workers][run_process]") {
    const workers::testing::ScratchFolder scratch;
    auto big = order(
        {"dd", "if=/dev/zero", "of=" + (scratch.path() / "big").string(), "bs=4096", "count=100"});
    big.file_bytes_max = 8192;

    const auto end = run_process(big);

    CHECK((end.how == How::killed || end.number != 0));
    CHECK(std::filesystem::file_size(scratch.path() / "big") == 8192);
}
