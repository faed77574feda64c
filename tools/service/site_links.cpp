#include "tools/service/site_links.hpp"

#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace service {
namespace {

constexpr std::array<std::string_view, 3> attributes = {" href=\"", " src=\"", " action=\""};

/// As a part of a file's name: nothing that a URL or a file system reads otherwise.
std::string name_part(std::string_view text) {
    std::string part;
    for (const char letter : text) {
        const bool is_plain = (letter >= 'a' && letter <= 'z') ||
                              (letter >= 'A' && letter <= 'Z') ||
                              (letter >= '0' && letter <= '9') || letter == '.' || letter == '-';
        part += is_plain ? std::string{letter}
                         : fmt::format("={:02x}", static_cast<unsigned char>(letter));
    }
    return part;
}

std::string_view without_slashes(std::string_view path) {
    while (path.starts_with('/')) {
        path.remove_prefix(1);
    }
    while (path.ends_with('/')) {
        path.remove_suffix(1);
    }
    return path;
}

/// The four entities that our own attributes have.
std::string plain_text(std::string text) {
    for (const auto& [entity, letter] :
         {std::pair{"&quot;", "\""}, std::pair{"&#39;", "'"}, std::pair{"&lt;", "<"},
          std::pair{"&gt;", ">"}, std::pair{"&amp;", "&"}}) {
        const std::string_view name{entity};
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
            text.replace(at, name.size(), letter);
        }
    }
    return text;
}

}  // namespace

std::string page_file_name(std::string_view path, const QueryPairs& query) {
    std::string file{without_slashes(path)};
    std::string folder;
    for (const auto& [name, value] : query) {
        folder +=
            fmt::format("{}{}-{}", folder.empty() ? "" : "_", name_part(name), name_part(value));
    }
    for (const std::string_view part : {std::string_view{folder}, std::string_view{"index.html"}}) {
        if (!part.empty()) {
            file += (file.empty() ? "" : "/") + std::string{part};
        }
    }
    return file;
}

std::string data_file_name(std::string_view path) {
    std::string file{without_slashes(path)};
    if (file.ends_with("/json")) {
        return file.substr(0, file.size() - 5) + ".json";
    }
    if (!file.starts_with("api/") || file.ends_with(".json")) {
        return file;
    }
    return file + (file.ends_with("/log") ? ".txt" : ".json");
}

std::string relative_link(std::string_view from, std::string_view to) {
    std::size_t common = 0;
    for (std::size_t i = 0; i < std::min(from.size(), to.size()) && from[i] == to[i]; ++i) {
        common = from[i] == '/' ? i + 1 : common;
    }
    std::string link;
    for (auto up = std::ranges::count(from.substr(common), '/'); up > 0; --up) {
        link += "../";
    }
    return link + std::string{to.substr(common)};
}

std::string relinked(std::string_view html, const Relink& relink) {
    std::string made;
    made.reserve(html.size());
    while (!html.empty()) {
        std::size_t found = std::string_view::npos;
        std::size_t value = 0;
        for (const std::string_view attribute : attributes) {
            const auto at = html.find(attribute);
            if (at < found) {
                found = at;
                value = at + attribute.size();
            }
        }
        const auto end =
            found == std::string_view::npos ? std::string_view::npos : html.find('"', value);
        if (end == std::string_view::npos) {
            break;
        }
        const auto target = html.substr(value, end - value);
        if (!target.starts_with('/')) {
            made += html.substr(0, end + 1);
        } else if (const auto link = relink(plain_text(std::string{target}))) {
            made += html.substr(0, value);
            made += xml_text(*link, std::numeric_limits<std::size_t>::max());
            made += '"';
        } else {
            made += html.substr(0, found);
        }
        html.remove_prefix(end + 1);
    }
    return made += html;
}

}  // namespace service
