#include "prober/deep_probe.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace prober {
namespace {

/// What a machine fetches that is brought up to date, so nothing that a mirror would notice;
/// and less than a minute at the 10 Mbit/s of a small one.
constexpr std::uint64_t bytes_max = 64U << 20U;
/// Some minutes at one request at a time, far away.
constexpr std::uint32_t requests_max = 500;

constexpr DeepLimits usual_limits{.small_bytes_max = 1U << 20U,
                                  .large_bytes_max = 32U << 20U,
                                  .inflated_bytes_max = 512U << 20U,
                                  .indexes_max = 200,
                                  .indexes_bytes_max = bytes_max,
                                  .pool_files_max = 8,
                                  .pool_bytes_max = 2U << 20U};

/// What is left for the next suite. An index is asked for twice where there is by-hash, and
/// so is a file of the pool that is fetched.
DeepLimits limits_after(const model::RequestCost& spent) {
    auto limits = usual_limits;
    const auto bytes_left = bytes_max - std::min(spent.bytes, bytes_max);
    const auto requests_left = requests_max - std::min(spent.requests, requests_max);
    limits.indexes_bytes_max = std::min(limits.indexes_bytes_max, bytes_left);
    limits.indexes_max = std::min<std::size_t>(limits.indexes_max, requests_left / 2);
    limits.pool_files_max = std::min<std::size_t>(limits.pool_files_max, requests_left / 2);
    limits.pool_bytes_max = std::min(limits.pool_bytes_max, bytes_left);
    return limits;
}

}  // namespace

asio::awaitable<DeepProbed> probe_deep(Lane& lane, DeepProbe probe) {
    DeepProbed probed;
    const auto suites = probe.suites.size();
    for (std::size_t i = 0; i < suites && !probed.was_cancelled; ++i) {
        auto& suite = probe.suites[(probe.chance + i) % suites];
        DeepTask task{.base_url = probe.base_url,
                      .suite = std::move(suite.suite),
                      .has_by_hash = suite.has_by_hash,
                      .chance = probe.chance,
                      .limits = limits_after(probed.cost),
                      .indexes = std::move(suite.indexes)};
        if (task.limits.indexes_max == 0 || task.limits.indexes_bytes_max == 0) {
            break;
        }
        auto found = co_await look_deep(lane, std::move(task));
        probed.indexes.emplace(suite.number, std::move(found.indexes));
        std::ranges::move(found.findings, std::back_inserter(probed.findings));
        probed.cost.requests += found.cost.requests;
        probed.cost.bytes += found.cost.bytes;
        probed.was_cancelled = found.was_cancelled;
    }
    co_return probed;
}

}  // namespace prober
