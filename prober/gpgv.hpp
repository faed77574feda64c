#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace prober {

namespace asio = boost::asio;

/// What is to be verified, and with which keys.
struct SignedFile {
    std::string keyring;    // the path of a file of public keys, armoured or not
    std::string text;       // an InRelease file; or a Release file, and
    std::string signature;  // its Release.gpg; empty: `text` is clear-signed
};

struct GpgvLimits {
    std::chrono::milliseconds timeout;
    std::size_t status_bytes_max;
    std::size_t keyring_bytes_max;
};

struct GpgvAnswer {
    std::string status_lines;  // what it wrote to --status-fd, whatever it thought of the file
    std::string signed_text;   // of a clear-signed file: the text that it verified
};

/// Why gpgv could not be asked, as a sentence without its full stop.
struct GpgvFailure {
    enum class Kind { no_program, keyring, failed };
    Kind kind{};
    std::string what;  // "there is no program gpgv…", "cannot read the keyring …"
};

/// Runs gpgv, without a shell, on copies in a private folder that is gone afterwards. Does not
/// block the executor that it runs on, but for reading and writing these small files. Cancelling it
/// ends gpgv.
asio::awaitable<boost::system::result<GpgvAnswer, GpgvFailure>> run_gpgv(SignedFile file,
                                                                         GpgvLimits limits);

}  // namespace prober
