#pragma once

#include "model/store.hpp"

#include <string>
#include <vector>

/// What tests of the store put into it.
namespace storage::testing {

/// 2026-01-01 00:00 UTC.
extern const model::Timestamp new_year;
/// "foo", at `new_year`, without a reason.
extern const model::Author foo;

/// Ubuntu as the acceptance data has it: warty, hoary, breezy-autotest, grumpy.
model::Distribution ubuntu();

/// valid-mirror, invalid-mirror, unreachable-mirror, archive-404-mirror.
std::vector<model::Mirror> acceptance_mirrors();

/// Ubuntu with its four mirrors.
model::Catalog acceptance_catalog();

/// foobarmirror: 2M, BR, ARCHIVE, http://foo.bar.com/pub/
model::Mirror foobarmirror();

/// warty RELEASE main i386; and its sources.
model::Bucket warty_i386();
model::Bucket warty_source();

model::Message message(const std::string& message_id);

/// A probe that found `rows`, started then.
model::ProbeResult probe_result(model::MirrorId, model::Timestamp started,
                                std::vector<model::ContentRow> rows);

std::vector<std::string> names(const std::vector<model::StoredMirror>&);

/// Opens an empty database's store and loads the acceptance catalogue.
void load(model::Store&, const model::Catalog&);

}  // namespace storage::testing
