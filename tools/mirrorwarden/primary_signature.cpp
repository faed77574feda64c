#include "tools/mirrorwarden/primary_signature.hpp"

#include "model/bucket.hpp"
#include "model/mirror_url.hpp"
#include "model/refresh_fault.hpp"
#include "prober/mirror_release.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace mirrorwarden {
namespace {

std::set<std::string> usual_suites(const model::Distribution& distribution) {
    std::set<std::string> suites;
    for (const auto& bucket :
         model::expected_buckets(distribution, {}, model::Expectation::usual)) {
        suites.insert(model::suite(bucket));
    }
    return suites;
}

}  // namespace

boost::asio::awaitable<PrimarySignature> check_primary_signature(prober::HttpClient& client,
                                                                 model::Distribution distribution,
                                                                 prober::SignatureVerifier verify) {
    const auto suites = usual_suites(distribution);
    prober::ReleaseLibrary library(
        {.verify = std::move(verify), .wants = {}, .unused_max = suites.size()});
    const auto lane = co_await client.open_lane(distribution.primary_url, suites.size());
    for (const auto& suite : suites) {
        const auto folder =
            model::join_url(distribution.primary_url, fmt::format("dists/{}/", suite));
        const auto fetched = co_await prober::ask_for_release(*lane, library, folder);
        if (model::is_inconclusive(fetched.answer.outcome.kind)) {
            co_return PrimarySignature{.was_asked = false, .fault = {}};
        }
        if (!fetched.release || !fetched.release->signature) {
            continue;
        }
        const auto url = folder + std::string(name_of(fetched.file));
        if (auto fault = model::judge_release_signature(*fetched.release->signature, url,
                                                        distribution.keyring)) {
            co_return PrimarySignature{.was_asked = true, .fault = std::move(fault->what)};
        }
    }
    co_return PrimarySignature{};
}

}  // namespace mirrorwarden
