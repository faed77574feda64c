#pragma once

#include "model/catalog.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// How listings and JSON spell the architecture of a source bucket.
inline constexpr std::string_view source_architecture = "source";

/// What one index describes: Packages.gz of an architecture, or Sources.gz.
struct Bucket {
    std::string series;  // "hoary"
    Pocket pocket = Pocket::release;
    std::string component;     // "main"
    std::string architecture;  // "i386"; `source_architecture` for sources

    bool is_source() const noexcept { return architecture == source_architecture; }

    friend auto operator<=>(const Bucket&, const Bucket&) = default;
};

/// "hoary-backports": the folder under dists/.
std::string suite(const Bucket&);

/// "dists/hoary-backports/main/binary-i386/Packages.gz" or
/// "dists/hoary-backports/main/source/Sources.gz"; relative to the base URL.
/// Source: "Debian Repository Format", section "Packages" Indices.
std::string index_path(const Bucket&);

/// A bucket as JSON and people write it: series, pocket, component, arch.
std::string to_string(const Bucket&);  // "hoary BACKPORTS main i386"

enum class Expectation {
    usual,       // no OBSOLETE series and no unofficial architecture, but for those already carried
    everything,  // `--all-series`
};

/// The buckets whose indexes a mirror of `distribution` should have.
///
/// Under `Expectation::usual` an OBSOLETE series or an unofficial architecture
/// is asked for only where `carried` (the mirror's rows, any order) has that
/// bucket, so that old content stays watched until it goes.
/// Order: series newest version first (Debian version order); pocket by value;
/// component, then architecture, in catalogue order (official before
/// unofficial); a (series, pocket, component)'s source bucket comes after its
/// architectures.
std::vector<Bucket> expected_buckets(const Distribution&, const std::vector<Bucket>& carried,
                                     Expectation);

}  // namespace model
