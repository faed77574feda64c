#pragma once

#include "model/catalog.hpp"
#include "prober/http_client.hpp"
#include "prober/signature_verifier.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace mirrorwarden {

/// What a distribution's keyring says of its primary archive.
struct PrimarySignature {
    bool was_asked = true;  // false: ended before it could be known
    std::string fault;      // of its Release, a sentence without a full stop; empty: none is known
};

/// Whether mirrors can be blamed for their signatures: asks the primary archive for the Release of
/// each usual suite, until one is not well signed. One that is not there says nothing.
boost::asio::awaitable<PrimarySignature> check_primary_signature(prober::HttpClient&,
                                                                 model::Distribution,
                                                                 prober::SignatureVerifier);

}  // namespace mirrorwarden
