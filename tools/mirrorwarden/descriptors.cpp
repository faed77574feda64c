#include "tools/mirrorwarden/descriptors.hpp"

#include "tools/mirrorwarden/program_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <sys/resource.h>

namespace mirrorwarden {
namespace {

/// Descriptors that are not for connections: databases, files, those that listen.
constexpr std::size_t own_descriptors = 64;

/// How many there may be now.
std::size_t raise_limit(std::size_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return wanted;
    }
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &limit);
        ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur;
}

}  // namespace

std::size_t connections_within(std::size_t descriptors, std::size_t wanted) noexcept {
    if (descriptors >= wanted + own_descriptors) {
        return wanted;
    }
    return std::min(wanted, std::max(descriptors, own_descriptors + 1) - own_descriptors);
}

std::size_t allowed_connections(std::size_t wanted, std::string_view option) {
    const auto descriptors = raise_limit(wanted + own_descriptors);
    const auto allowed = connections_within(descriptors, wanted);
    if (allowed < wanted) {
        log_warning(fmt::format(
            "{} descriptors allow {} connections at once, not {}; raise the limit (LimitNOFILE= in "
            "a unit, ulimit -n) or lower {}",
            descriptors, allowed, wanted, option));
    }
    return allowed;
}

void make_room_for_connections(std::size_t connections) noexcept {
    const int any = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (any < 0) {
        return;
    }
    const auto highest = static_cast<int>(connections + own_descriptors) - 1;
    if (const int far = ::fcntl(any, F_DUPFD_CLOEXEC, highest); far >= 0) {
        ::close(far);
    }
    ::close(any);
}

}  // namespace mirrorwarden
