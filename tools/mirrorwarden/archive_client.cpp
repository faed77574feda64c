#include "tools/mirrorwarden/archive_client.hpp"

#include "prober/curl_client.hpp"
#include "tools/mirrorwarden/probe_client.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <string>

namespace mirrorwarden {
namespace {

constexpr int redirects_max = 3;
constexpr std::size_t header_bytes_max = 65'536;
constexpr std::chrono::minutes body_timeout{30};
constexpr std::chrono::seconds pause_max{60};

std::unique_ptr<prober::HttpClient> make_client(const boost::asio::any_io_executor& executor,
                                                const ProbeOptions& options) {
    const prober::HttpLimits limits{
        .requests_max = 1,
        .requests_per_host_max = 1,
        .connect_timeout = options.connect_timeout,
        .timeout = options.timeout,
        .body_timeout = std::max<std::chrono::milliseconds>(options.timeout, body_timeout),
        .pause_max = pause_max,
        .redirects_max = redirects_max,
        .header_bytes_max = header_bytes_max};
    // The archive is the distribution's own: what owners of mirrors wish for is not asked there.
    return prober::make_curl_client(executor, limits,
                                    {.user_agent = user_agent(options),
                                     .ca_bundle = options.ca_bundle,
                                     .proxy = options.proxy,
                                     .honours_host_rules = false});
}

}  // namespace

prober::RefreshLimits refresh_limits() {
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
    prober::RefreshLimits limits{};
    limits.release.release_bytes_max = 16 * mebibyte;
    limits.release.signature_bytes_max = mebibyte;
    limits.release.gpgv = {.timeout = std::chrono::minutes(1),
                           .status_bytes_max = mebibyte,
                           .keyring_bytes_max = 16 * mebibyte};
    // The largest of Debian and Ubuntu have 15 MB packed, 75 MB unpacked, and half a MB a stanza.
    limits.index = {.bytes_max = 512 * mebibyte,
                    .inflated_bytes_max = 4096 * mebibyte,
                    .ratio_max = 100,
                    .window_bytes_max = 128 * mebibyte,
                    .stanza_bytes_max = 8 * mebibyte};
    return limits;
}

ArchiveClient::ArchiveClient(const ProbeOptions& options)
    : signals_{context_, SIGINT, SIGTERM, SIGHUP},
      client_{make_client(context_.get_executor(), options)} {}

ArchiveClient::~ArchiveClient() = default;

void ArchiveClient::run(boost::asio::awaitable<void> question) {
    std::exception_ptr failure;
    heed_signals();
    boost::asio::co_spawn(context_, std::move(question), [&](std::exception_ptr error) {
        failure = error;
        signals_.cancel();
    });
    context_.restart();
    context_.run();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void ArchiveClient::heed_signals() {
    signals_.async_wait([this](boost::system::error_code over, int /*signal*/) {
        if (!over) {
            is_interrupted_ = true;
            client_->cancel();
        }
    });
}

}  // namespace mirrorwarden
