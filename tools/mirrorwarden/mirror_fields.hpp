#pragma once

#include "model/catalog.hpp"
#include "tools/service/mirror_changes.hpp"
#include "tools/service/mirror_fields.hpp"

namespace CLI {
class App;
}

namespace mirrorwarden {

using MirrorFields = service::MirrorFields;

/// Adds a flag for each field. `fields` must outlive the parsing.
void add_mirror_field_flags(CLI::App&, MirrorFields& fields);

/// `mirror` with what `fields` says, checked and normalised as in a catalogue.
/// Throws `InputError` with every fault, a line each.
model::Mirror with_fields(model::Mirror mirror, const MirrorFields& fields);

/// The same faults of an edit that was not made.
[[noreturn]] void throw_edit_fault(const service::EditFault&);

/// Throws `InputError` unless the mirror can be probed: has an owner, a country,
/// and a URL that is http, https or ftp.
void check_whole(const model::Mirror&);

}  // namespace mirrorwarden
