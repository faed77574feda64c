#pragma once

#include "model/release_file.hpp"
#include "model/signature_status.hpp"
#include "model/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace model {

/// Why what the primary archive published of a suite was not taken in.
enum class RefreshFaultKind {
    no_answer,   // the archive did not answer, or with an error
    no_release,  // it has neither InRelease nor Release
    too_large,
    no_keyring,
    no_verifier,  // gpgv is not there, or did not do its work
    no_signature,
    bad_signature,
    unknown_key,
    expired_key,
    revoked_key,
    expired_signature,
    weak_digest,
    wrapped_text,  // there is more in the file than what is signed
    unreadable,    // what is signed is no Release file
    foreign,       // it is another suite's
    expired,       // its Valid-Until has passed
    not_yet_valid,
    older,        // than the one that is known: perhaps a replay
    wrong_index,  // an index is not what the Release says
    interrupted,
};
/// "no-answer", "bad-signature", ...
std::string_view to_string(RefreshFaultKind) noexcept;

struct RefreshFault {
    RefreshFaultKind kind{};
    std::string what;  // a sentence without its full stop: what was found, and what to do
};

/// Empty where the signature is good. `file`: "InRelease", "Release.gpg".
std::optional<RefreshFault> judge_release_signature(const SignatureVerdict&, std::string_view file,
                                                    const std::string& keyring);

/// What is known of the suite before its new Release is judged.
struct ReleaseContext {
    std::string suite;
    std::optional<Timestamp> newest;  // the Date of the newest snapshot
    Timestamp now;
};

/// Empty where the Release may be taken in: it is this suite's, valid now, and not older than the
/// one that is known.
std::optional<RefreshFault> judge_release(const Release&, const ReleaseContext&);

}  // namespace model
