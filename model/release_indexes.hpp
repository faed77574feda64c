#pragma once

#include "model/release_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace model {

/// Which indexes of a suite are of interest. Empty lists: all that the Release names.
struct IndexWish {
    std::vector<std::string> components;
    std::vector<std::string> architectures;  // "source" for sources
};

/// The files of a suite that apt may ask for: each Packages, Sources and English translation
/// that was wished for, in every compressed form that the Release names, uncompressed only
/// where there is no other. By path.
std::vector<const ReleaseEntry*> indexes_of(const Release&, const IndexWish&);

/// The folder and name of an index without what tells how it is compressed:
/// "main/binary-amd64/Packages".
std::string_view index_stem(std::string_view path) noexcept;

/// Of a translation, which apt does without where it is not there.
bool is_translation(std::string_view path) noexcept;

}  // namespace model
