#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>

namespace prober::testing {

/// The real `rsync --daemon` on loopback, with two empty modules, for the life of this object.
class RsyncDaemon {
public:
    /// The second is not in the list that it gives.
    RsyncDaemon(const std::string& listed, const std::string& unlisted);
    ~RsyncDaemon();
    RsyncDaemon(const RsyncDaemon&) = delete;
    RsyncDaemon& operator=(const RsyncDaemon&) = delete;

    std::string url(const std::string& path) const;

private:
    std::filesystem::path folder_;
    unsigned short port_;
    pid_t process_ = -1;
};

}  // namespace prober::testing
