#pragma once

#include "prober/signature_verifier.hpp"

#include <memory>
#include <string>

namespace mirrorwarden {

/// Verifies Release files with gpgv, and remembers what kept it from doing so.
class ReleaseVerifier {
public:
    /// With the keys of this file. An empty function for an empty name: signatures are
    /// not known then.
    prober::SignatureVerifier function(const std::string& keyring);

    /// The first trouble that there was, a sentence without a full stop; empty: none.
    const std::string& trouble() const noexcept { return *trouble_; }

private:
    std::shared_ptr<std::string> trouble_ = std::make_shared<std::string>();
};

}  // namespace mirrorwarden
