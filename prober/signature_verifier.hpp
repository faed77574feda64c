#pragma once

#include "model/signature_status.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace prober {

/// A Release in either of its forms, as it was received.
struct SignedFiles {
    enum class Form : std::uint8_t {
        clear_signed,  // InRelease
        detached,      // Release and Release.gpg
    };
    Form form = Form::clear_signed;
    std::string text;       // InRelease, or Release
    std::string signature;  // Release.gpg; empty: there is none
};

/// Says whose signatures the files bear; empty where nobody could look: that says nothing
/// of the files.
using SignatureVerifier =
    std::function<boost::asio::awaitable<std::optional<model::SignatureVerdict>>(SignedFiles)>;

}  // namespace prober
