#pragma once

#include "model/release_file.hpp"
#include "model/sha256.hpp"
#include "model/signature_status.hpp"
#include "prober/signature_verifier.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace prober {

/// A suite's Release, read.
struct ReadRelease {
    model::Sha256 sha256;                              // of the InRelease or Release file
    std::optional<model::Sha256> text_sha256;          // of what is signed; empty: no such text
    std::optional<model::Release> release;             // empty: it could not be read, see `fault`
    model::TextFault fault;                            // where `release` is empty
    std::optional<model::SignatureVerdict> signature;  // empty: nobody can tell
};

/// Reads and verifies each Release once, however many mirrors have it. On one thread.
///
/// Keeps what was read while somebody uses it, and the last few beyond that.
class ReleaseLibrary {
public:
    struct Options {
        SignatureVerifier verify;  // empty: signatures are not known
        /// The indexes that are of interest: of others nothing is kept.
        std::function<bool(std::string_view path)> wants;
        std::size_t unused_max;  // kept though nobody uses them
    };

    explicit ReleaseLibrary(Options);
    ~ReleaseLibrary();
    ReleaseLibrary(const ReleaseLibrary&) = delete;
    ReleaseLibrary& operator=(const ReleaseLibrary&) = delete;

    /// Throws what the verifier throws.
    boost::asio::awaitable<std::shared_ptr<const ReadRelease>> read(SignedFiles);

    /// How many are kept.
    std::size_t size() const noexcept { return books_.size(); }

private:
    struct Book;

    boost::asio::awaitable<ReadRelease> read_now(SignedFiles) const;
    void discard_unused();

    Options options_;
    std::map<model::Sha256, std::shared_ptr<Book>> books_;  // by both files
};

}  // namespace prober
