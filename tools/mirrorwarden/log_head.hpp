#pragma once

#include "model/store.hpp"

#include <string>

namespace mirrorwarden {

/// The first lines of a probe's log, as mails quote them; empty where there is none, or it is
/// damaged: a mail goes out without it, as it is not what it is about.
std::string log_head(model::Store&, model::ProbeId);

}  // namespace mirrorwarden
