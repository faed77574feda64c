#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/probe_options.hpp"

#include <stdexcept>

namespace mirrorwarden {

int run_probe(Environment&, const ProbeOptions&) {
    throw std::runtime_error("this build cannot probe");
}

}  // namespace mirrorwarden
