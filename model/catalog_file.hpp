#pragma once

#include "model/catalog.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace model {

/// Something wrong in a file that people write.
struct FileError {
    int line = 0;      // from 1; 0 if it is about the whole file
    std::string text;  // what, and what to do; no file name, no line

    friend bool operator==(const FileError&, const FileError&) = default;
};

/// "mirrors.toml:12: ..."
std::string format_file_error(std::string_view file, const FileError&);

/// Reads a whole catalogue. Everything is checked that can be without a
/// database: unknown keys (with the nearest known one), types, words, URLs,
/// addresses, countries, names and URLs given twice, a series' empty version, a
/// mirror without owner, country, or all of http, https and ftp. All errors at once, by line, at
/// most 100.
///
/// Names are filled in where a mirror has none (`default_mirror_name`, numbered
/// on a clash within the file); its `display_name` may stay empty.
boost::system::result<Catalog, std::vector<FileError>> parse_catalog(std::string_view toml);

}  // namespace model
