#include "tools/mirrorwarden/archive_client.hpp"

#include "tools/mirrorwarden/probe_client.hpp"

#include <chrono>
#include <csignal>

namespace mirrorwarden {

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
      client_{make_probe_client(context_.get_executor(), options)} {}

ArchiveClient::~ArchiveClient() = default;

void ArchiveClient::heed_signals() {
    signals_.async_wait([this](boost::system::error_code over, int /*signal*/) {
        if (!over) {
            is_interrupted_ = true;
            client_->cancel();
        }
    });
}

}  // namespace mirrorwarden
