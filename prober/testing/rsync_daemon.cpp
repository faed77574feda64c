#include "prober/testing/rsync_daemon.hpp"

#include "prober/testing/network.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <thread>

namespace prober::testing {
namespace {

std::filesystem::path make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rsync-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("make a folder for an rsync daemon");
    }
    return pattern;
}

bool is_listening(unsigned short port) {
    asio::io_context context(1);
    asio::ip::tcp::socket socket(context);
    boost::system::error_code ec;
    socket.connect({asio::ip::address_v4::loopback(), port}, ec);
    return !ec;
}

}  // namespace

RsyncDaemon::RsyncDaemon(const std::string& listed, const std::string& unlisted)
    : folder_{make_folder()}, port_{unused_port()} {
    const auto configuration = (folder_ / "rsyncd.conf").string();
    std::ofstream(configuration) << "use chroot = no\nreverse lookup = no\n"
                                 << fmt::format("[{}]\npath = {}\n", listed, folder_.string())
                                 << fmt::format("[{}]\npath = {}\nlist = no\n", unlisted,
                                                folder_.string());
    std::array<std::string, 6> words{"rsync",
                                     "--daemon",
                                     "--no-detach",
                                     "--address=127.0.0.1",
                                     fmt::format("--port={}", port_),
                                     "--config=" + configuration};
    std::array<char*, 7> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) {
        arguments.at(i) = words.at(i).data();
    }
    if (posix_spawnp(&process_, "rsync", nullptr, nullptr, arguments.data(), environ) != 0) {
        throw std::runtime_error("start rsync");
    }
    constexpr int tries_max = 1000;
    for (int i = 0; i < tries_max && !is_listening(port_); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

RsyncDaemon::~RsyncDaemon() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    std::error_code ec;
    std::filesystem::remove_all(folder_, ec);
}

std::string RsyncDaemon::url(const std::string& path) const {
    return fmt::format("rsync://127.0.0.1:{}/{}", port_, path);
}

}  // namespace prober::testing
