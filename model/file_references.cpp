#include "model/file_references.hpp"

#include "model/file_errors.hpp"
#include "model/nearest_word.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace model {
namespace {

/// A clock may be wrong, and a time zone forgotten.
constexpr std::chrono::hours future_max{24};

using Words = std::vector<std::string_view>;

Words names_of(std::span<const Distribution> distributions) {
    Words names;
    for (const auto& distribution : distributions) {
        names.push_back(distribution.name);
    }
    return names;
}

std::string known_words(const Words& known) {
    constexpr std::size_t listed_max = 10;
    const std::span listed(known.data(), std::min(known.size(), listed_max));
    return fmt::format("known are {}{}", fmt::join(listed, ", "),
                       known.size() > listed_max ? " and others" : "");
}

/// `whole`: "the series warty has", "there is".
std::string unknown_word(std::string_view whole, std::string_view kind, std::string_view word,
                         const Words& known) {
    const auto fault = fmt::format("{} no {} {}; ", whole, kind, in_quotes(word));
    if (known.empty()) {
        return fault + "none is known yet";
    }
    const auto nearest = nearest_word(word, known);
    return fault + (nearest.empty() ? known_words(known)
                                    : fmt::format("did you mean {}?", in_quotes(nearest)));
}

bool holds(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

std::string bucket_fault(const Bucket& bucket, const Distribution& distribution) {
    const auto series = std::ranges::find(distribution.series, bucket.series, &Series::name);
    if (series == distribution.series.end()) {
        Words names;
        for (const auto& one : distribution.series) {
            names.push_back(one.name);
        }
        return unknown_word(fmt::format("the distribution {} has", distribution.name), "series",
                            bucket.series, names);
    }
    if (std::ranges::find(distribution.pockets, bucket.pocket) == distribution.pockets.end()) {
        return fmt::format("the distribution {} has no pocket {}", distribution.name,
                           to_string(bucket.pocket));
    }
    const auto whole = [&] { return fmt::format("the series {} has", series->name); };
    if (!holds(series->components, bucket.component)) {
        return unknown_word(whole(), "component", bucket.component,
                            {series->components.begin(), series->components.end()});
    }
    if (!bucket.is_source() && !holds(series->architectures, bucket.architecture) &&
        !holds(series->unofficial_architectures, bucket.architecture)) {
        Words known(series->architectures.begin(), series->architectures.end());
        known.insert(known.end(), series->unofficial_architectures.begin(),
                     series->unofficial_architectures.end());
        return unknown_word(whole(), "architecture", bucket.architecture, known);
    }
    return {};
}

}  // namespace

std::vector<FileError> dangling_mirrors(const Catalog& catalog,
                                        std::span<const Distribution> known) {
    auto names = names_of(known);
    const auto added = names_of(catalog.distributions);
    names.insert(names.end(), added.begin(), added.end());
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    FileErrors errors;
    for (const auto& entry : catalog.mirrors) {
        if (!std::ranges::binary_search(names, std::string_view{entry.mirror.distribution})) {
            errors.add(entry.line,
                       unknown_word("there is", "distribution", entry.mirror.distribution, names));
        }
    }
    return errors.take();
}

std::string publication_fault(const Publication& publication, const PublicationContext& context) {
    const auto distribution =
        std::ranges::find(context.known, publication.distribution, &Distribution::name);
    if (distribution == context.known.end()) {
        return unknown_word("there is", "distribution", publication.distribution,
                            names_of(context.known));
    }
    if (auto fault = bucket_fault(publication.bucket, *distribution); !fault.empty()) {
        return fault;
    }
    if (publication.published && *publication.published > context.now + future_max) {
        return fmt::format("published: {} lies in the future",
                           format_timestamp(*publication.published));
    }
    return {};
}

}  // namespace model
