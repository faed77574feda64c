#pragma once

#include "prober/http_client.hpp"
#include "prober/name_lookup.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace prober {

/// How the real client presents itself and whom it trusts.
struct CurlSettings {
    std::string user_agent;  // "mirrorwarden/VERSION (+CONTACT-URL)"
    std::string ca_bundle;   // a file of trusted certificates, PEM; empty: `find_ca_bundle()`
    std::string proxy;       // a URL; empty: what the usual environment variables say
    NameLookup::Resolver resolver = nullptr;  // null: resolve_with_system
    /// Each host and port is asked for /.well-known/mirrorwarden.txt, once and first, and what
    /// it says is honoured. Where no answer comes, see RulesQuestion.
    bool honours_host_rules = false;
};

/// The real client: libcurl, driven by the loop of `executor`, from which alone it
/// may be used. Throws if libcurl or the kernel refuse what it needs to begin.
///
/// Each name is looked up once. A certificate that fails is remembered for its
/// host and port, and the rest of that host gets the same answer without a
/// request; so does the rest of what model::is_hopeless or is_mute gives up. A
/// timeout that came while the loop was late is asked again, and is
/// `prober_trouble` if the loop stays late.
///
/// The loop can end while the client lives: it is left alone within a twentieth
/// of a second of the last request.
std::unique_ptr<HttpClient> make_curl_client(asio::any_io_executor executor, HttpLimits,
                                             CurlSettings);

/// What SSL_CERT_FILE names, else the system's own bundle; empty if there is none in
/// any usual place.
std::string find_ca_bundle();

/// Whether the settings or the environment name any proxy.
bool is_proxy_configured(const CurlSettings&);

}  // namespace prober
