#pragma once

#include "model/choose_mirrors.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace mirrorwarden {

class Environment;

/// What may be said of probing by flag and in the configuration file, under the
/// same names. Empty: not said there.
struct ProbeSettings {
    std::optional<std::size_t> max_mirrors;
    std::optional<std::size_t> max_parallel;
    std::optional<std::size_t> max_parallel_per_host;
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::chrono::milliseconds> connect_timeout;
    std::optional<std::string> proxy;
    std::optional<bool> no_owner_notification;
    std::optional<std::string> contact_url;  // configuration only
    std::optional<std::string> ca_bundle;    // configuration only
};

/// What one `mirrorwarden probe` is to do, all said.
struct ProbeOptions {
    model::ChooseOptions choose;  // content, names, force, mirrors_max
    std::size_t requests_max = 300;
    std::size_t requests_per_host_max = 2;
    std::chrono::milliseconds timeout = std::chrono::seconds(30);
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
    std::string proxy;        // empty: the usual environment variables
    std::string contact_url;  // in the User-Agent; empty: none
    std::string ca_bundle;    // empty: $SSL_CERT_FILE, else the system's
    bool notify_owners = true;
    bool dry_run = false;  // only says what would be asked
    bool json = false;
    bool deep = false;    // whether it is a mirror's turn or not
    bool report = false;  // the verdict table on standard output
    std::string statsd;   // "HOST:PORT"; empty: as section [jobs] of the configuration says
};

/// The flags where they say something, else the configuration, else the defaults.
/// Leaves `choose` but for `mirrors_max`, `deep`, `dry_run`, `json`, `report` and `statsd` alone.
ProbeOptions resolve(const ProbeSettings& flags, const ProbeSettings& configuration);

/// One run. Returns an exit status: done, suspect or locked; throws
/// `InputError` for an unknown mirror, anything else for what could not run.
int run_probe(Environment&, const ProbeOptions&);

}  // namespace mirrorwarden
