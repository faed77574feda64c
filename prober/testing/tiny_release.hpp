#pragma once

#include "model/signature_status.hpp"
#include "model/timestamp.hpp"
#include "prober/release_library.hpp"
#include "prober/sha256_hasher.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prober::testing {

/// The text of a Release of the suite "new" that names files of these contents.
inline std::string release_text(model::Timestamp date,
                                const std::vector<std::pair<std::string, std::string>>& files,
                                const std::string& more_fields = {}) {
    std::string text = fmt::format(
        "Origin: Tiny\nSuite: stable\nCodename: new\nDate: {:%a, %d %b %Y %H:%M:%S} UTC\n"
        "Architectures: amd64\nComponents: main\n{}SHA256:\n",
        fmt::gmtime(std::chrono::floor<std::chrono::seconds>(date)), more_fields);
    for (const auto& [path, content] : files) {
        text += fmt::format(" {} {} {}\n", to_string(sha256_of(content)), content.size(), path);
    }
    return text;
}

/// In the form of an InRelease; what its signature is worth says `FakeVerifier`.
inline std::string clear_signed(const std::string& text, const std::string& signature = "good") {
    return fmt::format(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{}-----BEGIN PGP SIGNATURE-----\n\n"
        "{}\n-----END PGP SIGNATURE-----\n",
        text, signature);
}

/// Believes what the signature says of itself: "good", else it is by an unknown key.
struct FakeVerifier {
    std::shared_ptr<std::size_t> calls = std::make_shared<std::size_t>(0);

    boost::asio::awaitable<std::optional<model::SignatureVerdict>> operator()(
        SignedFiles files) const {
        ++*calls;
        const auto& where =
            files.form == SignedFiles::Form::detached ? files.signature : files.text;
        model::SignatureVerdict verdict;
        if (where.find("SIGNATURE") == std::string::npos && files.signature.empty()) {
            co_return verdict;  // there is none
        }
        verdict.kind = where.find("\ngood\n") != std::string::npos
                           ? model::SignatureKind::good
                           : model::SignatureKind::unknown_key;
        co_return verdict;
    }
};

}  // namespace prober::testing
