#include "tools/mirrorwarden/config.hpp"

#include "model/mail_address.hpp"
#include "tools/mirrorwarden/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <toml++/toml.h>
#include <utility>

namespace mirrorwarden {
namespace {

using model::FileError;

/// One table of the file: hands out its values by key, and then knows which keys
/// nobody asked for.
class Section {
public:
    Section(const toml::table& table, std::string name, std::vector<FileError>& errors)
        : table_(table), name_(std::move(name)), errors_(errors) {}

    void text(const char* key, std::string& into) {
        if (const auto* node = find(key)) {
            if (const auto value = node->value_exact<std::string>()) {
                into = *value;
            } else {
                wrong(*node, key, "must be text in quotes");
            }
        }
    }

    void text(const char* key, std::optional<std::string>& into) {
        std::string value;
        const auto before = errors_.size();
        text(key, value);
        if (table_.contains(key) && errors_.size() == before) {
            into = value;
        }
    }

    void yes_or_no(const char* key, std::optional<bool>& into) {
        if (const auto* node = find(key)) {
            into = node->value_exact<bool>();
            if (!into) {
                wrong(*node, key, "must be true or false");
            }
        }
    }

    void count(const char* key, std::int64_t most, std::optional<std::size_t>& into) {
        if (const auto* node = find(key)) {
            const auto value = node->value_exact<std::int64_t>();
            if (value && *value >= 1 && *value <= most) {
                into = static_cast<std::size_t>(*value);
            } else {
                wrong(*node, key, fmt::format("must be a whole number from 1 to {}", most));
            }
        }
    }

    void seconds(const char* key, std::optional<std::chrono::milliseconds>& into) {
        if (const auto* node = find(key)) {
            const auto value = node->value<double>();
            if (value && *value >= 0.001 && *value <= 3600) {
                into = std::chrono::milliseconds(std::llround(*value * 1000));
            } else {
                wrong(*node, key, "must be a number of seconds from 0.001 to 3600");
            }
        }
    }

    const toml::table* table(const char* key) {
        const auto* node = find(key);
        if (node != nullptr && !node->is_table()) {
            wrong(*node, key, fmt::format("must be a section, [{}]", key));
        }
        return node == nullptr ? nullptr : node->as_table();
    }

    /// After everything else: what is left is a misspelling.
    void refuse_the_rest() {
        for (const auto& [key, node] : table_) {
            if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) {
                continue;
            }
            const auto where = name_.empty() ? std::string() : fmt::format(" in [{}]", name_);
            const auto line = static_cast<int>(key.source().begin.line);
            errors_.push_back({line, fmt::format("there is no \"{}\"{}{}", key.str(), where,
                                                 did_you_mean(key.str(), known_))});
        }
    }

    int line(const char* key) const {
        const auto* node = table_.get(key);
        return static_cast<int>((node == nullptr ? table_.source() : node->source()).begin.line);
    }

private:
    const toml::node* find(const char* key) {
        known_.emplace_back(key);
        return table_.get(key);
    }

    void wrong(const toml::node& node, const char* key, const std::string& what) {
        errors_.push_back({static_cast<int>(node.source().begin.line),
                           fmt::format("{}{}{} {}", name_, name_.empty() ? "" : ".", key, what)});
    }

    const toml::table& table_;
    std::string name_;
    std::vector<FileError>& errors_;
    std::vector<std::string> known_;
};

bool is_mail_url(const std::string& url) {
    return url.starts_with("smtp://") || url.starts_with("smtps://");
}

void read_mail(const toml::table& table, MailConfig& mail, std::vector<FileError>& errors) {
    Section section(table, "mail", errors);
    std::string from;
    section.text("smtp_url", mail.smtp_url);
    section.text("from", from);
    section.text("user", mail.user);
    section.text("password_file", mail.password_file);
    section.yes_or_no("starttls", mail.starttls);
    section.refuse_the_rest();

    if (!mail.smtp_url.empty() && !is_mail_url(mail.smtp_url)) {
        errors.push_back({section.line("smtp_url"),
                          "mail.smtp_url must begin with smtp:// or smtps://, such as "
                          "\"smtp://localhost:25\""});
    }
    if (mail.smtp_url.find('@') != std::string::npos) {
        errors.push_back({section.line("smtp_url"),
                          "mail.smtp_url must not hold a user or password; use user and "
                          "password_file"});
    }
    if (!from.empty()) {
        if (auto address = model::parse_mail_address(from); address.has_value()) {
            mail.from = *address;
        } else {
            errors.push_back({section.line("from"), "mail.from: " + address.error()});
        }
    } else if (!mail.smtp_url.empty()) {
        errors.push_back({section.line("smtp_url"),
                          "mail.smtp_url needs mail.from, the address that mail comes from"});
    }
}

void read_probe(const toml::table& table, ProbeSettings& probe, std::vector<FileError>& errors) {
    Section section(table, "probe", errors);
    section.count("max_mirrors", 1'000'000, probe.max_mirrors);
    section.count("max_parallel", 20'000, probe.max_parallel);
    section.count("max_parallel_per_host", 100, probe.max_parallel_per_host);
    section.seconds("timeout", probe.timeout);
    section.seconds("connect_timeout", probe.connect_timeout);
    section.text("proxy", probe.proxy);
    section.yes_or_no("no_owner_notification", probe.no_owner_notification);
    section.text("contact_url", probe.contact_url);
    section.text("ca_bundle", probe.ca_bundle);
    section.refuse_the_rest();
}

}  // namespace

boost::system::result<Config, std::vector<FileError>> parse_config(std::string_view text) {
    std::vector<FileError> errors;
    Config config;
    try {
        const auto root = toml::parse(text);
        Section section(root, "", errors);
        section.text("database", config.database);
        if (const auto* mail = section.table("mail")) {
            read_mail(*mail, config.mail, errors);
        }
        if (const auto* probe = section.table("probe")) {
            read_probe(*probe, config.probe, errors);
        }
        section.refuse_the_rest();
    } catch (const toml::parse_error& error) {
        errors.push_back({static_cast<int>(error.source().begin.line),
                          fmt::format("this is not TOML: {}", error.description())});
    }
    if (!errors.empty()) {
        std::stable_sort(errors.begin(), errors.end(),
                         [](const FileError& a, const FileError& b) { return a.line < b.line; });
        return errors;
    }
    return config;
}

}  // namespace mirrorwarden
