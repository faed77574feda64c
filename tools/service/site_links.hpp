#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// How addresses of the service become files of a static site.
namespace service {

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

/// Of a page: "debian/mirrors/country-DE/index.html" for "/debian/mirrors" with country=DE.
std::string page_file_name(std::string_view path, const QueryPairs&);

/// Of what is no page: "api/v1/mirrors.json" for "/api/v1/mirrors", "mirrors/status.json" for
/// "/mirrors/status/json"; logs end in ".txt", all else has its own name.
std::string data_file_name(std::string_view path);

/// How `to` is reached from the file `from`, both of one site: "../../help/index.html".
std::string relative_link(std::string_view from, std::string_view to);

/// What stands in place of a link's target that begins with "/"; empty: the link is taken away
/// from its words.
using Relink = std::function<std::optional<std::string>(const std::string& target)>;

/// The page with each href, src and action that begins with "/" put through `relink`.
std::string relinked(std::string_view html, const Relink& relink);

}  // namespace service
