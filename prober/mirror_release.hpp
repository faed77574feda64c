#pragma once

#include "model/release_validators.hpp"
#include "prober/http_client.hpp"
#include "prober/release_library.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace prober {

/// A Release that a mirror had, and by which it is asked whether it still has it.
struct ReleaseHad {
    model::ReleaseValidators validators;
    std::shared_ptr<const ReadRelease> release;
};

/// The files that a suite's Release may come in.
enum class ReleaseFile : std::uint8_t { in_release, release, signature };
std::string_view name_of(ReleaseFile) noexcept;  // "InRelease", "Release", "Release.gpg"

/// What asking for the Release of a suite came to.
struct MirrorRelease {
    ReleaseFile file{};  // that counts: InRelease, or Release where there is none
    Answer answer;       // its own
    bool is_too_large = false;
    std::shared_ptr<const ReadRelease> release;  // null: no file was received
    bool is_unchanged = false;                   // `release` is the one that the mirror had
    model::ReceivedValidators received;          // of an InRelease that was not redirected
    std::uint32_t requests = 0;                  // of all that was asked
    std::uint64_t bytes = 0;
};

/// More is not read of any file of a suite's Release. Source: apt.conf(5),
/// Acquire::MaxReleaseFileSize, its default.
inline constexpr std::uint64_t release_bytes_max = 10'000'000;

/// GETs InRelease, or where that is not found Release and Release.gpg, below `suite_url`
/// ("http://…/dists/bookworm/"), and has it read. `had`: an answer 304 to InRelease stands for
/// the 200 that brought that. Throws what the library throws.
asio::awaitable<MirrorRelease> ask_for_release(Lane&, ReleaseLibrary&, std::string suite_url,
                                               std::optional<ReleaseHad> had);
/// The same without a condition.
asio::awaitable<MirrorRelease> ask_for_release(Lane&, ReleaseLibrary&, std::string suite_url);

}  // namespace prober
