// gpgv repeats what strangers wrote into their keys: it may never make a signature good that is
// followed by no VALIDSIG.

#include "model/signature_status.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view lines(reinterpret_cast<const char*>(data), size);
    const auto verdict = model::judge_signature(lines);
    const bool is_good = verdict.kind == model::SignatureKind::good;
    const bool may_be_good = lines.find("[GNUPG:] GOODSIG") != std::string_view::npos &&
                             lines.find("[GNUPG:] VALIDSIG") != std::string_view::npos;
    if (is_good == verdict.fingerprints.empty() || (is_good && !may_be_good)) {
        std::abort();
    }
    return 0;
}
