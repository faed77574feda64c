#pragma once

#include "prober/deep_look.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace prober {

/// One suite of a mirror that is to be looked at deeply.
struct DeepSuite {
    std::size_t number;                        // its place in the plan
    std::string suite;                         // the folder below dists/
    bool has_by_hash;                          // its Release says so
    std::vector<model::ReleaseEntry> indexes;  // that are there and have the right size
};

/// One mirror, all of whose suites share what a deep probe may cost it.
struct DeepProbe {
    std::string base_url;  // normalised
    std::uint64_t chance;  // chooses the suites that come first, and what is fetched of each
    std::vector<DeepSuite> suites;
};

struct DeepProbed {
    std::map<std::size_t, std::vector<model::IndexFacts>> indexes;  // by suite
    std::vector<model::Finding> findings;
    model::RequestCost cost{.kind = "deep", .requests = 0, .bytes = 0};
    bool was_cancelled = false;  // what is there is not all
};

/// `look_deep` for one suite after the other, until the mirror has given what one probe may
/// cost it: some 64 MB and 500 requests.
asio::awaitable<DeepProbed> probe_deep(Lane&, DeepProbe);

}  // namespace prober
