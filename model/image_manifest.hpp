#pragma once

#include "model/catalog.hpp"
#include "model/catalog_file.hpp"
#include "model/checksum_file.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// One file that a RELEASE mirror should have.
struct ImageFile {
    std::string flavour;
    std::string series;
    std::string path;  // below the base URL
    std::uint64_t size = 0;

    friend bool operator==(const ImageFile&, const ImageFile&) = default;
};

/// Reads a manifest of CD images: "flavour TAB series TAB path TAB size" a line; blank lines mean
/// nothing. All errors by line, at most 100: a path that leads out of the mirror, a file that is
/// named twice, a manifest that names none.
boost::system::result<std::vector<ImageFile>, std::vector<FileError>> parse_image_manifest(
    std::string_view text);

/// What the primary's SHA256SUMS of one folder says.
struct ImageSums {
    std::string folder;  // below the base URL, with a slash at its end; empty: the base itself
    std::vector<Checksum> sums;
};

/// The folders that the files of all image sets are in, each once and in order.
std::vector<std::string> image_folders(const Distribution&);

/// The folder of a file, as in `ImageSums`: "hoary/" of "hoary/a.iso".
std::string_view folder_of(std::string_view path) noexcept;

/// Makes a manifest what the distribution's RELEASE mirrors should have, instead of what the
/// catalogue says. Answers with the series of the manifest that the distribution does not have,
/// each once; their files are left out.
std::vector<std::string> expect_images(Distribution&, const std::vector<ImageFile>&);

}  // namespace model
