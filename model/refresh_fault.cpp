#include "model/refresh_fault.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstddef>

namespace model {
namespace {

/// So far may the clocks of two machines be apart.
constexpr std::chrono::minutes clocks_apart_max{10};

constexpr std::array<std::string_view, 20> words = {
    "no-answer",         "no-release",    "too-large",    "no-keyring",  "no-verifier",
    "no-signature",      "bad-signature", "unknown-key",  "expired-key", "revoked-key",
    "expired-signature", "weak-digest",   "wrapped-text", "unreadable",  "foreign",
    "expired",           "not-yet-valid", "older",        "wrong-index", "interrupted"};
static_assert(words.size() == static_cast<std::size_t>(RefreshFaultKind::interrupted) + 1);

}  // namespace

std::string_view to_string(RefreshFaultKind kind) noexcept {
    return words.at(static_cast<std::size_t>(kind));
}

std::optional<RefreshFault> judge_release_signature(const SignatureVerdict& verdict,
                                                    std::string_view file,
                                                    const std::string& keyring) {
    using Kind = RefreshFaultKind;
    switch (verdict.kind) {
    case SignatureKind::good: return std::nullopt;
    case SignatureKind::no_signature:
        return RefreshFault{Kind::no_signature, fmt::format("{} is not signed", file)};
    case SignatureKind::unknown_key:
        return RefreshFault{
            Kind::unknown_key,
            fmt::format("{} is signed by no key of {}; if the archive has changed its keys, "
                        "get its new keyring",
                        file, keyring)};
    case SignatureKind::bad:
        return RefreshFault{
            Kind::bad_signature,
            fmt::format("the signature of {} is bad: the file was changed after it was signed",
                        file)};
    case SignatureKind::expired_key:
        return RefreshFault{
            Kind::expired_key,
            fmt::format("{} is signed by a key that has expired; where the archive has "
                        "prolonged it, get its new keyring in place of {}",
                        file, keyring)};
    case SignatureKind::revoked_key:
        return RefreshFault{
            Kind::revoked_key,
            fmt::format("{} is signed by a key that was revoked: do not trust it", file)};
    case SignatureKind::expired_signature:
        return RefreshFault{Kind::expired_signature,
                            fmt::format("the signature of {} has expired", file)};
    case SignatureKind::weak_digest: break;
    }
    return RefreshFault{
        Kind::weak_digest,
        fmt::format("{} is signed with a hash that can be forged, such as SHA-1: the archive has "
                    "to sign with SHA-256 or better",
                    file)};
}

std::optional<RefreshFault> judge_release(const Release& release, const ReleaseContext& context) {
    using Kind = RefreshFaultKind;
    const bool says_which = !release.suite.empty() || !release.codename.empty();
    if (says_which && release.codename != context.suite && release.suite != context.suite) {
        return RefreshFault{Kind::foreign,
                            fmt::format("it is the Release of another suite: it says Codename {} "
                                        "and Suite {}",
                                        in_quotes(release.codename), in_quotes(release.suite))};
    }
    if (release.date > context.now + clocks_apart_max) {
        return RefreshFault{
            Kind::not_yet_valid,
            fmt::format("its Date, {}, is in the future; look at the clock of this machine",
                        format_timestamp(release.date))};
    }
    if (context.newest && release.date < *context.newest) {
        return RefreshFault{
            Kind::older,
            fmt::format("it is of {}, older than the one of {} that is known: the archive went "
                        "back, or somebody replays an old state of it",
                        format_timestamp(release.date), format_timestamp(*context.newest))};
    }
    if (release.valid_until && *release.valid_until < context.now) {
        return RefreshFault{
            Kind::expired,
            fmt::format("it was valid until {}: the archive is no longer kept, or somebody "
                        "replays an old state of it",
                        format_timestamp(*release.valid_until))};
    }
    return std::nullopt;
}

}  // namespace model
