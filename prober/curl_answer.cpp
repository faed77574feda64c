#include "prober/curl_answer.hpp"

#include "model/retry_after.hpp"

#include <chrono>
#include <cstdint>

namespace prober {
namespace {

model::Timestamp now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

}  // namespace

void describe_answer(const CurlTransfer& transfer, model::Outcome outcome, Answer& answer) {
    constexpr int too_many_requests = 429;
    constexpr int unavailable = 503;
    const auto& end = transfer.end();
    answer.detail = transfer.detail();
    answer.is_web_page = transfer.is_web_page();
    answer.content_length.reset();
    if (end.content_length >= 0) {
        answer.content_length = static_cast<std::uint64_t>(end.content_length);
    }
    answer.retry_after.reset();
    if (outcome.status == too_many_requests || outcome.status == unavailable) {
        answer.retry_after = model::parse_retry_after(transfer.header("Retry-After"), now());
    }
}

void describe_body(const CurlTransfer& transfer, GetAnswer& answer) {
    answer.etag = transfer.header("ETag");
    answer.last_modified = transfer.header("Last-Modified");
    answer.date = transfer.header("Date");
    answer.body_bytes = transfer.sunk_bytes();
    answer.is_cut = transfer.is_cut();
}

}  // namespace prober
