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
    for (const std::size_t bytes : {1U, 2U, 7U, 64U}) {
        const auto cut = read(text, bytes);
        // Which of several faults is told depends on the cut: a line that is no field is found
        // when it is whole, a stanza that is too large when it is.
        bool is_same = cut.fault.has_value() == whole.fault.has_value();
        // A NUL byte is found before the stanzas of its piece are read.
        if (text.find('\0') == std::string_view::npos) {
            is_same = is_same && cut.fields == whole.fields;
        }
        if (!is_same) {
            std::abort();
        }
    }
    return 0;
}
