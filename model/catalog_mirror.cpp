#include "model/catalog_reader.hpp"
#include "model/country.hpp"
#include "model/mirror_url.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>

namespace model {
namespace {

constexpr std::size_t title_bytes_max = 200;
constexpr std::size_t prose_bytes_max = 10'000;

std::string read_country(TomlTable& table) {
    table.require("country");
    auto country = table.text("country");
    if (country && country_name(*country).empty()) {
        table.wrong("country",
                    fmt::format("{} is no country; write the two letters of ISO 3166-1, \"BR\"",
                                in_quotes(*country)));
    }
    return country.value_or(std::string{});
}

std::string read_url(TomlTable& table, std::string_view scheme, Doubles& urls) {
    const auto key = fmt::format("{}_url", scheme);
    const auto text = table.text(key);
    if (!text) {
        return {};
    }
    auto url = normalise_base_url(scheme, *text);
    if (url.has_error()) {
        table.wrong(key, url.error());
        return {};
    }
    urls.note("the URL", *url, table.line_of(key), table.errors());
    return *url;
}

void read_urls(TomlTable& table, Mirror& mirror, Doubles& urls) {
    mirror.http_url = read_url(table, "http", urls);
    mirror.https_url = read_url(table, "https", urls);
    mirror.ftp_url = read_url(table, "ftp", urls);
    mirror.rsync_url = read_url(table, "rsync", urls);
    if (!table.has("http_url") && !table.has("https_url") && !table.has("ftp_url")) {
        table.errors().add(table.line(),
                           "this mirror has none of http_url, https_url and ftp_url; it needs one");
    }
}

}  // namespace

Catalog::Entry read_mirror(TomlTable& table, Doubles& urls) {
    Catalog::Entry entry;
    entry.line = table.line();
    Mirror& mirror = entry.mirror;
    mirror.name = read_name(table, "name");
    mirror.display_name =
        table.plain_text("display_name", title_bytes_max, Lines::one).value_or(std::string{});
    mirror.description =
        table.plain_text("description", prose_bytes_max, Lines::many).value_or(std::string{});
    mirror.whiteboard =
        table.plain_text("whiteboard", prose_bytes_max, Lines::many).value_or(std::string{});
    table.require("distribution");
    mirror.distribution = read_name(table, "distribution");
    table.require("owner");
    mirror.owners = read_addresses(table, "owner", 1);
    mirror.country = read_country(table);
    mirror.speed = table
                       .word("speed", parse_speed,
                             "128K, 256K, 512K, 1M, 2M, 10M, 45M, 100M, 1G, 2G, 4G, 10G, 20G, "
                             "50G, 100G")
                       .value_or(mirror.speed);
    mirror.content =
        table.word("content", parse_content, "ARCHIVE, RELEASE").value_or(mirror.content);
    read_urls(table, mirror, urls);
    mirror.official_candidate = table.flag("official_candidate").value_or(false);
    mirror.status =
        table.word("status", parse_review_status, "PENDING_REVIEW, UNOFFICIAL, OFFICIAL, BROKEN")
            .value_or(mirror.status);
    entry.enabled = table.flag("enabled");
    return entry;
}

}  // namespace model
