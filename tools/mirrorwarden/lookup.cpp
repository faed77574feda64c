#include "tools/mirrorwarden/lookup.hpp"

#include "model/nearest_word.hpp"
#include "model/text_rules.hpp"
#include "tools/mirrorwarden/exit_status.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <string_view>
#include <vector>

namespace mirrorwarden {
namespace {

// "the series warty has no component "mian"; it has main, universe".
[[noreturn]] void refuse_word(const std::string& whole, std::string_view kind,
                              const std::string& word, const std::vector<std::string>& known) {
    throw InputError(fmt::format(
        "{} has no {} {}; {}", whole, kind, model::in_quotes(word),
        known.empty() ? "it has none at all" : fmt::format("it has {}", fmt::join(known, ", "))));
}

void check_word(const std::string& whole, std::string_view kind, const std::string& word,
                const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), word) == known.end()) {
        refuse_word(whole, kind, word, known);
    }
}

}  // namespace

model::StoredMirror known_mirror(model::Store& store, const std::string& name) {
    if (auto mirror = store.mirror(name)) {
        return std::move(*mirror);
    }
    const auto mirrors = store.mirrors({});
    if (mirrors.empty()) {
        throw InputError(
            fmt::format("no mirror named {}; none is known yet: load a catalogue, or add one",
                        model::in_quotes(name)));
    }
    std::vector<std::string_view> names;
    names.reserve(mirrors.size());
    for (const auto& stored : mirrors) {
        names.push_back(stored.mirror.name);
    }
    const auto nearest = model::nearest_word(name, names);
    throw InputError(fmt::format("no mirror named {}; {}", model::in_quotes(name),
                                 nearest.empty() ? "see mirrorwarden mirror list"
                                                 : fmt::format("did you mean \"{}\"?", nearest)));
}

model::Distribution known_distribution(model::Store& store, const std::string& name) {
    if (auto distribution = store.distribution(name)) {
        return std::move(*distribution);
    }
    std::vector<std::string> names;
    for (const auto& distribution : store.distributions()) {
        names.push_back(distribution.name);
    }
    throw InputError(fmt::format("there is no distribution {}; {}", model::in_quotes(name),
                                 names.empty()
                                     ? std::string("none is known yet: load a catalogue")
                                     : fmt::format("there is {}", fmt::join(names, ", "))));
}

model::Distribution distribution_of(model::Store& store, const model::Mirror& mirror) {
    auto distribution = store.distribution(mirror.distribution);
    assert(distribution.has_value());
    return std::move(*distribution);
}

const model::Series& known_series(const model::Distribution& distribution,
                                  const std::string& name) {
    std::vector<std::string> names;
    for (const auto& series : distribution.series) {
        if (series.name == name) {
            return series;
        }
        names.push_back(series.name);
    }
    refuse_word("the distribution " + distribution.name, "series", name, names);
}

void check_bucket(const model::Distribution& distribution, const model::Bucket& bucket) {
    const auto& series = known_series(distribution, bucket.series);
    std::vector<std::string> pockets;
    for (const auto pocket : distribution.pockets) {
        pockets.emplace_back(to_string(pocket));
    }
    check_word("the distribution " + distribution.name, "pocket",
               std::string(to_string(bucket.pocket)), pockets);
    const auto whole = "the series " + series.name;
    check_word(whole, "component", bucket.component, series.components);
    if (!bucket.is_source()) {
        auto architectures = series.architectures;
        architectures.insert(architectures.end(), series.unofficial_architectures.begin(),
                             series.unofficial_architectures.end());
        check_word(whole, "architecture", bucket.architecture, architectures);
    }
}

void throw_refusal(const model::Refusal& refusal) {
    throw InputError(refusal.detail);
}

}  // namespace mirrorwarden
