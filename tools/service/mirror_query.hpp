#pragma once

#include "tools/service/query.hpp"
#include "tools/service/world.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace service {

enum class MirrorSort { name, country, speed, freshness, lag, last_probe };

/// Which mirrors a list shows, and how. The same words for the API and the pages.
struct MirrorQuery {
    std::optional<std::string> distribution;
    std::optional<std::string> country;
    std::optional<model::Content> content;
    std::optional<bool> enabled;
    std::optional<bool> official;
    std::set<model::Freshness> freshness;         // any of these; empty: any
    std::optional<std::chrono::seconds> lag_min;  // so that a mirror of unknown lag is left out
    MirrorSort sort = MirrorSort::name;
    bool is_descending = false;
};

/// Reads `distribution`, `country`, `content`, `enabled`, `official`, `freshness` (words with
/// commas between), `lag_min` and `sort` (a word of `MirrorSort`, with "-" before it for the
/// greatest first). Whether all of them are right, `Query::fault` says.
MirrorQuery read_mirror_query(Query&, const World&);

/// The mirrors that it selects, in its order; of equals by name.
std::vector<std::shared_ptr<const MirrorFacts>> select_mirrors(const World&, const MirrorQuery&);

/// Where a list goes on: after the mirror that it is of, whether that is still there or not.
std::string cursor_of(const MirrorFacts&, const MirrorQuery&);
/// How many of the sorted mirrors come before the cursor; empty if it is no cursor.
std::optional<std::size_t> find_cursor(
    const std::vector<std::shared_ptr<const MirrorFacts>>& sorted, const MirrorQuery&,
    std::string_view cursor);

}  // namespace service
