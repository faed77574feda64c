#include "storage/mirror_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace storage {
namespace {

using model::Mirror;
using model::MirrorId;
using model::Refusal;
using model::StoredMirror;

struct Scheme {
    const char* name;
    const char* field;
    std::string Mirror::*url;
};
constexpr std::array<Scheme, 4> schemes = {{
    {"http", "http_url", &Mirror::http_url},
    {"https", "https_url", &Mirror::https_url},
    {"ftp", "ftp_url", &Mirror::ftp_url},
    {"rsync", "rsync_url", &Mirror::rsync_url},
}};

StoredMirror read_head(const Row& row) {
    StoredMirror stored;
    stored.state.id = MirrorId{row.integer(0)};
    stored.mirror.name = row.text(1);
    stored.mirror.display_name = row.text(2);
    stored.mirror.description = row.text(3);
    stored.mirror.distribution = row.text(4);
    stored.mirror.country = row.text(5);
    stored.mirror.speed = row.word<model::Speed>(6);
    stored.mirror.content = row.word<model::Content>(7);
    stored.mirror.official_candidate = row.integer(8) != 0;
    stored.mirror.status = row.word<model::ReviewStatus>(9);
    stored.mirror.whiteboard = row.text(10);
    stored.state.enabled = row.integer(11) != 0;
    stored.state.disabled_by = row.word<model::DisabledBy>(12);
    stored.state.disabled_reason = row.text(13);
    stored.state.created_at = row.time(14);
    if (!row.is_null(15)) {
        stored.state.maintenance_until = row.time(15);
    }
    return stored;
}

/// All of them, or the one of that name; without order.
std::map<std::int64_t, StoredMirror> read_by_id(Database& database, const std::string& name) {
    std::map<std::int64_t, StoredMirror> found;
    for (const Row row : database.execute(
             "SELECT m.id, m.name, m.display_name, m.description, d.name, m.country, m.speed, "
             "m.content, m.official_candidate, m.status, m.whiteboard, m.enabled, m.disabled_by, "
             "m.disabled_reason, m.created, m.maintenance_until "
             "FROM mirror m JOIN distribution d ON d.id = m.distribution "
             "WHERE $1 = '' OR m.name = $1",
             {name})) {
        found.emplace(row.integer(0), read_head(row));
    }
    for (const Row row :
         database.execute("SELECT o.mirror, o.name, o.address FROM mirror_owner o "
                          "JOIN mirror m ON m.id = o.mirror WHERE $1 = '' OR m.name = $1 "
                          "ORDER BY o.mirror, o.place",
                          {name})) {
        found.at(row.integer(0))
            .mirror.owners.push_back({.name = row.text(1), .address = row.text(2)});
    }
    for (const Row row : database.execute("SELECT u.mirror, u.scheme, u.url FROM mirror_url u "
                                          "JOIN mirror m ON m.id = u.mirror "
                                          "WHERE $1 = '' OR m.name = $1",
                                          {name})) {
        for (const Scheme& scheme : schemes) {
            if (row.text(1) == scheme.name) {
                found.at(row.integer(0)).mirror.*scheme.url = row.text(2);
            }
        }
    }
    return found;
}

void write_owners(Database& database, MirrorId id, const Mirror& mirror) {
    database.execute("DELETE FROM mirror_owner WHERE mirror = $1", {id});
    int place = 0;
    for (const model::MailAddress& owner : mirror.owners) {
        database.execute(
            "INSERT INTO mirror_owner (mirror, place, name, address) VALUES ($1, $2, $3, $4)",
            {id, place++, owner.name, owner.address});
    }
}

bool is_selected(const StoredMirror& stored, const model::MirrorFilter& filter) {
    return (!filter.distribution || stored.mirror.distribution == *filter.distribution) &&
           (!filter.content || stored.mirror.content == *filter.content) &&
           (!filter.only_enabled || stored.state.enabled) &&
           (!filter.only_official || model::is_official(stored.mirror));
}

}  // namespace

std::vector<StoredMirror> read_mirrors(Database& database, const model::MirrorFilter& filter) {
    std::vector<StoredMirror> all;
    for (auto& [id, stored] : read_by_id(database, {})) {
        if (is_selected(stored, filter)) {
            all.push_back(std::move(stored));
        }
    }
    // Here and not in SQL, where each database compares names in its own way.
    std::sort(all.begin(), all.end(), [](const StoredMirror& left, const StoredMirror& right) {
        return left.mirror.speed != right.mirror.speed ? left.mirror.speed > right.mirror.speed
                                                       : left.mirror.name < right.mirror.name;
    });
    return all;
}

std::optional<StoredMirror> read_mirror(Database& database, const std::string& name) {
    if (name.empty()) {
        return std::nullopt;
    }
    auto found = read_by_id(database, name);
    if (found.empty()) {
        return std::nullopt;
    }
    return std::move(found.begin()->second);
}

Refusal no_such_mirror(const std::string& name) {
    return {
        .kind = Refusal::Kind::no_such_mirror,
        .detail = fmt::format(
            "no mirror named \"{}\"; `mirrorwarden mirror list` shows those that are there", name)};
}

Refusal no_such_mirror(MirrorId id) {
    return {.kind = Refusal::Kind::no_such_mirror,
            .detail = fmt::format("There is no mirror with the number {}: it was deleted.",
                                  to_integer(id))};
}

