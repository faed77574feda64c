#include "prober/primary_check.hpp"

#include "model/mirror_url.hpp"
#include "prober/url_origin.hpp"

#include <optional>
#include <utility>

namespace prober {
namespace {

/// Nothing where the answer says nothing of the archive.
asio::awaitable<std::optional<bool>> has_every_name(Lane& lane, const PrimaryQuestion& question) {
    for (const auto& name : question.impossible_names) {
        auto url = impossible_url(question.url, name);
        const auto answer = co_await lane.head(std::move(url));
        if (model::is_inconclusive(answer.outcome.kind)) {
            co_return std::nullopt;
        }
        if (!answer.outcome.is_ok()) {
            co_return false;
        }
    }
    co_return !question.impossible_names.empty();
}

}  // namespace

asio::awaitable<PrimaryAnswer> check_primary(HttpClient& client, PrimaryQuestion question) {
    const auto lane = co_await client.open_lane(question.url, question.paths.size());
    const auto has_all = co_await has_every_name(*lane, question);
    if (!has_all) {
        co_return PrimaryAnswer::not_asked;
    }
    if (*has_all) {
        co_return PrimaryAnswer::answers_everything;
    }
    bool has_answered = false;
    for (const auto& path : question.paths) {
        auto url = model::join_url(question.url, path);
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
