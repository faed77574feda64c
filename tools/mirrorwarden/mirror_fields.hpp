#pragma once

#include "model/catalog.hpp"

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

namespace mirrorwarden {

/// What flags say about a mirror, under the catalogue's names. Empty: not said.
struct MirrorFields {
    std::optional<std::string> display_name;
    std::optional<std::string> description;
    std::vector<std::string> owners;  // each "Name <address>"; given, they replace all
    std::optional<std::string> country;
    std::optional<model::Speed> speed;
    std::optional<model::Content> content;
    std::optional<std::string> http_url;  // given but empty: the mirror has none any more
    std::optional<std::string> https_url;
    std::optional<std::string> ftp_url;
    std::optional<std::string> rsync_url;
    std::optional<bool> official_candidate;
    std::optional<std::string> whiteboard;

    friend bool operator==(const MirrorFields&, const MirrorFields&) = default;
};

/// Adds a flag for each field. `fields` must outlive the parsing.
void add_mirror_field_flags(CLI::App&, MirrorFields& fields);

/// `mirror` with what `fields` says, checked and normalised as in a catalogue.
/// Throws `InputError` with every fault, a line each.
model::Mirror with_fields(model::Mirror mirror, const MirrorFields& fields);

/// Throws `InputError` unless the mirror can be probed: has an owner, a country,
/// and a URL that is http, https or ftp.
void check_whole(const model::Mirror&);

}  // namespace mirrorwarden
