#pragma once

#include "model/timestamp.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// A file that a web server's listing of a folder links to.
struct ListedFile {
    std::string name;
    /// As it says beside the link, in a time zone that it does not say: to the minute, and
    /// good for nothing but comparing it with the others.
    std::optional<Timestamp> modified;

    friend bool operator==(const ListedFile&, const ListedFile&) = default;
};

/// Reads the page that Apache, nginx, lighttpd and their like make of a folder, in its order:
/// its links to files in the folder itself. Others are left out: to folders, to elsewhere, and
/// names of more than 200 bytes or with anything but letters, digits and "-", ".", "_", "~", "+".
std::vector<ListedFile> parse_listing(std::string_view page, std::size_t files_max);

/// Which files of project/trace/ tell most of a mirror: that with the name of its host, the
/// one that was changed last, and "master", the archive's own; each if it is listed.
std::vector<std::string> choose_traces(const std::vector<ListedFile>&, std::string_view host);

}  // namespace model
