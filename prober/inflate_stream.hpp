#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace prober {

/// How the bytes of a file are packed.
enum class Compression { plain, gzip, xz, zstd };

/// By the end of the file's name: ".gz", ".xz", ".zst", else plain.
Compression compression_of(std::string_view path) noexcept;
std::string_view to_string(Compression) noexcept;  // "plain", "gzip", "xz", "zstd"

/// Why packed bytes cannot be used.
enum class InflateFault {
    wrong_format,      // it is not packed so at all
    corrupt,           // it began well, and then is wrong inside, or its checksum is
    truncated,         // it ends before its end
    trailing_garbage,  // something stands after its end
    too_large,         // more packed bytes than allowed
    inflates_too_far,  // more unpacked bytes than allowed, or than so few packed ones may become
    needs_memory,      // it asks for a larger window than allowed
};

/// Unpacks a file as its bytes come, in a fixed amount of memory: 100 KB for gzip, up to
/// `window_bytes_max` and a little for the others. Several gzip members, xz streams or zstd
/// frames in a row are one file, as for the programs of these names.
class InflateStream {
public:
    /// All of them are the caller's to choose.
    struct Limits {
        std::uint64_t bytes_max;           // packed
        std::uint64_t inflated_bytes_max;  // unpacked
        /// Unpacked bytes for each packed one; looked at after the first MiB.
        std::uint64_t ratio_max;
        std::uint64_t window_bytes_max;  // of xz and zstd
    };
    /// Gets the unpacked bytes, 64 KiB at most at once. False: stop, no more is wanted.
    using Sink = std::function<bool(std::string_view)>;

    InflateStream(Compression, Limits, Sink);
    ~InflateStream();
    InflateStream(InflateStream&&) noexcept;
    InflateStream& operator=(InflateStream&&) noexcept;

    /// False once there is a fault or the sink wants no more; what follows is passed over.
    bool feed(std::string_view packed);
    /// No more bytes come: a file that is not at its end has a fault now. Call it once.
    void finish();

    std::optional<InflateFault> fault() const noexcept;
    std::uint64_t bytes() const noexcept;           // packed, so far
    std::uint64_t inflated_bytes() const noexcept;  // unpacked, so far

    /// One way of packing; how it is done stays in the implementation.
    class Decoder;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace prober
