#pragma once

#include <string_view>
#include <vector>

namespace service {

/// The sockets that systemd, or whoever speaks as it does, listens on for us: numbers of
/// descriptors, ours from now on, not seen by children. Source: sd_listen_fds(3).
std::vector<int> take_handed_sockets();

/// "READY=1", "STOPPING=1": to the service manager, where there is one that wants to know.
/// Source: sd_notify(3).
void tell_service_manager(std::string_view state);

}  // namespace service
