#include "prober/gpgv.hpp"

#include "model/keyring_file.hpp"
#include "model/openpgp_armor.hpp"
#include "model/text_rules.hpp"
#include "prober/child_process.hpp"
#include "prober/private_folder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace prober {
namespace {

constexpr std::size_t errors_shown_max = 300;

std::optional<std::string> read_whole(const std::string& path, std::size_t bytes_max) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return std::nullopt;
    }
    std::string bytes(bytes_max + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (file.bad()) {
        return std::nullopt;
    }
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    bytes.shrink_to_fit();
    return bytes;
}

/// gpgv itself says of such a file that every signature is by a key that is not there.
boost::system::result<std::string, GpgvFailure> with_keys(std::string keyring,
                                                          const std::string& path) {
    switch (model::judge_keyring(keyring)) {
    case model::KeyringWorth::no_keys:
        return GpgvFailure{GpgvFailure::Kind::keyring,
                           fmt::format("the keyring {} holds no OpenPGP keys", path)};
    case model::KeyringWorth::damaged:
        return GpgvFailure{
            GpgvFailure::Kind::keyring,
            fmt::format("the keyring {} is damaged: not all of it is OpenPGP keys", path)};
    case model::KeyringWorth::keys: break;
    }
    return keyring;
}

/// As gpgv 2.2 wants it: binary. It cannot read armoured keys.
boost::system::result<std::string, GpgvFailure> read_keyring(const std::string& path,
                                                             std::size_t bytes_max) {
    auto keyring = read_whole(path, bytes_max);
    if (!keyring) {
        return GpgvFailure{GpgvFailure::Kind::keyring, fmt::format("cannot read the keyring {}: {}",
                                                                   path, std::strerror(errno))};
    }
    if (keyring->empty()) {
        return GpgvFailure{GpgvFailure::Kind::keyring,
                           fmt::format("the keyring {} is empty", path)};
    }
    if (keyring->size() > bytes_max) {
        return GpgvFailure{GpgvFailure::Kind::keyring,
                           fmt::format("the keyring {} is larger than {} bytes", path, bytes_max)};
    }
    if (!model::is_armored(*keyring)) {
        return with_keys(std::move(*keyring), path);
    }
    auto keys = model::dearmor_keys(*keyring);
    if (keys.has_error()) {
        return GpgvFailure{GpgvFailure::Kind::keyring,
                           fmt::format("the keyring {} cannot be used: line {}: {}", path,
                                       keys.error().line, keys.error().what)};
    }
    return with_keys(std::move(*keys), path);
}

/// One run of gpgv and the files that it reads.
class Run {
public:
    Run(const SignedFile& file, const std::string& keyring) {
        std::vector<std::string> words = {"gpgv",
                                          "--homedir",
                                          folder_.path().string(),
                                          "--keyring",
                                          folder_.write("keyring", keyring),
                                          "--status-fd",
                                          "1"};
        if (file.signature.empty()) {
            words.insert(words.end(), {"--output", text_path(), "--"});
        } else {
            words.insert(words.end(), {"--", folder_.write("signature", file.signature)});
        }
        words.push_back(folder_.write("message", file.text));
        child_.emplace(words, errors_path());
    }

    ChildProcess& child() noexcept { return *child_; }

    std::string signed_text(std::size_t bytes_max) const {
        return read_whole(text_path(), bytes_max).value_or(std::string{});
    }
    std::string first_error() const {
        const auto errors = read_whole(errors_path(), errors_shown_max).value_or(std::string{});
        return errors.substr(0, errors.find('\n'));
    }

private:
    std::string text_path() const { return (folder_.path() / "text").string(); }
    std::string errors_path() const { return (folder_.path() / "errors").string(); }

    PrivateFolder folder_;
    std::optional<ChildProcess> child_;
};

/// Starts gpgv; the error is a sentence for people.
boost::system::result<std::shared_ptr<Run>, GpgvFailure> start(const SignedFile& file,
                                                               const GpgvLimits& limits) {
    const auto keyring = read_keyring(file.keyring, limits.keyring_bytes_max);
    if (keyring.has_error()) {
        return keyring.error();
    }
    try {
        return std::make_shared<Run>(file, *keyring);
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::no_such_file_or_directory) {
            return GpgvFailure{
                GpgvFailure::Kind::no_program,
                "there is no program gpgv, which verifies signatures: install the package gpgv"};
        }
        return GpgvFailure{GpgvFailure::Kind::failed, error.what()};
    }
}

}  // namespace

asio::awaitable<boost::system::result<GpgvAnswer, GpgvFailure>> run_gpgv(SignedFile file,
                                                                         GpgvLimits limits) {
    auto started = start(file, limits);
    if (started.has_error()) {
        co_return started.error();
    }
    const auto run = *started;
    const auto executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor output(executor, run->child().take_output());
    asio::posix::stream_descriptor end(executor, run->child().take_end());
    const auto is_late = std::make_shared<bool>(false);
    asio::steady_timer deadline(executor, limits.timeout);
    // It may fire while the coroutine is being taken down, so it shares what it needs.
    deadline.async_wait([run, is_late](boost::system::error_code cancelled) {
        if (!cancelled) {
            *is_late = true;
            run->child().kill();
        }
    });

    GpgvAnswer answer;
    std::array<char, 4096> buffer{};
    boost::system::error_code over;
    while (!over && answer.status_lines.size() <= limits.status_bytes_max) {
        const auto size = co_await output.async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, over));
        answer.status_lines.append(buffer.data(), size);
    }
    const bool is_too_long = answer.status_lines.size() > limits.status_bytes_max;
    if (is_too_long) {
        run->child().kill();
    }
    co_await end.async_wait(asio::posix::stream_descriptor::wait_read,
                            asio::redirect_error(asio::use_awaitable, over));
    const auto status = run->child().wait();
    deadline.cancel();
    if (*is_late) {
        co_return GpgvFailure{GpgvFailure::Kind::failed,
                              fmt::format("gpgv was not done after {} ms", limits.timeout.count())};
    }
    if (is_too_long) {
        co_return GpgvFailure{GpgvFailure::Kind::failed,
                              fmt::format("gpgv said more than {} bytes", limits.status_bytes_max)};
    }
    if (!status || answer.status_lines.empty()) {
        co_return GpgvFailure{GpgvFailure::Kind::failed,
                              fmt::format("gpgv failed: {}", model::in_quotes(run->first_error()))};
    }
    if (file.signature.empty()) {
        answer.signed_text = run->signed_text(file.text.size());
    }
    co_return answer;
}

}  // namespace prober
