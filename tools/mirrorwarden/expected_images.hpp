#pragma once

#include "tools/mirrorwarden/probe_session.hpp"
#include "tools/mirrorwarden/probe_work.hpp"

namespace mirrorwarden {

/// What the distribution's manifest says that its RELEASE mirrors should have, and what the
/// SHA256SUMS beside those images say at the primary; without a manifest, what the catalogue says.
/// A manifest is a file, or is got from its URL; the primary's images are in the folder of that
/// URL, or else below the primary archive's.
///
/// Throws where the manifest cannot be read, with its name, each line that is wrong, and that
/// no mirror was probed. A file of checksums that cannot be read is a warning, and is not compared;
/// where there is none, nothing is.
ImageExpectation read_expected_images(model::Distribution, const MakeClient&);

}  // namespace mirrorwarden
