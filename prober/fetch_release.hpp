#pragma once

#include "model/refresh_fault.hpp"
#include "model/release_file.hpp"
#include "model/snapshot_update.hpp"
#include "prober/gpgv.hpp"
#include "prober/http_client.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace prober {

struct ReleaseLimits {
    std::uint64_t release_bytes_max;    // of InRelease, or of Release
    std::uint64_t signature_bytes_max;  // of Release.gpg
    GpgvLimits gpgv;
};

/// Whose word is enough.
enum class Trust {
    signed_only,  // by a key of the keyring
    anybody,      // where there is no keyring yet, and people are told so
};

/// A Release that was read, and believed as far as was asked.
struct VerifiedRelease {
    model::Release release;
    model::Sha256 sha256;       // of the file
    model::Sha256 text_sha256;  // of the signed text, in the form that both files share
};

/// `file` as it was fetched: verifies it with gpgv against `file.keyring`, takes it apart and
/// reads it. The text that is read is the one that gpgv verified.
asio::awaitable<boost::system::result<VerifiedRelease, model::RefreshFault>> verify_release(
    SignedFile file, Trust trust, GpgvLimits limits);

struct ReleaseQuestion {
    std::string suite_url;  // "http://archive.example.org/debian/dists/bookworm/"
    std::string keyring;
    Trust trust = Trust::signed_only;
    /// Of the last answer, so that an unchanged suite costs one conditional request; empty: all
    /// is fetched.
    std::optional<model::SuiteValidators> validators;
};

/// What the archive has of a suite's Release.
struct ReleaseAnswer {
    std::optional<VerifiedRelease> verified;  // empty where it is unchanged, or there is a fault
    bool is_unchanged = false;
    std::optional<model::RefreshFault> fault;
    model::SuiteValidators validators;  // for the next time; `checked` is the caller's to set
    std::uint32_t requests = 0;
    std::uint64_t bytes = 0;
};

/// InRelease, else Release and Release.gpg; the form that the validators are of comes first.
asio::awaitable<ReleaseAnswer> fetch_release(Lane& lane, ReleaseQuestion question,
                                             ReleaseLimits limits);

}  // namespace prober
