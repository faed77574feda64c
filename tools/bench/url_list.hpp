#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// What is to be asked of one host, in order.
struct HostUrls {
    std::string origin;  // "http://127.1.0.1:8100"
    std::vector<std::string> urls;
};

/// Reads a file with a URL a line. Hosts come in the order of their first line.
/// Throws `std::runtime_error` where the file cannot be read.
std::vector<HostUrls> read_url_list(const std::string& file);

/// What a client came to, printed as one line of JSON that tools/bench/run reads.
struct ClientCount {
    std::size_t ok = 0;
    std::size_t failed = 0;
};
void print(const ClientCount&);

}  // namespace bench
