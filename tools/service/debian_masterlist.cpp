#include "model/country.hpp"
#include "model/mirror_url.hpp"
#include "model/plain_text.hpp"
#include "tools/service/bucket_places.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <array>

namespace service {
namespace {

/// What follows the host: "/debian/"; an rsync module has no slash before it.
std::string path_of(const std::string& url, bool is_rsync) {
    const auto host = url.find("://") + 3;
    const auto slash = url.find('/', host);
    if (slash == std::string::npos) {
        return is_rsync ? "" : "/";
    }
    return url.substr(is_rsync ? slash + 1 : slash);
}

std::string site_of(const std::string& url) {
    const auto host = url.find("://") + 3;
    return url.substr(host, url.find('/', host) - host);
}

std::string stanza_of(const Architectures& known, const MirrorFacts& facts) {
    const auto& mirror = facts.mirror.mirror;
    const bool has_packages = mirror.content == model::Content::archive;
    std::string text =
        fmt::format("Site: {}\nType: leaf\n", model::one_line(site_of(model::probe_url(mirror))));
    auto architectures = known.of(facts.rows);
    architectures.erase("all");
    if (!architectures.empty()) {
        text += "Archive-architecture:";
        for (const std::string& one : architectures) {
            text += " " + model::one_line(one);
        }
        text += "\n";
    }
    for (const auto& [protocol, url] :
         {std::pair{"http", &mirror.http_url}, std::pair{"https", &mirror.https_url},
          std::pair{"ftp", &mirror.ftp_url}, std::pair{"rsync", &mirror.rsync_url}}) {
        if (!url->empty()) {
            text += fmt::format("{}-{}: {}\n", has_packages ? "Archive" : "CDImage", protocol,
                                model::one_line(path_of(*url, url == &mirror.rsync_url)));
        }
    }
    if (!mirror.country.empty()) {
        text += fmt::format("Country: {} {}\n", model::one_line(mirror.country),
                            model::country_name(mirror.country));
    }
    if (!mirror.display_name.empty()) {
        text += fmt::format("Sponsor: {}\n", model::one_line(mirror.display_name));
    }
    return text + "\n";
}

}  // namespace

Response debian_masterlist(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    auto chosen = choose_distribution(request, query, world);
    if (chosen.distribution == nullptr) {
        return std::move(chosen.fault);
    }
    const Architectures architectures{world.buckets.at(chosen.distribution->name)};
    Response response;
    for (const auto& facts : world.mirrors) {
        const auto& mirror = facts->mirror.mirror;
        if (mirror.distribution == chosen.distribution->name && facts->mirror.state.enabled &&
            model::is_official(mirror) && !model::probe_url(mirror).empty()) {
            response.body += stanza_of(architectures, *facts);
        }
    }
    return response;
}

}  // namespace service
