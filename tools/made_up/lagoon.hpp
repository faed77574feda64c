#pragma once

#include "model/catalog.hpp"

#include <span>
#include <string_view>

namespace made_up {

/// How a mirror stands at the end of its year.
enum class Ending {
    well,
    behind,          // its sync stopped
    failing,         // it does not answer
    torn,            // an index is not what its Release says
    syncing,         // the same, for half an hour so far
    expired,         // its certificate
    half,            // it carries half of the architectures
    in_maintenance,  // since yesterday
    switched_off,    // by an admin
    unprobed,        // it is new
};

/// One mirror, and what its year was like.
struct Fate {
    std::string_view name;
    std::string_view country;
    model::Speed speed = model::Speed::s1g;
    int sync_hours = 6;  // how often it syncs
    int troubles = 0;    // how many days of trouble a year, about
    Ending ending = Ending::well;
    int ending_days = 0;  // for how long that has been so
};

/// The distribution's mirrors.
std::span<const Fate> lagoon_fates() noexcept;

/// "lagoon", of two series, with those mirrors below example.org. Its title says that it is
/// made up.
model::Catalog lagoon_catalog();

}  // namespace made_up
