#pragma once

#include "model/catalog_file.hpp"
#include "model/publication.hpp"

#include <boost/system/result.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// Reads one line of a publications file: a JSON object with distribution,
/// series, pocket, component, arch (null for a source), source, version, file
/// and file_type (both null or absent: published without that file), status,
/// published (RFC 3339 or the older "2004-03-14 18:00:00", UTC; null only while
/// PENDING), and optionally path. The error is a sentence. Paths and file names
/// that would leave the archive ("..", a leading slash) are refused.
boost::system::result<Publication, std::string> parse_publication(std::string_view json_line);

/// What is wrong with a publication that could be read: a sentence without a full stop; empty:
/// nothing.
using PublicationCheck = std::function<std::string(const Publication&)>;

/// Reads a whole file; blank lines are passed over. All errors by line, at most 100, what `check`
/// finds among them; it may be empty.
boost::system::result<std::vector<Publication>, std::vector<FileError>> parse_publications(
    std::string_view json_lines, const PublicationCheck& check = {});

}  // namespace model
