#include "tools/mirrorwarden/catalog_changes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mirrorwarden {

std::string catalog_changes_text(const model::CatalogChanges& changes) {
    std::string text;
    for (const auto& item : changes.added) {
        text += fmt::format("added    {} {}\n", item.kind, item.name);
    }
    for (const auto& item : changes.updated) {
        text += fmt::format("updated  {} {}: {}\n", item.kind, item.name,
                            fmt::join(item.changed_fields, ", "));
    }
    return text + fmt::format("{} added, {} updated, {} unchanged.\n", changes.added.size(),
                              changes.updated.size(), changes.unchanged);
}

}  // namespace mirrorwarden
