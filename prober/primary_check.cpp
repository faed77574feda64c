#include "prober/primary_check.hpp"

#include "model/mirror_url.hpp"

namespace prober {

asio::awaitable<PrimaryAnswer> check_primary(HttpClient& client, std::string primary_url,
                                             std::vector<std::string> paths) {
    const auto lane = co_await client.open_lane(primary_url, paths.size());
    bool has_answered = false;
    for (const auto& path : paths) {
        auto url = model::join_url(primary_url, path);
        const auto answer = co_await lane->head(std::move(url));
        if (answer.outcome.is_ok()) {
            co_return PrimaryAnswer::carries;
        }
        if (model::is_inconclusive(answer.outcome.kind)) {
            co_return PrimaryAnswer::not_asked;
        }
        has_answered = has_answered || answer.outcome.kind == model::OutcomeKind::http_status;
    }
    co_return has_answered ? PrimaryAnswer::has_none : PrimaryAnswer::unreachable;
}

}  // namespace prober
