#pragma once

#include "model/catalog.hpp"
#include "model/release_file.hpp"

#include <boost/system/result.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What Release files say of the distribution that they belong to.
namespace model {

/// A suite of a live archive.
struct ArchiveSuite {
    std::string suite;  // the folder below dists/
    Release release;
};

struct SuiteName {
    std::string series;
    Pocket pocket = Pocket::release;
};

/// "bookworm-updates" is the UPDATES of bookworm. "bookworm-proposed-updates" ends like a pocket,
/// and is none of ours: a series of its own.
SuiteName split_suite(std::string_view suite);

/// The series, components, architectures and pockets of all the suites, and the title; everything
/// else as a catalogue has it that is silent. A series has the components and architectures of
/// all its suites, in the order in which they come; its version is that of its RELEASE, "0" where
/// no Release says one.
Distribution distribution_of(std::span<const ArchiveSuite> suites);

/// What is wanted of an archive; an empty list wants all there is.
struct ArchiveSelection {
    std::vector<std::string> components;
    std::vector<std::string> architectures;
};

/// The distribution with nothing but what is wanted in each series, in the series' own order. A
/// word that no series has, and a series that has none of the words, are refused in a sentence
/// that says what there is.
boost::system::result<Distribution, std::string> select_words(Distribution,
                                                              const ArchiveSelection&);

/// A name for it: what its Release files call its origin, else the host of the URL.
std::string default_distribution_name(std::span<const ArchiveSuite> suites, std::string_view url);

}  // namespace model
