#include "prober/testing/mail_fixture.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace prober::testing {
namespace {

/// Debian's own Python: another one on the PATH may lack aiosmtpd.
constexpr const char* python = "/usr/bin/python3";
constexpr const char* server_script = MIRROR_SOURCE_FOLDER "/tools/testing/smtp_server.py";

/// Starts a program whose standard output goes to `output`. It dies with us.
pid_t start(const std::vector<std::string>& command, int output) {
    std::vector<const char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& word : command) {
        arguments.push_back(word.c_str());
    }
    arguments.push_back(nullptr);
    const pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(output, STDOUT_FILENO);
        const int silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(silence, STDERR_FILENO);  // it tells of every broken connection at length
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): execv's old signature
        execv(arguments.front(), const_cast<char* const*>(arguments.data()));
        _exit(127);
    }
    return process;
}

/// The port that the server prints when it listens; 0 if it ended before.
int read_port(int input) {
    std::string text;
    std::array<char, 64> buffer{};
    while (text.find('\n') == std::string::npos) {
        const ssize_t bytes = read(input, buffer.data(), buffer.size());
        if (bytes <= 0) {
            return 0;
        }
        text.append(buffer.data(), static_cast<std::size_t>(bytes));
    }
    int port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "mirrorwarden-mail-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("Could not make a temporary folder.");
    }
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

SmtpServer::SmtpServer(const std::vector<std::string>& options) {
    std::vector<std::string> command = {python, server_script, folder_.path() / "port",
                                        folder_.path()};
    command.insert(command.end(), options.begin(), options.end());
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) {
        throw std::runtime_error("Could not make a pipe.");
    }
    process_ = start(command, ends[1]);
    close(ends[1]);
    port_ = read_port(ends[0]);
    close(ends[0]);
    if (port_ == 0) {
        stop();
        throw std::runtime_error(
            fmt::format("Could not start {}: is python3-aiosmtpd installed?", server_script));
    }
}

SmtpServer::~SmtpServer() {
    stop();
}

void SmtpServer::stop() {
    if (process_ > 0) {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
        process_ = 0;
    }
}

std::string SmtpServer::url(const std::string& scheme) const {
    return fmt::format("{}://127.0.0.1:{}", scheme, port_);
}

std::vector<std::string> SmtpServer::mails() const {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
        if (entry.path().extension() == ".eml") {
            paths.push_back(entry.path());
        }
    }
    std::ranges::sort(paths);
    std::vector<std::string> mails;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        mails.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return mails;
}

Certificate::Certificate(const std::filesystem::path& folder)
    : certificate_path{folder / "certificate.pem"}, key_path{folder / "key.pem"} {
    const std::string command = fmt::format(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout {} -out {} 2>/dev/null",
        key_path, certificate_path);
    // NOLINTNEXTLINE(cert-env33-c): a test, and the words are ours
    if (std::system(command.c_str()) != 0) {
        throw std::runtime_error("Could not make a certificate: is openssl installed?");
    }
}

}  // namespace prober::testing
