#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace model {

/// What gpgv says of a signature, in the words of a mirror's owner.
enum class SignatureKind {
    good,
    no_signature,
    unknown_key,
    bad,
    expired_key,
    revoked_key,
    expired_signature,
    weak_digest,
};

struct SignatureVerdict {
    SignatureKind kind = SignatureKind::no_signature;
    std::vector<std::string> fingerprints;  // of the keys whose signatures are good

    friend bool operator==(const SignatureVerdict&, const SignatureVerdict&) = default;
};

/// Reads the lines that `gpgv --status-fd` writes. Good if at least one VALIDSIG is by a
/// key of the keyring that is not expired, revoked or weak, and, as for apt, no signature by
/// any of its keys is BADSIG. The fingerprints are those of the primary keys.
SignatureVerdict judge_signature(std::string_view gpgv_status_lines);

}  // namespace model
