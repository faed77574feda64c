#pragma once

#include "tools/service/server_options.hpp"
#include "tools/service/world_watch.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace service {

/// Where connections come in.
struct Listening {
    std::vector<std::string> addresses;              // "127.0.0.1:8080", "[::1]:0"
    std::vector<int> descriptors;                    // sockets that listen already; taken over
    std::vector<std::string> report_addresses = {};  // for reports alone
};

/// The HTTP/1.1 server: one thread for all connections, others for handlers.
class HttpServer {
public:
    /// Listens. Throws, for people, `std::runtime_error` where an address is taken, and
    /// `std::invalid_argument` where one, or a proxy's, is none.
    HttpServer(ServerOptions, WorldWatch&, const Listening&);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// "http://127.0.0.1:8080" of each, in order.
    std::vector<std::string> urls() const;
    /// Of those that are for reports alone.
    std::vector<std::string> report_urls() const;

    /// Serves until SIGTERM or SIGINT, and then finishes what is under way; for `stop_time` at
    /// most. `stopping` is called when that begins.
    void run(const std::function<void()>& stopping);

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace service