std::optional<MirrorId> insert_mirror(Database& database, const MirrorToWrite& now,
                                      const model::Author& author) {
    const Mirror& mirror = now.mirror;
    const auto disabled_by = now.enabled ? model::DisabledBy::nobody : model::DisabledBy::admin;
    const Rows rows = database.execute(
        "INSERT INTO mirror (name, display_name, description, distribution, country, speed, "
        "content, official_candidate, status, whiteboard, enabled, disabled_by, disabled_reason, "
        "created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
        "ON CONFLICT (name) DO NOTHING RETURNING id",
        {mirror.name, mirror.display_name, mirror.description, now.distribution, mirror.country,
         mirror.speed, mirror.content, mirror.official_candidate, mirror.status, mirror.whiteboard,
         now.enabled, disabled_by, now.enabled ? std::string_view{} : std::string_view{author.why},
         author.when});
    if (rows.empty()) {
        return std::nullopt;
    }
    const MirrorId id{rows[0].integer(0)};
    write_owners(database, id, mirror);
    add_audit(database, id, author, {"added", author.why});
    if (!now.enabled) {
        add_audit(database, id, author, {"disabled", author.why});
    }
    return id;
}

std::vector<std::string> changed_fields(const Mirror& old, const Mirror& now) {
    std::vector<std::string> changed;
    const auto compare = [&](bool is_same, const char* field) {
        if (!is_same) {
            changed.emplace_back(field);
        }
    };
    compare(old.display_name == now.display_name, "display_name");
    compare(old.description == now.description, "description");
    compare(old.distribution == now.distribution, "distribution");
    compare(old.owners == now.owners, "owner");
    compare(old.country == now.country, "country");
    compare(old.speed == now.speed, "speed");
    compare(old.content == now.content, "content");
    for (const Scheme& scheme : schemes) {
        compare(old.*scheme.url == now.*scheme.url, scheme.field);
    }
    compare(old.official_candidate == now.official_candidate, "official_candidate");
    compare(old.status == now.status, "status");
    compare(old.whiteboard == now.whiteboard, "whiteboard");
    return changed;
}

void update_mirror(Database& database, const StoredMirror& old, const MirrorToWrite& now,
                   const model::Author& author) {
    const Mirror& mirror = now.mirror;
    const MirrorId id = old.state.id;
    database.execute(
        "UPDATE mirror SET display_name = $1, description = $2, country = $3, speed = $4, "
        "content = $5, official_candidate = $6, status = $7, whiteboard = $8 WHERE id = $9",
        {mirror.display_name, mirror.description, mirror.country, mirror.speed, mirror.content,
         mirror.official_candidate, mirror.status, mirror.whiteboard, id});
    write_owners(database, id, mirror);
    if (old.mirror.distribution != mirror.distribution) {
        // Apart: the status service has no right to do this (storage/grants.hpp).
        database.execute("UPDATE mirror SET distribution = $1 WHERE id = $2",
                         {now.distribution, id});
        database.execute("DELETE FROM content_row WHERE mirror = $1", {id});
        database.execute("DELETE FROM image_row WHERE mirror = $1", {id});
    }
    if (old.mirror.status != mirror.status) {
        add_audit(database, id, author,
                  {fmt::format("status {}", to_string(mirror.status)), author.why});
    }
    for (const Scheme& scheme : schemes) {
        const std::string& url = mirror.*scheme.url;
        if (old.mirror.*scheme.url == url) {
            continue;
        }
        database.execute("DELETE FROM mirror_url WHERE mirror = $1 AND scheme = $2",
                         {id, scheme.name});
        add_audit(database, id, author,
                  {fmt::format("{} {}", scheme.field, url.empty() ? "removed" : url), author.why});
    }
    // What has no entry of its own is named together: whose address it was is nobody's business.
    std::string others;
    for (const std::string& field : changed_fields(old.mirror, mirror)) {
        if (field != "status" &&
            std::ranges::find(schemes, field, &Scheme::field) == schemes.end()) {
            others += (others.empty() ? "" : ", ") + field;
        }
    }
    if (!others.empty()) {
        add_audit(database, id, author, {"changed " + others, author.why});
    }
}

std::optional<Refusal> insert_urls(Database& database, MirrorId id, const Mirror& mirror) {
    for (const Scheme& scheme : schemes) {
        const std::string& url = mirror.*scheme.url;
        if (url.empty()) {
            continue;
        }
        database.execute(
            "INSERT INTO mirror_url (mirror, scheme, url) VALUES ($1, $2, $3) "
            "ON CONFLICT DO NOTHING",
            {id, scheme.name, url});
        const Rows holder = database.execute(
            "SELECT m.id, m.name FROM mirror_url u JOIN mirror m ON m.id = u.mirror "
            "WHERE u.url = $1",
            {url});
        if (holder[0].integer(0) != to_integer(id)) {
            return Refusal{.kind = Refusal::Kind::url_taken,
                           .detail = fmt::format(
                               R"(The mirror "{}" cannot have the URL {}: the mirror "{}" has it.)",
                               mirror.name, url, holder[0].text(1))};
        }
    }
    return std::nullopt;
}

void add_audit(Database& database, MirrorId id, const model::Author& author,
               const AuditText& text) {
    database.execute(
        "INSERT INTO audit (mirror, moment, who, what, why) VALUES ($1, $2, $3, $4, $5)",
        {id, author.when, author.who, text.what, text.why});
}

}  // namespace storage
