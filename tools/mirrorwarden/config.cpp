#include "tools/mirrorwarden/config.hpp"

#include "model/file_errors.hpp"
#include "model/mail_address.hpp"
#include "model/toml_reader.hpp"
#include "prober/mail_sender.hpp"
#include "prober/proxy_url.hpp"
#include "tools/mirrorwarden/statsd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace mirrorwarden {
namespace {

using model::TomlTable;

constexpr std::array<std::string_view, 6> root_keys = {"database", "jobs",   "mail",
                                                       "probe",    "report", "serve"};
constexpr std::array<std::string_view, 2> job_keys = {"control_file", "statsd"};
constexpr std::array<std::string_view, 5> mail_keys = {"smtp_url", "from", "user", "password_file",
                                                       "starttls"};
constexpr std::array<std::string_view, 9> probe_keys = {
    "max_mirrors", "max_parallel",          "max_parallel_per_host", "timeout",  "connect_timeout",
    "proxy",       "no_owner_notification", "contact_url",           "ca_bundle"};

constexpr std::array<std::string_view, 4> report_keys = {"service", "token_file", "spool",
                                                         "ca_bundle"};

constexpr std::array<std::string_view, 18> serve_keys = {"listen",
                                                         "reports_listen",
                                                         "base_path",
                                                         "public_url",
                                                         "location_database",
                                                         "trusted_proxies",
                                                         "max_connections",
                                                         "max_connections_per_client",
                                                         "max_header_bytes",
                                                         "max_body_bytes",
                                                         "cache_megabytes",
                                                         "header_timeout",
                                                         "body_timeout",
                                                         "idle_timeout",
                                                         "write_timeout",
                                                         "stop_timeout",
                                                         "lease",
                                                         "no_access_log"};

struct Section {
    std::string_view name;
    std::span<const std::string_view> keys;
};

constexpr std::array<Section, 5> sections = {{{"jobs", job_keys},
                                              {"mail", mail_keys},
                                              {"probe", probe_keys},
                                              {"report", report_keys},
                                              {"serve", serve_keys}}};

constexpr std::size_t addresses_max = 100;
constexpr std::size_t text_bytes_max = 1000;

std::string text_or_empty(TomlTable& table, std::string_view key) {
    return table.plain_text(key, text_bytes_max, model::Lines::one).value_or(std::string());
}

void set_count(TomlTable& table, std::string_view key, int most, std::optional<std::size_t>& into) {
    if (const auto number = table.number(key, {.min = 1, .max = most})) {
        into = static_cast<std::size_t>(*number);
    }
}

void set_seconds(const toml::table& values, TomlTable& table, std::string_view key,
                 std::optional<std::chrono::milliseconds>& into) {
    const auto* node = values.get(key);
    if (node == nullptr) {
        return;
    }
    const auto seconds = node->is_number() ? node->value<double>() : std::nullopt;
    if (!seconds || !(*seconds >= 0.001 && *seconds <= 3600)) {
        table.wrong(key, "this must be a number of seconds from 0.001 to 3600");
        return;
    }
    into = std::chrono::milliseconds(std::llround(*seconds * 1000));
}

bool holds(std::span<const std::string_view> keys, std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// Where a key belongs that stands in the wrong place; empty if it is known nowhere.
std::string right_place(std::string_view key) {
    if (key == "database") {
        return "before the first section";
    }
    std::string place;
    for (const auto& [name, keys] : sections) {
        if (holds(keys, key)) {
            place += fmt::format("{}[{}]", place.empty() ? "in " : " or ", name);
        }
    }
    return place;
}

// Takes out what is known in another place, and says which: the nearest word here would mislead.
void refuse_misplaced(toml::table& values, std::span<const std::string_view> keys,
                      model::FileErrors& errors) {
    std::vector<std::string> misplaced;
    for (const auto& [key, value] : values) {
        const auto place = holds(keys, key.str()) ? "" : right_place(key.str());
        if (!place.empty()) {
            errors.add(static_cast<int>(key.source().begin.line),
                       fmt::format("unknown key {} here; it belongs {}",
                                   model::in_quotes(key.str()), place));
            misplaced.emplace_back(key.str());
        }
    }
    for (const auto& key : misplaced) {
        values.erase(key);
    }
}

void refuse_misplaced(toml::table& root, model::FileErrors& errors) {
    refuse_misplaced(root, root_keys, errors);
    for (const auto& [name, keys] : sections) {
        if (auto* const values = root[name].as_table()) {
            refuse_misplaced(*values, keys, errors);
        }
    }
}

// The section of that name, if it is there and is one.
const toml::table* section(const toml::table& root, TomlTable& table, std::string_view name) {
    const auto* node = root.get(name);
    if (node != nullptr && !node->is_table()) {
        table.wrong(name, "this must be a section, its name in brackets on a line of its own");
    }
    return node == nullptr ? nullptr : node->as_table();
}

void read_jobs(const toml::table& values, JobConfig& jobs, model::FileErrors& errors) {
    TomlTable table(values, job_keys, errors);
    jobs.control_file = text_or_empty(table, "control_file");
    jobs.statsd = text_or_empty(table, "statsd");
    if (!jobs.statsd.empty() && !parse_statsd_address(jobs.statsd)) {
        table.wrong("statsd", std::string(statsd_address_fault));
    }
}

void read_mail(const toml::table& values, MailConfig& mail, model::FileErrors& errors) {
    TomlTable table(values, mail_keys, errors);
    mail.smtp_url = text_or_empty(table, "smtp_url");
    mail.user = text_or_empty(table, "user");
    mail.password_file = text_or_empty(table, "password_file");
    mail.starttls = table.flag("starttls");
    if (!mail.smtp_url.empty()) {
        table.require("from");
        if (mail.smtp_url.find('@') != std::string::npos) {
            table.wrong("smtp_url",
                        "this must hold no user or password; write user and password_file");
        } else if (const auto fault = prober::smtp_url_fault(mail.smtp_url); !fault.empty()) {
            table.wrong("smtp_url", fault);
        }
    }
    if (!mail.user.empty() && mail.password_file.empty()) {
        table.wrong("user",
                    "a login needs a password, too: write password_file, a file whose first line "
                    "it is");
    }
    if (const auto from = table.text("from")) {
        auto address = model::parse_mail_address(*from);
        if (address.has_error()) {
            table.wrong("from", address.error());
        } else {
            mail.from = std::move(*address);
        }
    }
}

void read_probe(const toml::table& values, ProbeSettings& probe, model::FileErrors& errors) {
    TomlTable table(values, probe_keys, errors);
    set_count(table, "max_mirrors", 1'000'000, probe.max_mirrors);
    set_count(table, "max_parallel", 20'000, probe.max_parallel);
    set_count(table, "max_parallel_per_host", 100, probe.max_parallel_per_host);
    set_seconds(values, table, "timeout", probe.timeout);
    set_seconds(values, table, "connect_timeout", probe.connect_timeout);
    probe.no_owner_notification = table.flag("no_owner_notification");
    probe.proxy = table.plain_text("proxy", text_bytes_max, model::Lines::one);
    if (!probe.proxy.value_or("").empty()) {
        if (const auto fault = prober::proxy_fault(*probe.proxy); !fault.empty()) {
            table.wrong("proxy", fault);
        }
    }
    probe.contact_url = table.plain_text("contact_url", text_bytes_max, model::Lines::one);
    probe.ca_bundle = table.plain_text("ca_bundle", text_bytes_max, model::Lines::one);
}

void read_report(const toml::table& values, ReportSettings& report, model::FileErrors& errors) {
    TomlTable table(values, report_keys, errors);
    report.service = table.plain_text("service", text_bytes_max, model::Lines::one);
    report.token_file = table.plain_text("token_file", text_bytes_max, model::Lines::one);
    report.spool = table.plain_text("spool", text_bytes_max, model::Lines::one);
    report.ca_bundle = table.plain_text("ca_bundle", text_bytes_max, model::Lines::one);
}

std::vector<std::string> read_texts(TomlTable& table, std::string_view key) {
    std::vector<std::string> texts;
    for (auto& [text, line] : table.texts(key, {.min = 0, .max = addresses_max})) {
        texts.push_back(std::move(text));
    }
    return texts;
}

void read_serve(const toml::table& values, ServeSettings& serve, model::FileErrors& errors) {
    TomlTable table(values, serve_keys, errors);
    serve.listen = read_texts(table, "listen");
    serve.reports_listen = read_texts(table, "reports_listen");
    serve.trusted_proxies = read_texts(table, "trusted_proxies");
    serve.base_path = table.plain_text("base_path", text_bytes_max, model::Lines::one);
    serve.public_url = table.plain_text("public_url", text_bytes_max, model::Lines::one);
    serve.location_database =
        table.plain_text("location_database", text_bytes_max, model::Lines::one);
    set_count(table, "max_connections", 1'000'000, serve.max_connections);
    set_count(table, "max_connections_per_client", 1'000'000, serve.max_connections_per_client);
    set_count(table, "max_header_bytes", 1'048'576, serve.max_header_bytes);
    set_count(table, "max_body_bytes", 1'073'741'824, serve.max_body_bytes);
    set_count(table, "cache_megabytes", 65'536, serve.cache_megabytes);
    set_seconds(values, table, "header_timeout", serve.header_timeout);
    set_seconds(values, table, "body_timeout", serve.body_timeout);
    set_seconds(values, table, "idle_timeout", serve.idle_timeout);
    set_seconds(values, table, "write_timeout", serve.write_timeout);
    set_seconds(values, table, "stop_timeout", serve.stop_timeout);
    set_count(table, "lease", 2'592'000, serve.lease_seconds);
    serve.no_access_log = table.flag("no_access_log");
}

}  // namespace

bool is_control_url(std::string_view control_file) noexcept {
    return control_file.starts_with("http://") || control_file.starts_with("https://");
}

boost::system::result<Config, std::vector<model::FileError>> parse_config(std::string_view text) {
    auto root = model::parse_toml(text);
    if (root.has_error()) {
        return std::vector<model::FileError>{root.error()};
    }
    model::FileErrors errors;
    refuse_misplaced(*root, errors);
    Config config;
    TomlTable table(*root, root_keys, errors);
    config.database = text_or_empty(table, "database");
    if (const auto* jobs = section(*root, table, "jobs")) {
        read_jobs(*jobs, config.jobs, errors);
    }
    if (const auto* mail = section(*root, table, "mail")) {
        read_mail(*mail, config.mail, errors);
    }
    if (const auto* probe = section(*root, table, "probe")) {
        read_probe(*probe, config.probe, errors);
    }
    if (const auto* report = section(*root, table, "report")) {
        read_report(*report, config.report, errors);
    }
    if (const auto* serve = section(*root, table, "serve")) {
        read_serve(*serve, config.serve, errors);
    }
    if (!errors.is_empty()) {
        return errors.take();
    }
    return config;
}

}  // namespace mirrorwarden
