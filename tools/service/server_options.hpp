#pragma once

#include "model/store.hpp"
#include "tools/service/process_figures.hpp"
#include "tools/service/router.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace service {

/// What one client, or all of them, may take from the others.
struct ServerLimits {
    std::size_t connections = 0;             // at once; the longest idle one makes room
    std::size_t connections_per_client = 0;  // of one IPv4 address, or one IPv6 network of 64 bits
    std::size_t header_bytes = 0;
    std::size_t body_bytes = 0;
    std::chrono::milliseconds header_time{};  // from the first byte of a request to its empty line
    std::chrono::milliseconds body_time{};    // of a request
    std::chrono::milliseconds idle_time{};    // between two requests
    std::chrono::milliseconds write_time{};   // for each 64 KiB of a response
    std::chrono::milliseconds answer_time{};  // for a handler
    std::chrono::milliseconds stop_time{};    // for what is under way when we are told to stop
    std::size_t cache_bytes = 0;              // of ready responses
};

using OpenStore = std::function<std::unique_ptr<model::Store>()>;
using Say = std::function<void(std::string_view)>;

struct ServerOptions {
    std::vector<Route> routes;
    std::vector<Route> report_routes = {};     // of the listeners that are for reports alone
    std::string base_path;                     // see `is_base_path`
    std::string origin;                        // as `Request::origin`
    std::vector<std::string> trusted_proxies;  // "192.0.2.7", "10.0.0.0/8", "::1"
    ServerLimits limits;
    OpenStore open_store;
    std::function<model::Timestamp()> now;
    Say say_request;                               // a line for each; may be empty
    Say say_fault;                                 // what the operator should know
    std::shared_ptr<ProcessFigures> figures = {};  // kept up to date; may be null
};

}  // namespace service
