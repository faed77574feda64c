#pragma once

#include "model/catalog_file.hpp"
#include "model/publication.hpp"
#include "model/timestamp.hpp"

#include <span>
#include <string>
#include <vector>

namespace model {

/// The mirrors of a catalogue whose distribution neither it nor `known` has: each with its line,
/// at most 100.
std::vector<FileError> dangling_mirrors(const Catalog&, std::span<const Distribution> known);

/// What a publication is held to that its line alone cannot tell.
struct PublicationContext {
    std::span<const Distribution> known;
    Timestamp now;
};

/// What is wrong with it, a sentence without a full stop: the catalogue has no such distribution,
/// series, pocket, component or architecture, or it was published more than a day from now, which
/// would hide all of its index that comes before. Empty: nothing is.
std::string publication_fault(const Publication&, const PublicationContext&);

}  // namespace model
