#pragma once

#include "model/bucket.hpp"
#include "model/deb822.hpp"
#include "model/publication.hpp"
#include "model/text_fault.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace model {

/// What the stanzas of an index describe.
enum class IndexKind { packages, sources };

IndexKind index_kind(const Bucket&) noexcept;

/// One stanza of a Packages or Sources file: one file that was published. Its texts are parts of
/// the stanza and live no longer. Source: "Debian Repository Format", "Packages" and "Sources".
struct IndexPackage {
    std::string_view name;            // of the binary, or source, package
    std::string_view version;         // its own
    std::string_view source;          // the source package's name
    std::string_view source_version;  // where a Packages file tells another one; else `version`
    std::string_view architecture;    // "amd64", "all"; empty in a Sources file
    std::string_view folder;          // below the base URL; may be empty
    std::string_view file;            // in `folder`; of a source, its .dsc; may be empty there
    std::uint64_t size = 0;           // of the file
    std::string_view sha256;          // of the file, in hexadecimal; empty if not told
};

/// The fault's line is where the stanza begins.
boost::system::result<IndexPackage, TextFault> read_index_package(IndexKind, const Stanza&);

/// Where the file lies below the base URL; empty if there is none.
std::string path_of(const IndexPackage&);

/// Tells one file of one version from another, today and in years to come: it is stored. The
/// same for the publication that is made of the package.
std::uint64_t package_key(const IndexPackage&) noexcept;
std::uint64_t package_key(const Publication&);

/// The package as something that was published in `bucket` at `published`.
Publication publication_of(const IndexPackage&, const std::string& distribution,
                           const Bucket& bucket, Timestamp published);

}  // namespace model
