#pragma once

#include "model/catalog_file.hpp"
#include "model/file_errors.hpp"
#include "tools/cmake/catch.hpp"

#include <string>
#include <string_view>
#include <vector>

/// A catalogue that says everything, for tests that make one line of it wrong.
namespace model::testing {

/// The errors of a text that must be wrong.
inline std::vector<FileError> errors_of(std::string_view toml) {
    const auto catalog = parse_catalog(toml);
    REQUIRE(catalog.has_error());
    return catalog.error();
}

inline const std::string right_catalog = R"([[distribution]]
name = "ubuntu"
title = "Ubuntu"
primary_url = "http://archive.example/"
freshness_rule = "window"
pockets = ["RELEASE", "UPDATES"]
admins = ["Ann <ann@example.org>"]
failures_before_disable = 2
keyring = "/k.gpg"
sync_grace = "90m"
disable_when = ["no-content", "lag>7d"]
successes_before_enable = 2
never_below = 1
deep_every = 7
manifest = "http://archive.example/m"

[[distribution.series]]
name = "hoary"
version = "5.04"
status = "CURRENT"
components = ["main", "universe"]
architectures = ["i386"]
unofficial_architectures = ["sparc"]

[[distribution.series.images]]
flavour = "kubuntu"
files = ["a.iso", "b.iso"]

[[mirror]]
name = "one"
display_name = "The One"
description = "fast"
distribution = "ubuntu"
owner = "Foo Bar <foo.bar@canonical.com>"
country = "BR"
speed = "2M"
content = "ARCHIVE"
http_url = "http://foo.bar.com/pub"
rsync_url = "rsync://foo.bar.com/pub"
status = "OFFICIAL"
enabled = true

[[mirror]]
name = "two"
distribution = "ubuntu"
owner = ["Foo Bar <foo.bar@canonical.com>"]
country = "IO"
speed = "2M"
https_url = "https://two.example/"
)";

/// The right catalogue with its first line that begins with `from` made `to`.
inline std::string with_line(const std::string& from, const std::string& to) {
    auto at = right_catalog.find("\n" + from);
    REQUIRE(at != std::string::npos);
    ++at;
    std::string text = right_catalog;
    return text.replace(at, text.find('\n', at) - at, to);
}

/// A line of the right catalogue made wrong gives one error: there, and with that in its text.
inline void check_one_error(const std::string& from, const std::string& to, int line,
                            const std::string& fragment) {
    const auto errors = errors_of(with_line(from, to));

    REQUIRE(errors.size() == 1);
    CAPTURE(errors.front().text);
    CHECK(errors.front().line == line);
    CHECK(errors.front().text.find(fragment) != std::string::npos);
}

}  // namespace model::testing
