#pragma once

#include <compare>
#include <string_view>

namespace model {

/// Orders versions as dpkg does: epoch, upstream version, revision; "~" sorts
/// before everything, even the end. Any text has a place: nothing is refused.
/// Source: Debian Policy 5.6.12.
std::weak_ordering compare_debian_versions(std::string_view, std::string_view) noexcept;

}  // namespace model
