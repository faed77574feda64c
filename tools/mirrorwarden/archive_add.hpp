#pragma once

#include "model/archive_catalog.hpp"
#include "model/catalog.hpp"
#include "tools/mirrorwarden/archive_client.hpp"

#include <string>
#include <vector>

namespace mirrorwarden {

/// A live archive, as a user names it.
struct NewArchive {
    std::string url;
    std::vector<std::string> suites;
    model::ArchiveSelection wanted;
    std::string keyring;  // empty: signatures are not verified
    std::string name;     // empty: by its origin
    std::string title;    // empty: its origin
};

/// Reads the Release files of all the suites and makes the distribution of them; changes nothing.
/// Throws `InputError` for what the user said wrong, `std::runtime_error` for what the archive
/// did not give.
model::Distribution read_archive(const NewArchive&, ArchiveClient&);

}  // namespace mirrorwarden
