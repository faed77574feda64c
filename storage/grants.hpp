#pragma once

#include <span>
#include <string>

namespace storage {

/// What the status service may do to a table, beside reading it.
struct TableRights {
    const char* table;
    const char* inserted;  // the columns of rows that it adds: "mirror, asked"; empty: it adds none
    const char* updated;   // those that it changes; empty: none
    bool is_deleted;       // whether it deletes rows
};
std::span<const TableRights> service_rights() noexcept;

/// As they are called on the server; any text.
struct GrantNames {
    std::string role;
    std::string schema;
};

/// SQL for PostgreSQL, to be run by the owner of the tables: gives the role what
/// `mirrorwarden serve` needs, takes from it all else that it had there, and takes from
/// everybody what everybody had.
std::string service_grants(const GrantNames&);

}  // namespace storage
