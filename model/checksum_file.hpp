#pragma once

#include "model/sha256.hpp"
#include "model/text_fault.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace model {

/// What such a file is called.
inline constexpr std::string_view checksum_file_name = "SHA256SUMS";

struct Checksum {
    std::string name;  // beside the file that says so: "debian-12.0.0-amd64-netinst.iso"
    Sha256 sha256;

    friend bool operator==(const Checksum&, const Checksum&) = default;
};

/// Reads a SHA256SUMS file as `sha256sum -c` does: "HEX  NAME" or "HEX *NAME" a line, and names
/// with escapes after a backslash at the line's start. Sorted by name, without a "./" before it.
/// A text of at most 16 MiB; a name with two different sums is a fault.
boost::system::result<std::vector<Checksum>, TextFault> parse_checksums(std::string_view text);

/// The first of `expected` that `checksums` (sorted) gives another sum, or none; null if there is
/// no such file.
const Checksum* find_difference(const std::vector<Checksum>& expected,
                                const std::vector<Checksum>& checksums) noexcept;

/// Null if there is none of that name. `checksums`: as `parse_checksums` sorts them.
const Checksum* find_checksum(const std::vector<Checksum>& checksums,
                              std::string_view name) noexcept;

}  // namespace model
