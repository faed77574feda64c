#pragma once

#include "tools/service/world.hpp"

#include <functional>
#include <string>

namespace service {

/// A file of the site, its path below the site's folder.
struct SiteFile {
    std::string path;  // "debian/mirrors/index.html"
    std::string body;
};

/// Everything public as files: each page that a link leads to, the API's answers, whole and
/// without parameters, lists, feeds and badges. Pages link to each other relatively, say when
/// they were made, and have neither forms nor what only a service can answer. Of a mirror's logs
/// the newest. `write` gets each file once. Throws what `write` throws, `model::StorageError`,
/// and `std::runtime_error` where an answer is a fault.
void export_site(const World&, model::Store&, const std::string& public_url,
                 const std::function<void(const SiteFile&)>& write);

}  // namespace service
