#include "tools/mirrorwarden/serve_options.hpp"

namespace mirrorwarden {

ServeOptions resolve(const ServeSettings& flags, const ServeSettings& configuration) {
    ServeOptions options;
    const auto take = [&](auto member, auto& into) {
        if (flags.*member) {
            into = *(flags.*member);
        } else if (configuration.*member) {
            into = *(configuration.*member);
        }
    };
    const auto take_list = [&](auto member, auto& into) {
        if (!(flags.*member).empty()) {
            into = flags.*member;
        } else if (!(configuration.*member).empty()) {
            into = configuration.*member;
        }
    };
    take_list(&ServeSettings::listen, options.listen);
    take_list(&ServeSettings::trusted_proxies, options.trusted_proxies);
    take(&ServeSettings::base_path, options.base_path);
    take(&ServeSettings::public_url, options.public_url);
    take(&ServeSettings::max_connections, options.connections_max);
    take(&ServeSettings::max_connections_per_client, options.connections_per_client_max);
    take(&ServeSettings::max_header_bytes, options.header_bytes_max);
    take(&ServeSettings::max_body_bytes, options.body_bytes_max);
    take(&ServeSettings::cache_megabytes, options.cache_megabytes);
    take(&ServeSettings::header_timeout, options.header_timeout);
    take(&ServeSettings::body_timeout, options.body_timeout);
    take(&ServeSettings::idle_timeout, options.idle_timeout);
    take(&ServeSettings::write_timeout, options.write_timeout);
    take(&ServeSettings::stop_timeout, options.stop_timeout);
    take(&ServeSettings::no_access_log, options.no_access_log);
    return options;
}

}  // namespace mirrorwarden
