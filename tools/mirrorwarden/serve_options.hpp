#pragma once

#include "model/branch.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mirrorwarden {

class Environment;

/// What may be said of serving by flag and in the configuration file, under the same names.
/// Empty: not said there.
struct ServeSettings {
    std::vector<std::string> listen;
    std::vector<std::string> reports_listen;
    std::optional<std::string> base_path;
    std::optional<std::string> public_url;
    std::optional<std::string> location_database;
    std::vector<std::string> trusted_proxies;
    std::optional<std::size_t> max_connections;
    std::optional<std::size_t> max_connections_per_client;
    std::optional<std::size_t> max_header_bytes;
    std::optional<std::size_t> max_body_bytes;
    std::optional<std::size_t> cache_megabytes;
    std::optional<std::chrono::milliseconds> header_timeout;
    std::optional<std::chrono::milliseconds> body_timeout;
    std::optional<std::chrono::milliseconds> idle_timeout;
    std::optional<std::chrono::milliseconds> write_timeout;
    std::optional<std::chrono::milliseconds> stop_timeout;
    std::optional<std::size_t> lease_seconds;
    std::optional<bool> no_access_log;
};

/// What one `mirrorwarden serve` is to do, all said.
struct ServeOptions {
    std::vector<std::string> listen = {"127.0.0.1:8080"};
    std::vector<std::string> reports_listen;  // empty: reports come where all else does
    std::string base_path;
    std::string public_url;         // empty: the first address that is listened on
    std::string location_database;  // a path; empty: none
    std::vector<std::string> trusted_proxies;
    std::size_t connections_max = 10'000;
    std::size_t connections_per_client_max = 200;
    std::size_t header_bytes_max = 16'384;
    std::size_t body_bytes_max = 1 << 20;
    std::size_t cache_megabytes = 64;
    std::chrono::milliseconds header_timeout = std::chrono::seconds(15);
    std::chrono::milliseconds body_timeout = std::chrono::seconds(30);
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
    std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
    std::chrono::milliseconds stop_timeout = std::chrono::seconds(10);
    std::size_t lease_seconds = model::default_lease.count();
    bool no_access_log = false;
};

/// The flags where they say something, else the configuration, else the defaults.
ServeOptions resolve(const ServeSettings& flags, const ServeSettings& configuration);

/// Throws `InputError` where one of the two cannot be.
void check_places(const std::string& base_path, const std::string& public_url);

/// "https://status.example.org/branch1": where the public finds the service by the
/// configuration; empty where that does not say. Throws `InputError` as `check_places`.
std::string public_site(const ServeSettings& configuration);

/// Serves until a signal ends it. Returns an exit status; throws `InputError` for options that
/// cannot be, anything else for what could not run.
int run_serve(Environment&, const ServeOptions&);

}  // namespace mirrorwarden
