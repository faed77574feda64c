#pragma once

#include "tools/service/world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace service {

/// The enabled official mirrors of a distribution that have a base URL: the freshest first, of
/// equals the one that is least behind, then the fastest, then by name.
std::vector<const MirrorFacts*> listed_mirrors(const World&, const model::Distribution&,
                                               model::Content);

/// How near a mirror is to somebody in `country`; an empty one is near to nobody.
enum class Nearness { same_country, same_continent, elsewhere };
Nearness nearness(const MirrorFacts&, std::string_view country);

/// These with the nearest first, equals in their order.
std::vector<const MirrorFacts*> nearest_first(std::vector<const MirrorFacts*> listed,
                                              std::string_view country);

/// A country's part of these; where it has none, those of its continent and then the primary
/// archive. Base URLs.
std::vector<std::string> urls_for_country(const std::vector<const MirrorFacts*>& listed,
                                          const model::Distribution&, std::string_view country);

}  // namespace service
