#pragma once

#include "model/store.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Reading and writing the tables of mirrors, within a transaction of the caller's.
namespace storage {

/// Speed descending, then name.
std::vector<model::StoredMirror> read_mirrors(Database&, const model::MirrorFilter&);
std::optional<model::StoredMirror> read_mirror(Database&, const std::string& name);

model::Refusal no_such_mirror(const std::string& name);
model::Refusal no_such_mirror(model::MirrorId);

/// A mirror to be written, and where it belongs.
struct MirrorToWrite {
    const model::Mirror& mirror;
    std::int64_t distribution = 0;
    bool enabled = true;  // of a new mirror
};

/// Adds it without its URLs, and the audit entries of that. Empty: the name is taken.
std::optional<model::MirrorId> insert_mirror(Database&, const MirrorToWrite&, const model::Author&);

/// What differs, named as in the catalogue.
std::vector<std::string> changed_fields(const model::Mirror& old, const model::Mirror& now);

/// Writes all but the URLs, and the audit entries of what changed. Drops the URLs that
/// are to change, so that mirrors may swap theirs in one transaction. The rows of a
/// mirror that moves to another distribution go.
void update_mirror(Database&, const model::StoredMirror& old, const MirrorToWrite& now,
                   const model::Author&);

/// Adds the URLs that `mirror` does not have in storage. Refused where another has one.
std::optional<model::Refusal> insert_urls(Database&, model::MirrorId, const model::Mirror&);

struct AuditText {
    std::string what;
    std::string why;
};
void add_audit(Database&, model::MirrorId, const model::Author&, const AuditText&);

}  // namespace storage
