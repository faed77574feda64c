#pragma once

#include "prober/inflate_stream.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace prober {

/// What one step of a decoder came to.
enum class Step {
    more,          // it wants more input, or more room
    member_ended,  // a member, stream or frame is whole; `restart` before the next
    wrong_format,
    corrupt,
    needs_memory,
};

/// One member of a packed file at a time.
class InflateStream::Decoder {
public:
    virtual ~Decoder() = default;

    /// Takes from the front of `input`, puts bytes to the front of `output`; both are cut to what
    /// is left of them.
    virtual Step step(std::string_view& input, std::span<char>& output) = 0;
    /// Begins another member.
    virtual void restart() = 0;
};

/// Null for `Compression::plain`. Throws if there is no memory.
std::unique_ptr<InflateStream::Decoder> make_decoder(Compression, std::uint64_t window_bytes_max);

}  // namespace prober
