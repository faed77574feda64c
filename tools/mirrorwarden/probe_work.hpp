#pragma once

#include "model/choose_mirrors.hpp"
#include "model/store.hpp"
#include "prober/mirror_probe.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace mirrorwarden {

/// What a run is to do: the mirrors, and what each is asked.
struct ProbeWork {
    std::map<std::string, model::Distribution> distributions;  // of the mirrors, by name
    std::vector<model::StoredMirror> mirrors;
    std::vector<prober::MirrorTask> tasks;  // one for each of `mirrors`, in their order
    std::vector<std::string> warnings;      // for people, about mirrors that were left out
};

/// Chooses the mirrors and plans their questions; changes nothing. Throws
/// `InputError` for a name that no mirror has.
ProbeWork plan_probe(model::Store&, const model::ChooseOptions&, model::Timestamp now);

/// How many indexes, or images, all the mirrors are asked for.
std::size_t count_requests(const ProbeWork&);

}  // namespace mirrorwarden
