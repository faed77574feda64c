#pragma once

#include "model/observation.hpp"

#include <optional>
#include <string>
#include <vector>

namespace prober {

/// One certificate as a server sent it, in OpenSSL's words.
struct ShownCertificate {
    std::string subject;  // "C = US, O = Let's Encrypt, CN = R3"
    std::string issuer;
    std::string not_before;  // "Nov 21 08:00:00 2026 GMT"
    std::string not_after;
};

/// All that libcurl's easy handle kept of its last handshake, the host's own first.
std::vector<ShownCertificate> certificates_of(void* easy);

/// What there is to know of the first, the host's own, from all that came with it.
/// `verify_result`: 0 or OpenSSL's X509_V_ERR_...; a chain whose issuer cannot be found, and
/// was not sent either, lacks its intermediate. Empty where the first has no dates.
std::optional<model::CertificateState> describe_certificate(
    const std::string& host, const std::vector<ShownCertificate>& shown, long verify_result);

}  // namespace prober
