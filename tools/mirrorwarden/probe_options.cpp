#include "tools/mirrorwarden/probe_options.hpp"

namespace mirrorwarden {

ProbeOptions resolve(const ProbeSettings& flags, const ProbeSettings& configuration) {
    ProbeOptions options;
    const auto take = [&](auto member, auto& into) {
        if (flags.*member) {
            into = *(flags.*member);
        } else if (configuration.*member) {
            into = *(configuration.*member);
        }
    };
    take(&ProbeSettings::max_mirrors, options.choose.mirrors_max);
    take(&ProbeSettings::max_parallel, options.requests_max);
    take(&ProbeSettings::max_parallel_per_host, options.requests_per_host_max);
    take(&ProbeSettings::timeout, options.timeout);
    take(&ProbeSettings::connect_timeout, options.connect_timeout);
    take(&ProbeSettings::proxy, options.proxy);
    take(&ProbeSettings::contact_url, options.contact_url);
    take(&ProbeSettings::ca_bundle, options.ca_bundle);

    bool no_owner_notification = false;
    take(&ProbeSettings::no_owner_notification, no_owner_notification);
    options.notify_owners = !no_owner_notification;
    return options;
}

}  // namespace mirrorwarden
