#pragma once

#include "model/store.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/mirrorwarden/screen.hpp"

#include <string>
#include <vector>

/// Mirrors, probes and mail as people read them.
namespace mirrorwarden {

std::string mirror_list_text(const std::vector<json::MirrorLine>&, const Screen&);
std::string mirror_details_text(const json::MirrorDetails&, const Screen&);
std::string probe_list_text(const std::vector<model::StoredProbe>&, const Screen&);
/// "182 ok, 8 http-status 404".
std::string outcomes_text(const model::OutcomeCounts&);
std::string outbox_text(const std::vector<model::OutboxEntry>&, const Screen&);

/// A distribution and its series, with the names of its mirrors.
std::string distribution_text(const model::Distribution&, const std::vector<std::string>& mirrors,
                              const Screen&);

}  // namespace mirrorwarden
