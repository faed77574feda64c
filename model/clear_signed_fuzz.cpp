// A stranger's InRelease: what is taken as signed must be all of the file that is not armour.

#include "model/clear_signed.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

/// The message again, from its parts: with every dash escaped it must be read as the same.
std::string rebuilt(const model::ClearSigned& parts) {
    std::string file = "-----BEGIN PGP SIGNED MESSAGE-----\n\n";
    for (std::string_view rest = parts.text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n') + 1);
        file += line.starts_with('-') ? "- " : "";
        file += line;
        rest.remove_prefix(line.size());
    }
    return file + parts.signatures;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    const auto parts = model::split_clear_signed(file);
    if (parts.has_error()) {
        return parts.error().what.empty() ? (std::abort(), 0) : 0;
    }
    const auto again = model::split_clear_signed(rebuilt(*parts));
    const bool is_whole = parts->text.empty() || parts->text.back() == '\n';
    const bool is_clean =
        parts->text.find_first_of(std::string_view("\0\r", 2)) == std::string::npos;
    // Nothing before, after or between: each line of the file is in one part, or a header.
    const bool is_all = parts->text.size() + parts->signatures.size() <= file.size() + 1;
    if (again.has_error() || *again != *parts || !is_whole || !is_clean || !is_all) {
        std::abort();
    }
    return 0;
}
