#include "storage/grants.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace storage {
namespace {

constexpr const char* none = "";

// What an admin or owner changes over HTTP, and what workers report. Not: what people load with
// the catalogue, and what the archive and probes teach.
constexpr std::array rights = {
    TableRights{"audit", "mirror, moment, who, what, why", none, false},
    TableRights{"branch", none,
                "last_mirror_attempt, last_mirrored, last_mirrored_id, mirror_failures, "
                "mirror_status_message, next_mirror_time, attempt_token, attempt_worker, lease_end",
                false},
    TableRights{"bucket", none, none, false},
    TableRights{"content_row", none, none, false},
    TableRights{"distribution", none, none, false},
    TableRights{"distribution_admin", none, none, false},
    TableRights{"distribution_disable_when", none, none, false},
    TableRights{"distribution_pocket", none, none, false},
    TableRights{"image_row", none, none, false},
    TableRights{"index_content", none, none, false},
    TableRights{"message",
                "to_name, to_address, subject, body, mirror, message_id, created, state, attempts, "
                "next_attempt, last_error",
                "state, next_attempt", true},
    TableRights{"mirror", none,
                "display_name, description, country, speed, content, official_candidate, status, "
                "whiteboard, enabled, disabled_by, disabled_reason, maintenance_until",
                false},
    TableRights{"mirror_owner", "mirror, place, name, address", none, true},
    TableRights{"mirror_sync", "mirror, started, completed", "started, completed", false},
    TableRights{"mirror_url", "mirror, scheme, url", none, true},
    TableRights{"observation", none, none, false},
    TableRights{"probe", none, none, false},
    TableRights{"probe_log", none, none, false},
    TableRights{"probe_request", "mirror, asked, who", "asked, who", false},
    TableRights{"publication", none, none, false},
    TableRights{"run", none, none, false},
    TableRights{"schema_version", none, none, false},
    TableRights{"script", "name, host, runs", "runs", false},
    TableRights{"script_activity", "script, number, started, completed", none, true},
    TableRights{"secret", "name, value", none, false},
    TableRights{"series", none, none, false},
    TableRights{"series_architecture", none, none, false},
    TableRights{"series_component", none, none, false},
    TableRights{"series_image", none, none, false},
    TableRights{"series_image_file", none, none, false},
    TableRights{"session", "token, sha256, created, expires", none, true},
    TableRights{"snapshot", none, none, false},
    TableRights{"snapshot_entries", none, none, false},
    TableRights{"suite_validators", none, none, false},
    TableRights{"token", "scope, login, mirror, sha256, created, created_by, expires, revoked_by",
                "last_used, revoked, revoked_by", false},
};

std::string identifier(std::string_view name) {
    std::string quoted = "\"";
    for (const char c : name) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + "\"";
}

}  // namespace

std::span<const TableRights> service_rights() noexcept {
    return rights;
}

std::string service_grants(const GrantNames& names) {
    const std::string schema = identifier(names.schema);
    const std::string role = identifier(names.role);
    std::string tables;
    for (const TableRights& right : rights) {
        tables += fmt::format("{}{}.{}", tables.empty() ? "" : ",\n    ", schema, right.table);
    }
    std::string sql = fmt::format(
        "BEGIN;\n"
        "REVOKE ALL ON\n    {}\n    FROM PUBLIC, {};\n"
        "REVOKE CREATE ON SCHEMA {} FROM {};\n"
        "GRANT USAGE ON SCHEMA {} TO {};\n"
        "GRANT SELECT ON\n    {}\n    TO {};\n",
        tables, role, schema, role, schema, role, tables, role);
    const auto grant = [&](const char* verb, std::string_view columns, const char* table) {
        const std::string of = columns.empty() ? std::string() : fmt::format(" ({})", columns);
        sql += fmt::format("GRANT {}{} ON {}.{} TO {};\n", verb, of, schema, table, role);
    };
    for (const TableRights& right : rights) {
        if (*right.inserted != '\0') {
            grant("INSERT", right.inserted, right.table);
        }
        if (*right.updated != '\0') {
            grant("UPDATE", right.updated, right.table);
        }
        if (right.is_deleted) {
            grant("DELETE", {}, right.table);
        }
    }
    return sql + "COMMIT;\n";
}

}  // namespace storage
