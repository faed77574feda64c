// A stranger's index: however it is cut, the same stanzas and the same fault, and never more kept
// than one stanza.

#include "model/deb822.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

struct Seen {
    std::vector<std::string> fields;
    std::optional<model::TextFault> fault;

    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen read(std::string_view text, std::size_t piece_bytes) {
    Seen seen;
    model::Deb822Reader reader({.stanza_bytes_max = 256}, [&seen](const model::Stanza& stanza) {
        if (stanza.text().size() > 256) {
            std::abort();
        }
        seen.fields.emplace_back(stanza.text());
        seen.fields.emplace_back(stanza.field("Package"));
        seen.fields.push_back(std::to_string(stanza.line_of(stanza.text())));
    });
    while (!text.empty() && !seen.fault) {
        const std::string piece(text.substr(0, piece_bytes));
        seen.fault = reader.feed(piece);
        text.remove_prefix(piece.size());
    }
    if (!seen.fault) {
        seen.fault = reader.finish();
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto whole = read(text, std::max<std::size_t>(size, 1));
    for (const std::size_t bytes : {1, 2, 7, 64}) {
        const auto cut = read(text, bytes);
        // A NUL byte is found before the stanzas of its piece are read, so that a smaller piece
        // may find another fault, or a stanza more, before it.
        const bool has_nul = text.find('\0') != std::string_view::npos;
        if (has_nul ? !whole.fault || !cut.fault : cut != whole) {
            std::abort();
        }
    }
    return 0;
}
