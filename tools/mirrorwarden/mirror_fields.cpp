#include "tools/mirrorwarden/mirror_fields.hpp"

#include "tools/mirrorwarden/exit_status.hpp"
#include "tools/mirrorwarden/lookup.hpp"
#include "tools/mirrorwarden/option.hpp"
#include "tools/mirrorwarden/option_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace mirrorwarden {
namespace {

/// "http_url" as its flag: "--http-url".
std::string flag_of(std::string field) {
    std::ranges::replace(field, '_', '-');
    return "--" + field;
}

/// What the flag of a field that is missing would say.
std::string example_of(const std::string& field) {
    if (field == "owner") {
        return "--owner \"Name <address>\"";
    }
    return field == "country" ? "--country BR" : "--http-url, --https-url or --ftp-url";
}

void add_text(CLI::App& command, const std::string& flag, std::optional<std::string>& into,
              const std::string& description) {
    add_option_function(
        command, flag, [&into](const std::string& text) { into = text; }, description)
        .type_name("TEXT");
}

void add_url(CLI::App& command, const std::string& scheme, std::optional<std::string>& into) {
    add_option_function(
        command, fmt::format("--{}-url", scheme), [&into](const std::string& url) { into = url; },
        fmt::format("Where its files are by {0}, {0}://...; empty: nowhere", scheme))
        .type_name("URL");
}

}  // namespace

void add_mirror_field_flags(CLI::App& command, MirrorFields& fields) {
    add_url(command, "http", fields.http_url);
    add_url(command, "https", fields.https_url);
    add_url(command, "ftp", fields.ftp_url);
    add_url(command, "rsync", fields.rsync_url);
    add_option(command, "--owner", fields.owners,
               "Who is mailed about it: \"Name <address>\"; may be given again")
        .type_name("ADDRESS")
        .allow_extra_args(false);
    add_text(command, "--country", fields.country,
             "The country that it is in, two letters of ISO 3166-1: BR");
    add_word<model::Speed>(command, "--speed", fields.speed, service::all_speeds(),
                           "The bandwidth that its owner declares, in bits a second");
    add_word<model::Content>(command, "--content", fields.content,
                             {model::Content::archive, model::Content::release},
                             "What it carries: packages (ARCHIVE) or CD images (RELEASE)");
    add_flag_function(
        command, "--official-candidate,!--no-official-candidate",
        [&fields](std::int64_t count) { fields.official_candidate = count > 0; },
        "Whether its owner wishes it to be official");
    add_text(command, "--display-name", fields.display_name, "Its name as people read it");
    add_text(command, "--description", fields.description, "What else is to be said about it");
    add_text(command, "--whiteboard", fields.whiteboard, "Notes of the admins; never public");
}

model::Mirror with_fields(model::Mirror mirror, const MirrorFields& fields) {
    auto changed = service::apply_fields(std::move(mirror), fields);
    if (changed.has_error()) {
        throw_edit_fault({.fields = changed.error()});
    }
    return std::move(*changed);
}

void throw_edit_fault(const service::EditFault& fault) {
    if (fault.refusal) {
        throw_refusal(*fault.refusal);
    }
    std::vector<std::string> lines;
    for (const auto& one : fault.fields) {
        lines.push_back(one.is_missing ? fmt::format("{}: {}", one.text, example_of(one.field))
                                       : fmt::format("{}: {}", flag_of(one.field), one.text));
    }
    throw InputError(fmt::format("{}", fmt::join(lines, "\n")));
}

void check_whole(const model::Mirror& mirror) {
    if (auto missing = service::missing_fields(mirror); !missing.empty()) {
        throw_edit_fault({.fields = std::move(missing)});
    }
}

}  // namespace mirrorwarden
