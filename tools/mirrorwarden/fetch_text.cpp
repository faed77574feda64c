#include "tools/mirrorwarden/fetch_text.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace mirrorwarden {

boost::asio::awaitable<FetchedText> fetch_text(prober::HttpClient& client, std::string url,
                                               std::uint64_t bytes_max) {
    const auto lane = co_await client.open_lane(url, 1);
    FetchedText fetched;
    prober::GetRequest request;
    request.url = std::move(url);
    request.bytes_max = bytes_max;
    request.sink = [&fetched](std::string_view piece) {
        fetched.text += piece;
        return true;
    };
    fetched.answer = co_await lane->get(std::move(request));
    co_return fetched;
}

std::string describe_fault(const FetchedText& fetched) {
    if (fetched.answer.outcome.is_ok()) {
        return "it is too large";
    }
    const auto& detail = fetched.answer.detail;
    return fmt::format("{}: {}{}", to_string(fetched.answer.outcome),
                       model::explain(fetched.answer.outcome.kind),
                       detail.empty() ? "" : " (" + detail + ")");
}

}  // namespace mirrorwarden
