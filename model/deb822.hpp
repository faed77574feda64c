#pragma once

#include "model/text_fault.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// The fields of one stanza: "Package: hello", and lines that begin with a blank continue the
/// field before them. Source: Debian Policy, section 5.1. Valid during the callback only.
class Stanza {
public:
    /// The value, without blanks and line ends around it; of more lines, with the line ends
    /// between them. The first, if there are several. Empty if absent. Letters of either case.
    std::string_view field(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept;
    /// How many fields have that name.
    std::size_t count(std::string_view name) const noexcept;

    /// Where a part of this stanza begins, counted from the text's first line, which is 1.
    int line_of(std::string_view part) const noexcept;
    /// The whole of it, with its line ends.
    std::string_view text() const noexcept { return text_; }

private:
    friend class Deb822Reader;

    struct Field {
        std::string_view name;
        std::string_view value;  // as it stands: from the colon to the last line end
    };
    const Field* find(std::string_view name) const noexcept;

    std::string_view text_;
    std::vector<Field> fields_;
    int line_ = 1;
};

/// Reads what Packages, Sources and Release files are made of, in pieces of any size, and keeps
/// one stanza at most.
class Deb822Reader {
public:
    struct Limits {
        std::size_t stanza_bytes_max = 0;
    };

    Deb822Reader(Limits, std::function<void(const Stanza&)> on_stanza);

    /// Calls back for every stanza that `chunk` completes. The fault, if there is one: a line
    /// that is no field, a stanza that begins with a continuation, a NUL byte, a stanza larger
    /// than the limit. Of several, which is told may depend on the pieces. The same fault again
    /// after the first, and no more stanzas.
    std::optional<TextFault> feed(std::string_view chunk);
    /// The text ends here, and with it the last stanza.
    std::optional<TextFault> finish();

private:
    std::size_t read_whole_stanzas(std::string_view text);
    std::size_t complete_kept(std::string_view chunk);
    void read_kept(std::size_t bytes);
    bool keep(std::string_view part);
    bool add_line(std::string_view line, int number);
    void emit(std::string_view text);
    bool stop_too_large();
    bool stop(int line, std::string what);

    Limits limits_;
    std::function<void(const Stanza&)> on_stanza_;
    Stanza stanza_;
    std::string kept_;           // a stanza that is not complete yet
    std::size_t kept_line_ = 0;  // where its last line begins in it
    int line_ = 1;               // of the first line of the stanza that is next
    std::optional<TextFault> fault_;
};

}  // namespace model
