#pragma once

#include "prober/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>

namespace mirrorwarden {

/// A body in memory, and how it came.
struct FetchedText {
    prober::GetAnswer answer;
    std::string text;

    bool is_whole() const { return answer.outcome.is_ok() && !answer.is_cut; }
};

boost::asio::awaitable<FetchedText> fetch_text(prober::HttpClient&, std::string url,
                                               std::uint64_t bytes_max);

/// Why it is not whole: "http-status 404: the server answered, but not with the file".
std::string describe_fault(const FetchedText&);

}  // namespace mirrorwarden
