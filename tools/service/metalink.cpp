#include "model/mirror_url.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/listed_mirrors.hpp"
#include "tools/service/query.hpp"
#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace service {
namespace {

constexpr std::size_t url_characters_max = 2'000;
constexpr std::size_t urls_max = 100;

/// A relative path without "." and "..": a client stores the file under its name.
/// Source: RFC 5854, section 4.1.2.1.
bool is_safe_path(std::string_view path) {
    if (path.empty() || path.find('\\') != std::string_view::npos) {
        return false;
    }
    while (true) {
        const auto slash = path.find('/');
        const auto segment = path.substr(0, slash);
        if (segment.empty() || segment == "." || segment == "..") {
            return false;
        }
        if (slash == std::string_view::npos) {
            return true;
        }
        path.remove_prefix(slash + 1);
    }
}

/// As a path of a URL: RFC 3986, pchar and "/".
std::string percent_encode(std::string_view path) {
    constexpr std::string_view kept = "-._~!$&'()*+,;=:@/";
    std::string encoded;
    for (const char c : path) {
        const bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || kept.find(c) != std::string_view::npos;
        if (is_kept) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

}  // namespace

Response metalink(const Request& request, const World& world, model::Timestamp) {
    Query query{request};
    const auto file = query.text("file");
    if (!file || !is_safe_path(*file)) {
        query.refuse("file", "a path below the mirrors' base URLs, such as dists/sid/InRelease");
    }
    auto chosen = choose_distribution(request, query, world);
    if (chosen.distribution == nullptr) {
        return std::move(chosen.fault);
    }
    const std::string path = percent_encode(*file);
    const auto listed = listed_mirrors(world, *chosen.distribution, model::Content::archive);
    std::string xml = fmt::format(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\"><file name=\"{}\">\n",
        xml_text(*file, url_characters_max));
    std::size_t priority = 1;
    for (const MirrorFacts* facts : listed) {
        if (priority > urls_max) {
            break;
        }
        const auto& mirror = facts->mirror.mirror;
        const std::string location =
            mirror.country.empty()
                ? std::string{}
                : fmt::format(" location=\"{}\"", xml_text(lower_case(mirror.country), 2));
        xml += fmt::format(
            "<url{} priority=\"{}\">{}</url>\n", location, priority++,
            xml_text(model::join_url(model::probe_url(mirror), path), url_characters_max));
    }
    if (!chosen.distribution->primary_url.empty()) {
        xml += fmt::format(
            "<url priority=\"{}\">{}</url>\n", priority,
            xml_text(model::join_url(chosen.distribution->primary_url, path), url_characters_max));
    }
    return {.content_type = "application/metalink4+xml; charset=utf-8",
            .body = xml + "</file></metalink>\n"};
}

}  // namespace service
