#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace prober::testing {

/// A new folder below the system's temporary one, gone with this object.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// A real mail server on 127.0.0.1, a process of its own:
/// tools/testing/smtp_server.py, whose options these are. Listens when constructed.
class SmtpServer {
public:
    explicit SmtpServer(const std::vector<std::string>& options = {});
    ~SmtpServer();
    SmtpServer(const SmtpServer&) = delete;
    SmtpServer& operator=(const SmtpServer&) = delete;

    /// "smtp://127.0.0.1:PORT"
    std::string url(const std::string& scheme = "smtp") const;

    /// What it has kept so far, oldest first, byte for byte.
    std::vector<std::string> mails() const;

    /// Ends it: from now on `mails` is final, and nobody listens.
    void stop();

private:
    TemporaryFolder folder_;
    pid_t process_ = 0;
    int port_ = 0;
};

/// A self-signed certificate for 127.0.0.1, and its key, made by openssl.
struct Certificate {
    explicit Certificate(const std::filesystem::path& folder);

    std::string certificate_path;
    std::string key_path;
};

}  // namespace prober::testing
