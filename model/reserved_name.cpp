#include "model/reserved_name.hpp"

#include <algorithm>
#include <array>

namespace model {
namespace {

// Also what a service may well come to need: to take a name later would break a catalogue.
constexpr std::array<std::string_view, 52> reserved_names = {
    "about",         "account",      "admin",     "api",         "assets",      "audit",
    "badge",         "compare",      "countries", "country",     "disabled",    "distribution",
    "distributions", "docs",         "events",    "export",      "favicon.ico", "feeds",
    "healthz",       "help",         "history",   "icon.svg",    "index.html",  "jobs",
    "link",          "links",        "login",     "logout",      "map",         "metalink",
    "metrics",       "mirmon.state", "mirror",    "mirrorlist",  "mirrors",     "mirrors.csv",
    "mirrors.txt",   "owner",        "probe",     "propagation", "readyz",      "robots.txt",
    "search",        "session",      "sessions",  "sitemap.xml", "static",      "status",
    "token",         "tokens",       "user",      "xmlrpc",
};

}  // namespace

bool is_reserved_name(std::string_view name) noexcept {
    return std::ranges::find(reserved_names, name) != reserved_names.end();
}

}  // namespace model
