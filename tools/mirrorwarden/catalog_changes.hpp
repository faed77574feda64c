#pragma once

#include "model/store.hpp"

#include <string>

namespace mirrorwarden {

/// What loading a catalogue did, a line for each thing that changed, and how many
/// there were of each kind:
///
///     added    mirror valid-mirror
///     updated  mirror other-mirror: http_url, speed
///     1 added, 1 updated, 5 unchanged.
std::string catalog_changes_text(const model::CatalogChanges&);

}  // namespace mirrorwarden
