#include "prober/mirror_traces.hpp"

#include "model/directory_listing.hpp"
#include "model/mirror_url.hpp"
#include "model/trace_file.hpp"
#include "model/written_date.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace prober {
namespace {

constexpr std::string_view marker_prefix = "Archive-Update-in-Progress-";
constexpr std::uint64_t marker_bytes_max = 4096;
constexpr std::uint64_t trace_bytes_max = 65'536;
/// Debian's own project/trace/ has some hundred names in 60 kB.
constexpr std::uint64_t listing_bytes_max = 262'144;
constexpr std::size_t listed_max = 1000;

struct Text {
    GetAnswer answer;
    std::string text;
};

asio::awaitable<Text> fetch(Lane& lane, TraceAnswers& into, std::string url,
                            std::uint64_t bytes_max) {
    Text fetched;
    GetRequest request;
    request.url = std::move(url);
    request.bytes_max = bytes_max;
    request.sink = [&fetched](std::string_view piece) {
        fetched.text += piece;
        return true;
    };
    fetched.answer = co_await lane.get(std::move(request));
    into.cost.requests += fetched.answer.requests;
    into.cost.bytes += fetched.answer.bytes;
    into.was_cancelled |= fetched.answer.outcome.kind == model::OutcomeKind::cancelled;
    co_return fetched;
}

/// Empty where the server gives none.
asio::awaitable<std::vector<model::ListedFile>> list(Lane& lane, TraceAnswers& into,
                                                     std::string url) {
    const auto page = co_await fetch(lane, into, std::move(url), listing_bytes_max);
    co_return page.answer.outcome.is_ok() && page.answer.is_web_page
        ? model::parse_listing(page.text, listed_max)
        : std::vector<model::ListedFile>{};
}

asio::awaitable<void> try_marker(Lane& lane, TraceAnswers& into, std::string url,
                                 model::Timestamp now) {
    const auto marker = co_await fetch(lane, into, url, marker_bytes_max);
    if (marker.answer.outcome.is_ok() && !marker.answer.is_web_page) {
        into.marker_url = std::move(url);
        into.marker_since = model::parse_http_date(marker.answer.last_modified, now);
    }
}

}  // namespace

asio::awaitable<TraceAnswers> ask_for_marker(Lane& lane, std::string base_url,
                                             model::Timestamp now) {
    TraceAnswers answers;
    const auto name = std::string(marker_prefix) + model::host_of(base_url);
    auto url = model::join_url(base_url, name);
    co_await try_marker(lane, answers, std::move(url), now);
    co_return answers;
}

asio::awaitable<TraceAnswers> look_for_marker(Lane& lane, std::string base_url,
                                              model::Timestamp now) {
    TraceAnswers answers;
    const auto files = co_await list(lane, answers, base_url);
    const auto marker = std::ranges::find_if(
        files, [](const model::ListedFile& file) { return file.name.starts_with(marker_prefix); });
    if (marker != files.end()) {
        auto url = model::join_url(base_url, marker->name);
        co_await try_marker(lane, answers, std::move(url), now);
    }
    co_return answers;
}

asio::awaitable<TraceAnswers> ask_for_traces(Lane& lane, std::string base_url) {
    TraceAnswers answers;
    const auto host = model::host_of(base_url);
    auto folder = model::join_url(base_url, "project/trace/");
    const auto files = co_await list(lane, answers, folder);
    auto names = model::choose_traces(files, host);
    if (files.empty()) {
        names.push_back(host);
        names.emplace_back("master");
    }
    for (const auto& name : names) {
        auto url = folder + name;
        const auto trace = co_await fetch(lane, answers, std::move(url), trace_bytes_max);
        auto state =
            trace.answer.outcome.is_ok() ? model::parse_trace(name, trace.text) : std::nullopt;
        if (state) {
            answers.traces.push_back(std::move(*state));
        }
    }
    co_return answers;
}

}  // namespace prober
