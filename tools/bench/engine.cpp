// The prober's client without plan, log or store: what the engine alone can do.
#include "prober/curl_client.hpp"
#include "tools/bench/url_list.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <sys/resource.h>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;

struct Options {
    std::string list;
    std::string ca_bundle;
    std::size_t requests_max = 300;
    std::size_t per_host_max = 2;
};

struct Work {
    bench::HostUrls host;
    std::size_t next = 0;
};

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

asio::awaitable<void> ask_host(prober::HttpClient& client, Work& work, bench::ClientCount& count) {
    const auto left = work.host.urls.size() - work.next;
    auto lane = co_await client.open_lane(work.host.urls.front(), left);
    while (work.next < work.host.urls.size()) {
        std::string url = std::move(work.host.urls[work.next++]);
        const auto answer = co_await lane->head(std::move(url));
        ++(answer.outcome.is_ok() ? count.ok : count.failed);
    }
}

bench::ClientCount ask_hosts(const Options& options) {
    asio::io_context loop(1);
    const prober::HttpLimits limits{.requests_max = options.requests_max,
                                    .requests_per_host_max = options.per_host_max,
                                    .connect_timeout = std::chrono::seconds(10),
                                    .timeout = std::chrono::seconds(30),
                                    .body_timeout = std::chrono::minutes(15),
                                    .pause_max = std::chrono::seconds(0),
                                    .redirects_max = 3,
                                    .header_bytes_max = 65'536};
    prober::CurlSettings settings{
        .user_agent = "bench", .ca_bundle = options.ca_bundle, .proxy = {}};
    const auto client = prober::make_curl_client(loop.get_executor(), limits, std::move(settings));

    std::vector<Work> work;
    for (auto& host : bench::read_url_list(options.list)) {
        work.push_back({.host = std::move(host), .next = 0});
    }
    bench::ClientCount count;
    for (auto& host : work) {
        for (std::size_t i = 0; i < options.per_host_max; ++i) {
            asio::co_spawn(loop, ask_host(*client, host, count), [](const std::exception_ptr& e) {
                if (e) {
                    std::rethrow_exception(e);
                }
            });
        }
    }
    loop.run();
    return count;
}

int ask_all(int argc, const char* const* argv) {
    Options options;
    CLI::App app("HEADs a list of URLs with the prober's engine.");
    app.add_option("LIST", options.list, "a URL a line")->required();
    app.add_option("--max-parallel", options.requests_max, "requests at once, in all");
    app.add_option("--max-parallel-per-host", options.per_host_max, "requests at once to a host");
    app.add_option("--ca-bundle", options.ca_bundle, "PEM file");
    CLI11_PARSE(app, argc, argv);

    raise_descriptor_limit();
    bench::print(ask_hosts(options));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return ask_all(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench-engine: {}\n", error.what());
        return 1;
    }
}
