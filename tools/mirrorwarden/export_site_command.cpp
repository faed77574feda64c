#include "tools/mirrorwarden/command_tree.hpp"
#include "tools/mirrorwarden/environment.hpp"
#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/site_folder.hpp"
#include "tools/service/site_export.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace mirrorwarden {
namespace {

const CommandText text{
    .name = "export-site",
    .summary = "write the status pages as files",
    .description =
        "Write all public pages, with JSON, lists, feeds and badges, as files that any web server "
        "can show: a status page that needs no service.",
    .details =
        "The site is written into a new folder beside DIR, which takes DIR's place in one step: "
        "who reads it meanwhile sees the old site or the new one, what is gone is gone, and an "
        "interrupted export leaves the old one whole. The folder that holds DIR must be writable. "
        "A DIR that has files which no export wrote is refused.\n\n"
        "Links are relative, so that it may stand anywhere, and each page says when it was made. "
        "Pages are called index.html; what the API answers ends in .json, mirrors/status/json is "
        "mirrors/status.json. Left out is what only a service can answer: filters, comparing, "
        "metalinks, metrics, and all logs but a mirror's newest. Nothing that is not public is "
        "written.",
    .examples = {{"mirrorwarden export-site status", ""}}};

int export_to(Environment& environment, const std::string& folder) {
    const auto store = environment.open_store(storage::Opening::existing);
    SiteFolder site(folder);
    const auto world = service::read_world(*store, now(), nullptr);
    std::size_t files = 0;
    std::size_t bytes = 0;
    service::export_site(*world, *store, environment.config().serve.public_url.value_or(""),
                         [&](const service::SiteFile& file) {
                             site.write(file.path, file.body);
                             ++files;
                             bytes += file.body.size();
                         });
    site.put_in_place();
    print(fmt::format("Wrote {} files, {} KB, to {}\n", files, (bytes + 1'023) / 1'024, folder));
    return exit_status::done;
}

}  // namespace

void add_export_site_command(CommandTree& tree) {
    auto folder = std::make_shared<std::string>();
    CLI::App& command = tree.add_command(tree.root(), text, [folder](Environment& environment) {
        return export_to(environment, *folder);
    });
    add_option(command, "DIR", *folder, "The site's folder, made where there is none").required();
}

}  // namespace mirrorwarden
