#pragma once

#include "model/bucket.hpp"
#include "model/timestamp.hpp"

#include <optional>
#include <string>

namespace model {

/// One file of one package appearing in one bucket at one time.
struct Publication {
    std::string distribution;
    Bucket bucket;
    std::string source;   // source package name
    std::string version;  // as published, with its epoch
    std::string file;     // "pmount_1.9-1_all.deb"; empty: published without this file
    std::string path;     // below the base URL, where an index told it; else empty
    std::optional<FileType> file_type;  // empty together with `file`
    PublicationStatus status = PublicationStatus::published;
    std::optional<Timestamp> published;  // empty while PENDING

    friend auto operator<=>(const Publication&, const Publication&) = default;
};

/// Where the file lies below a mirror's base URL: `path` where it is known, else
/// "pool/<component>/<prefix>/<source>/<file>"; the prefix is the source name's
/// first letter, or its first four when it starts with "lib".
std::string pool_path(const Publication&);

}  // namespace model
