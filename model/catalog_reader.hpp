#pragma once

#include "model/catalog.hpp"
#include "model/toml_reader.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The two kinds of table that a catalogue is made of.
namespace model {

inline constexpr std::array<std::string_view, 15> distribution_keys = {"name",
                                                                       "title",
                                                                       "primary_url",
                                                                       "freshness_rule",
                                                                       "pockets",
                                                                       "admins",
                                                                       "keyring",
                                                                       "sync_grace",
                                                                       "disable_when",
                                                                       "failures_before_disable",
                                                                       "successes_before_enable",
                                                                       "never_below",
                                                                       "deep_every",
                                                                       "manifest",
                                                                       "series"};

/// Complains of what is wrong, and then returns what could be read.
Distribution read_distribution(TomlTable&);

/// The part of it that says how mirrors are judged: `keyring` to `manifest`.
void read_policy(TomlTable&, Distribution&);

inline constexpr std::array<std::string_view, 16> mirror_keys = {"name",
                                                                 "display_name",
                                                                 "description",
                                                                 "distribution",
                                                                 "owner",
                                                                 "country",
                                                                 "speed",
                                                                 "content",
                                                                 "http_url",
                                                                 "https_url",
                                                                 "ftp_url",
                                                                 "rsync_url",
                                                                 "official_candidate",
                                                                 "status",
                                                                 "enabled",
                                                                 "whiteboard"};

/// The same; `urls` finds a URL that two mirrors claim.
Catalog::Entry read_mirror(TomlTable&, Doubles& urls);

/// Reads a list of mail addresses, `least` at least; complains of doubles.
std::vector<MailAddress> read_addresses(TomlTable&, std::string_view key, std::size_t least);

/// Reads a name; empty if it is absent or wrong.
std::string read_name(TomlTable&, std::string_view key);

}  // namespace model
