#include "tools/service/page_layout.hpp"

#include "tools/service/page_files.hpp"
#include "tools/service/page_words.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace service {
namespace {

/// What a mirror's distribution has in its menu.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> menu = {{
    {"", "Overview"},
    {"/mirrors", "Mirrors"},
    {"/countries", "Countries"},
    {"/disabled", "Disabled"},
}};

void add_menu(PageFields& fields, const model::Distribution& distribution, std::string_view here) {
    std::vector<PageFields> entries;
    for (const auto& [path, word] : menu) {
        PageFields entry;
        entry.text("path", "/" + distribution.name + std::string{path}).text("word", word);
        entry.flag("is_here", word == here);
        entries.push_back(std::move(entry));
    }
    fields.text("distribution", distribution.name);
    fields.text("distribution_title", title_of(distribution));
    fields.list("menu", std::move(entries));
}

}  // namespace

Response page_response(const Request& request, const World& world, Page page) {
    PageFields& fields = page.fields;
    fields.text("base", request.base_path);
    fields.text("title", page.title);
    fields.text("stylesheet", asset_name(page_file("site.css")));
    fields.text("script", asset_name(page_file("site.js")));
    fields.text("icon", asset_name(page_file("icon.svg")));
    fields.flag("has_several", world.distributions.size() != 1);
    fields.markup("read_at", time_html(world.read_at));
    if (request.stale_since) {
        fields.markup("stale_since", time_html(*request.stale_since));
    }
    const model::Distribution* distribution = page.distribution;
    if (distribution == nullptr && world.distributions.size() == 1) {
        distribution = &world.distributions.front();
    }
    if (distribution != nullptr) {
        add_menu(fields, *distribution, page.here);
    }
    fields.flag("is_static", request.is_exported);
    fields.flag("is_live", !request.is_exported && page.status == 200 && page.is_live);
    fields.flag("is_compare", page.here == "Compare");
    fields.flag("is_help", page.here == "Help");
    return {.status = page.status,
            .content_type = "text/html; charset=utf-8",
            .body = render(page.file, fields),
            .keeping = page.status == 200 ? Keeping::shared : Keeping::nowhere};
}

Response page_fault(const Request& request, const World& world, const Response& problem) {
    const auto json = nlohmann::json::parse(problem.body, nullptr, false);
    std::string title = json.value("title", "Not found");
    if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') {
        title[0] = static_cast<char>(title[0] - 'a' + 'A');
    }
    Page page{.file = "fault.html", .title = std::move(title), .status = problem.status};
    page.fields.text("detail", json.value("detail", ""));
    page.fields.text("status", std::to_string(problem.status));
    return page_response(request, world, std::move(page));
}

Request without_empty_values(Request request) {
    std::erase_if(request.query, [](const auto& pair) { return pair.second.empty(); });
    return request;
}

const std::string& title_of(const model::Distribution& distribution) {
    return distribution.title.empty() ? distribution.name : distribution.title;
}

std::string url_text(std::string_view text) {
    std::string coded;
    for (const char letter : text) {
        const bool is_plain = (letter >= 'a' && letter <= 'z') ||
                              (letter >= 'A' && letter <= 'Z') ||
                              (letter >= '0' && letter <= '9') ||
                              std::string_view{"-._~"}.find(letter) != std::string_view::npos;
        coded += is_plain ? std::string{letter}
                          : fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
    return coded;
}

}  // namespace service
