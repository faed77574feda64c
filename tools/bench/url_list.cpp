#include "tools/bench/url_list.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

namespace bench {

std::vector<HostUrls> read_url_list(const std::string& file) {
    std::ifstream in(file);
    if (!in) {
        throw std::runtime_error("cannot read the list of URLs " + file);
    }
    std::vector<HostUrls> hosts;
    std::unordered_map<std::string, std::size_t> places;
    for (std::string line; std::getline(in, line);) {
        const auto origin = line.substr(0, line.find('/', line.find("://") + 3));
        const auto [place, is_new] = places.try_emplace(origin, hosts.size());
        if (is_new) {
            hosts.push_back({.origin = origin, .urls = {}});
        }
        hosts[place->second].urls.push_back(line);
    }
    return hosts;
}

void print(const ClientCount& count) {
    fmt::print("{{\"ok\": {}, \"failed\": {}}}\n", count.ok, count.failed);
}

}  // namespace bench
