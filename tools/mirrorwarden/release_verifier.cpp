#include "tools/mirrorwarden/release_verifier.hpp"

#include "prober/gpgv.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace mirrorwarden {
namespace {

constexpr std::chrono::seconds gpgv_timeout{30};
constexpr std::size_t status_bytes_max = 1 << 20;
constexpr std::size_t keyring_bytes_max = 16 << 20;

boost::asio::awaitable<std::optional<model::SignatureVerdict>> verify(
    std::string keyring, prober::SignedFiles files, std::shared_ptr<std::string> trouble) {
    prober::SignedFile file;
    file.keyring = std::move(keyring);
    file.text = std::move(files.text);
    file.signature = std::move(files.signature);
    prober::GpgvLimits limits;
    limits.timeout = gpgv_timeout;
    limits.status_bytes_max = status_bytes_max;
    limits.keyring_bytes_max = keyring_bytes_max;
    const auto answer = co_await prober::run_gpgv(std::move(file), limits);
    if (answer.has_error()) {
        if (trouble->empty()) {
            *trouble = answer.error().what;
        }
        co_return std::nullopt;
    }
    co_return model::judge_signature(answer->status_lines);
}

}  // namespace

prober::SignatureVerifier ReleaseVerifier::function(const std::string& keyring) {
    if (keyring.empty()) {
        return {};
    }
    return [keyring, trouble = trouble_](prober::SignedFiles files) {
        return verify(keyring, std::move(files), trouble);
    };
}

}  // namespace mirrorwarden
