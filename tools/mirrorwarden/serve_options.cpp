#include "tools/mirrorwarden/serve_options.hpp"

#include "model/mirror_url.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/service/request_target.hpp"

#include <string_view>

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
    take_list(&ServeSettings::reports_listen, options.reports_listen);
    take_list(&ServeSettings::trusted_proxies, options.trusted_proxies);
    take(&ServeSettings::base_path, options.base_path);
    take(&ServeSettings::public_url, options.public_url);
    take(&ServeSettings::location_database, options.location_database);
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
    take(&ServeSettings::lease_seconds, options.lease_seconds);
    take(&ServeSettings::no_access_log, options.no_access_log);
    return options;
}

void check_places(const std::string& base_path, const std::string& url) {
    if (!service::is_base_path(base_path)) {
        throw InputError(
            "--base-path must be like /branch1/ubuntu: segments of letters, digits and ._~-, no "
            "slash at the end");
    }
    const auto scheme = url.find("://");
    const bool is_origin = (url.starts_with("http://") || url.starts_with("https://")) &&
                           url.size() > scheme + 3 &&
                           url.find_first_of("/?# \"<>", scheme + 3) == std::string::npos &&
                           model::has_usable_port(std::string_view(url).substr(scheme + 3));
    if (!url.empty() && !is_origin) {
        throw InputError(
            "--public-url must be like https://status.example.org: the path, if any, is the "
            "--base-path");
    }
}

std::string public_site(const ServeSettings& configuration) {
    const auto url = configuration.public_url.value_or("");
    const auto base_path = configuration.base_path.value_or("");
    check_places(base_path, url);
    return url.empty() ? url : url + base_path;
}

}  // namespace mirrorwarden
