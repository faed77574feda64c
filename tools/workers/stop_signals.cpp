#include "tools/workers/stop_signals.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <limits>
#include <sys/signalfd.h>
#include <system_error>

namespace workers {

StopSignals::StopSignals() {
    sigset_t stopping;
    sigemptyset(&stopping);
    sigaddset(&stopping, SIGINT);
    sigaddset(&stopping, SIGTERM);
    sigaddset(&stopping, SIGHUP);
    std::signal(SIGPIPE, SIG_IGN);
    ::pthread_sigmask(SIG_BLOCK, &stopping, nullptr);
    descriptor_ = ::signalfd(-1, &stopping, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot wait for signals");
    }
}

StopSignals::~StopSignals() {
    ::close(descriptor_);
}

bool StopSignals::pause(std::chrono::milliseconds time) const noexcept {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + time;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        pollfd watched{descriptor_, POLLIN, 0};
        const auto most = static_cast<long>(std::numeric_limits<int>::max());
        const int ready = ::poll(&watched, 1,
                                 static_cast<int>(left < 0      ? 0
                                                  : left > most ? most
                                                                : left));
        if (ready > 0) {
            return false;
        }
        if (left <= 0) {
            return true;
        }
    }
}

}  // namespace workers
