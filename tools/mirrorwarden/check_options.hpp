#pragma once

#include "model/release_indexes.hpp"
#include "tools/mirrorwarden/probe_options.hpp"

#include <string>
#include <vector>

namespace mirrorwarden {

class Environment;

/// What `mirrorwarden check` was asked.
struct CheckOptions {
    std::string url;           // as it was given
    std::string distribution;  // of the catalogue; empty: no database is looked at
    std::vector<std::string> suites;
    std::string keyring;  // a path; empty: the distribution's
    std::string primary;  // the primary archive's URL; empty: the distribution's, if it is known
    model::IndexWish wish;
    bool deep = false;
    bool json = false;
    ProbeOptions client;  // limits, proxy, certificates: as a probe has them
};

/// Looks at one mirror and prints what it found. Returns 0 good, 1 warning, 2 bad or
/// 3 could not tell; throws `InputError` for what cannot be asked.
int run_check(Environment&, const CheckOptions&);

}  // namespace mirrorwarden
