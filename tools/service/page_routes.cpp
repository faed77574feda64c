#include "tools/service/admin_pages.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/page_answers.hpp"
#include "tools/service/page_files.hpp"
#include "tools/service/router.hpp"

#include <algorithm>

namespace service {
namespace {

std::string_view content_type(std::string_view name) {
    return name.ends_with(".css")  ? "text/css; charset=utf-8"
           : name.ends_with(".js") ? "text/javascript; charset=utf-8"
                                   : "image/svg+xml; charset=utf-8";
}

}  // namespace

Response show_asset(const Request& request, const World&, model::Timestamp) {
    const auto name = capture(request, "file");
    for (const PageFile& file : page_files()) {
        if (!file.name.ends_with(".html") && asset_name(file) == name) {
            return {.content_type = std::string{content_type(file.name)},
                    .body = std::string{file.text},
                    .keeping = Keeping::pinned};
        }
    }
    return not_found("asset", name);
}

void add_page_routes(std::vector<Route>& routes, Doorkeeper& door) {
    const auto read = [&](const char* pattern, ReadHandler handler) {
        routes.push_back({.method = "GET", .pattern = pattern, .read = std::move(handler)});
    };
    read("/", show_start_page);
    read("/assets/{file}", show_asset);
    read("/help", show_help_page);
    read("/compare", show_compare_page);
    routes.push_back({.method = "GET",
                      .pattern = "/mirror/{name}",
                      .read = show_mirror_page,
                      .store = door.for_anyone(show_own_mirror_page)});
    routes.push_back(
        {.method = "GET", .pattern = "/mirror/{name}/log/{probe}", .store = show_log_page});
    // Last: they have room for everything.
    read("/{distribution}", show_overview_page);
    read("/{distribution}/mirrors", show_mirrors_page);
    read("/{distribution}/countries", show_countries_page);
    read("/{distribution}/disabled", show_disabled_page);
}

}  // namespace service
