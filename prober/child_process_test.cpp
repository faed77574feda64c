#include "prober/child_process.hpp"

#include "prober/private_folder.hpp"
#include "prober/testing/environment_variable.hpp"
#include "tools/cmake/catch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

using prober::ChildProcess;
using prober::testing::EnvironmentVariable;

namespace {

constexpr int patience_ms = 20'000;

bool is_ready(int descriptor) {
    pollfd wanted{.fd = descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, patience_ms) == 1;
}

/// All that comes until the other end is closed; closes this one.
std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 1000> piece{};
    ssize_t count = 1;
    while (count > 0 && is_ready(descriptor)) {
        count = ::read(descriptor, piece.data(), piece.size());
        text.append(piece.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    ::close(descriptor);
    return text;
}

std::string content_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> shell(const std::string& script) {
    return {"sh", "-c", script};
}

}  // namespace

TEST_CASE("what a child writes, and how it ends, is known", "[prober][child_process]") {
    const prober::PrivateFolder folder;
    const auto errors = (folder.path() / "errors").string();
    ChildProcess child(shell("cat; echo out; echo wrong >&2; exit 7"), errors);

    const auto output = read_all(child.take_output());
    const int end = child.take_end();

    CHECK(output == "out\n");  // and cat found nothing to read
    CHECK(is_ready(end));
    CHECK(child.wait() == 7);
    CHECK(content_of(errors) == "wrong\n");
    ::close(end);
}

TEST_CASE("the words reach a child as they are", "[prober][child_process]") {
    const prober::PrivateFolder folder;
    ChildProcess child({"printf", "%s|", "a b", "$HOME", "", "*"},
                       (folder.path() / "errors").string());

    CHECK(read_all(child.take_output()) == "a b|$HOME||*|");
    CHECK(child.wait() == 0);
}

TEST_CASE("a child has PATH and HOME of our environment, and no more", "[prober][child_process]") {
    const prober::PrivateFolder folder;
    const EnvironmentVariable secret("MIRROR_TEST_SECRET", "hunter2");
    ChildProcess child({"env"}, (folder.path() / "errors").string());

    const auto output = read_all(child.take_output());
    child.wait();

    CHECK(output.find("hunter2") == std::string::npos);
    CHECK(output.find(std::string("PATH=") + std::getenv("PATH") + "\n") != std::string::npos);
    CHECK(output.find("LC_ALL=C\n") != std::string::npos);
}

TEST_CASE("a child has none of our other descriptors", "[prober][child_process]") {
    const prober::PrivateFolder folder;
    const int held = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC
    const int high = ::fcntl(held, F_DUPFD, 200);
    ChildProcess child(shell("test -e /proc/self/fd/200 && echo inherited"),
                       (folder.path() / "errors").string());

    CHECK(read_all(child.take_output()).empty());
    child.wait();
    ::close(held);
    ::close(high);
}

TEST_CASE("a program that is not there is told by its name", "[prober][child_process]") {
    const prober::PrivateFolder folder;
    const auto start = [&] {
        ChildProcess({"no-such-program-at-all"}, (folder.path() / "errors").string());
    };

    CHECK_THROWS_WITH(start(), "cannot run no-such-program-at-all: No such file or directory");
    try {
        start();
    } catch (const std::system_error& error) {
        CHECK(error.code().value() == ENOENT);
    }
}

TEST_CASE("a child that was killed has no exit status", "[prober][child_process]") {
    const prober::PrivateFolder folder;
    ChildProcess child(shell("trap '' TERM; exec sleep 600"), (folder.path() / "errors").string());

    child.kill();

    CHECK(child.wait() == std::nullopt);
}

TEST_CASE("a child ends with the object", "[prober][child_process]") {
    const prober::PrivateFolder folder;
    pid_t process = 0;
    {
        ChildProcess child(shell("echo $$; exec sleep 600"), (folder.path() / "errors").string());
        const int output = child.take_output();
        REQUIRE(is_ready(output));
        std::array<char, 30> text{};
        REQUIRE(::read(output, text.data(), text.size() - 1) > 0);
        ::close(output);
        process = static_cast<pid_t>(std::atoi(text.data()));
        REQUIRE(::kill(process, 0) == 0);
    }

    CHECK(::kill(process, 0) != 0);
    CHECK(errno == ESRCH);  // and was reaped: no zombie has its number
}
