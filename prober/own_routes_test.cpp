#include "prober/own_routes.hpp"

#include "tools/cmake/catch.hpp"

#include <sched.h>
#include <unistd.h>

#include <cstring>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

using model::Outcome;
using model::OutcomeKind;
using prober::has_route;
using prober::IpFamily;

namespace {

constexpr int no_namespace = 77;
constexpr int no_such_route = 78;

enum class DefaultRoutes { none, ipv4, ipv6 };

bool set_up_loopback(int ipv4) {
    ifreq interface {};
    std::strcpy(interface.ifr_name, "lo");
    interface.ifr_flags = IFF_UP;
    return ::ioctl(ipv4, SIOCSIFFLAGS, &interface) == 0;
}

bool add_ipv4_route(int ipv4) {
    rtentry route{};
    route.rt_dst.sa_family = AF_INET;
    route.rt_genmask.sa_family = AF_INET;
    route.rt_flags = RTF_UP;
    std::string interface = "lo";
    route.rt_dev = interface.data();
    return ::ioctl(ipv4, SIOCADDRT, &route) == 0;
}

bool add_ipv6_route() {
    const int ipv6 = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    in6_rtmsg route{};  // to ::/0
    route.rtmsg_flags = RTF_UP;
    route.rtmsg_metric = 1;
    route.rtmsg_ifindex = static_cast<int>(::if_nametoindex("lo"));
    return ::ioctl(ipv6, SIOCADDRT, &route) == 0;
}

/// In a network of its own that this makes: 1 for a route of IPv4, 2 for one of IPv6.
int routes_known(DefaultRoutes routes) {
    const bool may_make_network =
        ::unshare(CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
    if (!may_make_network) {
        return no_namespace;
    }
    const int ipv4 = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool is_made =
        routes == DefaultRoutes::none ||
        (set_up_loopback(ipv4) &&
         (routes == DefaultRoutes::ipv4 ? add_ipv4_route(ipv4) : add_ipv6_route()));
    if (!is_made) {
        return no_such_route;
    }
    return (has_route(IpFamily::v4) ? 1 : 0) + (has_route(IpFamily::v6) ? 2 : 0);
}

}  // namespace

TEST_CASE("a network is there where the kernel knows a way into it", "[prober][own_routes]") {
    const auto [routes, expected, why] = GENERATE(table<DefaultRoutes, int, std::string>({
        {DefaultRoutes::none, 0, "no interface is up"},
        {DefaultRoutes::ipv4, 1, "IPv4 alone, as at most desks"},
        {DefaultRoutes::ipv6, 2, "IPv6 alone"},
    }));
    CAPTURE(why);
    // A child: its network is not ours.
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(routes_known(routes));
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));

    if (WEXITSTATUS(status) == no_namespace || WEXITSTATUS(status) == no_such_route) {
        WARN("skipped: this kernel makes no network of its own for this user");
    } else {
        CHECK(WEXITSTATUS(status) == expected);
    }
}

TEST_CASE("our own lack of a network is no fault of an address", "[prober][own_routes]") {
    const auto [outcome, has_route, expected, why] =
        GENERATE(table<Outcome, bool, Outcome, std::string>({
            {{OutcomeKind::unreachable}, false, {OutcomeKind::prober_trouble}, "we have no IPv6"},
            {{OutcomeKind::unreachable}, true, {OutcomeKind::unreachable}, "we have"},
            {{OutcomeKind::refused}, false, {OutcomeKind::refused}, "somebody said no"},
            {{OutcomeKind::http_status, 302}, true, {OutcomeKind::ok}, "it answers elsewhere"},
            {{OutcomeKind::http_status, 404}, true, {OutcomeKind::http_status, 404}, "missing"},
            {{OutcomeKind::ok}, false, {OutcomeKind::ok}, "a tunnel that we do not see"},
        }));
    CAPTURE(why);

    CHECK(prober::judge_address(outcome, has_route) == expected);
}
