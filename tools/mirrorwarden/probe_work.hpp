#pragma once

#include "model/choose_mirrors.hpp"
#include "model/image_manifest.hpp"
#include "model/store.hpp"
#include "prober/mirror_probe.hpp"
#include "tools/mirrorwarden/release_verifier.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mirrorwarden {

/// What a run is to do: the mirrors, and what each is asked.
struct ProbeWork {
    std::map<std::string, model::Distribution> distributions;  // of the mirrors, by name
    std::vector<model::StoredMirror> mirrors;
    std::vector<prober::MirrorTask> tasks;             // one for each of `mirrors`, in their order
    std::map<std::string, ReleaseVerifier> verifiers;  // of the distributions, by name
    std::vector<std::string> warnings;  // for people, about mirrors that were left out
};

/// What the RELEASE mirrors of a distribution are expected to have.
struct ImageExpectation {
    model::Distribution distribution;    // its image sets are those that are expected
    std::vector<model::ImageSums> sums;  // of the primary, where it has them
    std::vector<std::string> warnings;   // for people
};

/// What a run is to do beside what each mirror is due for.
struct DeepWish {
    bool is_wanted = false;    // of all mirrors, whether it is their turn or not
    std::uint32_t chance = 0;  // chooses what is fetched
};

/// Works it out; may take a while, and throw.
using ExpectImages = std::function<ImageExpectation(model::Distribution)>;

/// Chooses the mirrors and plans their questions; changes nothing. Throws
/// `InputError` for a name that no mirror has. `expect_images` is asked once for each
/// distribution whose RELEASE mirrors are probed; without it the catalogue's word counts.
ProbeWork plan_probe(model::Store&, const model::ChooseOptions&, model::Timestamp now,
                     const ExpectImages& expect_images = {}, DeepWish deep = {});

/// How many indexes, or images, all the mirrors are asked for.
std::size_t count_requests(const ProbeWork&);

}  // namespace mirrorwarden
