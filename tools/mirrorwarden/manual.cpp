#include "tools/mirrorwarden/manual.hpp"

#include "tools/mirrorwarden/command_words.hpp"
#include "tools/mirrorwarden/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <CLI/App.hpp>
#include <utility>

namespace mirrorwarden {
namespace {

std::string page_name(const CLI::App& command) {
    auto name = full_name(command);
    std::replace(name.begin(), name.end(), ' ', '-');
    return name;
}

std::string bold(std::string_view text) {
    return fmt::format("\\fB{}\\fR", roff_text(text));
}

std::string italic(std::string_view text) {
    return fmt::format("\\fI{}\\fR", roff_text(text));
}

// Paragraphs, apart by an empty line, as man(7) has them.
std::string paragraphs(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto size = std::min(text.find("\n\n"), text.size());
        out += (out.empty() ? "" : ".PP\n") + roff_text(text.substr(0, size)) + "\n";
        text.remove_prefix(std::min(text.size(), size + 2));
    }
    return out;
}

std::string tagged(const std::string& roff_tag, const std::string& meaning) {
    return fmt::format(".TP\n{}\n{}\n", roff_tag, roff_text(meaning));
}

std::string option_entry(const CLI::Option& option) {
    std::string tag;
    for (const auto& spelling : spellings(option)) {
        tag += (tag.empty() ? "" : ", ") + bold(spelling);
    }
    if (takes_value(option)) {
        tag += " " + italic(value_name(option));
    }
    return tagged(tag, option.get_description() + (option.get_required() ? ". Required." : "."));
}

std::string options_section(const CLI::App& command) {
    std::string text = ".SH OPTIONS\n";
    for (const auto* argument : arguments_of(command)) {
        text += tagged(italic(argument_name(*argument)), argument->get_description() + ".");
    }
    for (const auto* flag : flags_of(command)) {
        text += option_entry(*flag);
    }
    if (const auto* parent = command.get_parent()) {
        while (parent->get_parent() != nullptr) {
            parent = parent->get_parent();
        }
        for (const auto* flag : flags_of(*parent)) {
            if (takes_value(*flag)) {  // --database and --config serve every command
                text += option_entry(*flag);
            }
        }
    }
    return text;
}

std::string commands_section(const CommandTree& tree, const CLI::App& command) {
    const auto children = commands_of(command);
    std::string text = children.empty() ? "" : ".SH COMMANDS\n";
    for (const auto* child : children) {
        text += tagged(fmt::format("\\fB{}\\fR(1)", roff_text(page_name(*child))),
                       tree.text_of(*child).description);
    }
    return text;
}

std::string examples_section(const CommandText& text) {
    std::string out = text.examples.empty() ? "" : ".SH EXAMPLES\n";
    for (const auto& [command, purpose] : text.examples) {
        if (!purpose.empty()) {
            out += fmt::format(".PP\n{}:\n", roff_text(purpose));
        }
        out += fmt::format(".PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", roff_text(command));
    }
    return out;
}

const std::vector<Status> exit_statuses = {
    {0, "Done. Mirrors may have failed their probe all the same."},
    {1, "Could not run: the database, a disk or the system failed."},
    {2, "Wrong usage, or something wrong in what was given. Nothing was changed."},
    {3, "A probe's results are suspect; they were kept, and no mirror was switched off for them."},
    {4, "Another run holds the lock."}};

const std::vector<std::pair<std::string, std::string>> variables = {
    {"MIRRORWARDEN_DATABASE", "The database, where --database does not name one."},
    {"MIRRORWARDEN_CONFIG", "The configuration, where --config does not name one."},
    {"MIRRORWARDEN_SERVICE, MIRRORWARDEN_TOKEN",
     "Of a worker without a database: whom it reports to, and as whom."},
    {"PGPASSFILE, PGPASSWORD", "What libpq reads a PostgreSQL password from."},
    {"http_proxy, https_proxy, ftp_proxy, all_proxy, no_proxy",
     "The proxy of a probe, where --proxy does not name one."},
    {"SSL_CERT_FILE", "The certificates that are trusted, where ca_bundle names none."},
    {"TMPDIR",
     "The folder of temporary files; else /var/tmp for the logs of a run under way, and /tmp."},
    {"NO_COLOR", "Where it is set, nothing is printed in colours."}};

const std::vector<std::pair<std::string, std::string>> files = {
    {"~/.config/mirrorwarden/config.toml, /etc/mirrorwarden/config.toml",
     "The configuration, TOML: the first of them that exists. Its keys: database; in [mail] "
     "smtp_url, from, user, password_file and starttls; in [probe] contact_url, which mirrors are "
     "told in the User-Agent, ca_bundle, max_mirrors, max_parallel, max_parallel_per_host, "
     "timeout, connect_timeout, proxy and no_owner_notification; in [jobs] control_file and "
     "statsd; in [report] service, token_file, spool and ca_bundle; in [serve] listen, "
     "reports_listen, base_path, public_url, location_database, trusted_proxies, max_connections, "
     "max_connections_per_client, max_header_bytes, max_body_bytes, cache_megabytes, "
     "header_timeout, body_timeout, idle_timeout, write_timeout, stop_timeout, lease and "
     "no_access_log. They mean what the flags of that name mean. A flag wins."},
    {"~/.local/state/mirrorwarden/mirrorwarden.sqlite",
     "The database where nothing else is said; $XDG_STATE_HOME moves it."}};

std::string list_section(const std::string& title,
                         const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string text = ".SH " + title + "\n";
    for (const auto& [tag, meaning] : entries) {
        text += tagged(bold(tag), meaning);
    }
    return text;
}

std::string status_section(const CommandText& text) {
    std::string out = ".SH EXIT STATUS\n";
    for (const auto& [status, meaning] : text.statuses.empty() ? exit_statuses : text.statuses) {
        out += tagged(bold(fmt::format("{}", status)), meaning);
    }
    return out;
}

std::string see_also(const CLI::App& command) {
    std::string text;
    const auto add = [&](const CLI::App& other) {
        text +=
            fmt::format("{}\\fB{}\\fR(1)", text.empty() ? "" : ",\n", roff_text(page_name(other)));
    };
    const auto* parent = command.get_parent();
    if (parent != nullptr) {
        add(*parent);
        for (const auto* sibling : commands_of(*parent)) {
            if (sibling != &command) {
                add(*sibling);
            }
        }
    }
    for (const auto* child : commands_of(command)) {
        add(*child);
    }
    return ".SH SEE ALSO\n" + text + "\n";
}

ManualPage page(const CommandTree& tree, const CLI::App& command) {
    const auto& text = tree.text_of(command);
    auto name = page_name(command);
    std::string upper = name;
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    std::string roff = fmt::format(".TH {} 1 \"\" \"mirrorwarden {}\" \"User Commands\"\n",
                                   roff_text(upper), version);
    roff += fmt::format(".SH NAME\n{} \\- {}\n", roff_text(name), roff_text(text.summary));
    roff += fmt::format(".SH SYNOPSIS\n.nf\n{}\n.fi\n", roff_text(synopsis(command)));
    roff += ".SH DESCRIPTION\n" + paragraphs(text.description);
    if (!text.details.empty()) {
        roff += ".PP\n" + paragraphs(text.details);
    }
    roff += commands_section(tree, command) + options_section(command);
    roff += status_section(text) + list_section("ENVIRONMENT", variables) +
            list_section("FILES", files) + examples_section(text) + see_also(command);
    return {.name = std::move(name), .roff = std::move(roff)};
}

void add_pages(const CommandTree& tree, const CLI::App& command, std::vector<ManualPage>& pages) {
    pages.push_back(page(tree, command));
    for (const auto* child : commands_of(command)) {
        add_pages(tree, *child, pages);
    }
}

}  // namespace

std::vector<ManualPage> manual_pages(const CommandTree& tree) {
    std::vector<ManualPage> pages;
    add_pages(tree, tree.root(), pages);
    return pages;
}

std::string roff_text(std::string_view text) {
    std::string out;
    bool at_line_start = true;
    for (const char c : text) {
        if (at_line_start && (c == '.' || c == '\'')) {
            out += "\\&";
        }
        at_line_start = c == '\n';
        switch (c) {
        case '\\': out += "\\e"; break;
        case '-': out += "\\-"; break;
        case '\'': out += "\\(aq"; break;
        case '`': out += "\\(ga"; break;
        case '^': out += "\\(ha"; break;
        case '~': out += "\\(ti"; break;
        default: out += c;
        }
    }
    return out;
}

}  // namespace mirrorwarden
