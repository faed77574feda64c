#pragma once

#include "model/index_package.hpp"
#include "model/sha256.hpp"
#include "prober/inflate_stream.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace prober {

/// Why an index cannot be used.
struct IndexFault {
    enum class Kind {
        too_large,         // more packed bytes than allowed
        bomb,              // it inflates too far
        needs_memory,      // its packing asks for a larger window than allowed
        wrong_format,      // it is not packed as its name says
        corrupt,           // its packing is wrong inside
        truncated,         // it ends early
        trailing_garbage,  // something stands after its end
        wrong_text,        // a line that is no field, a stanza that is too large
        wrong_package,     // a stanza that describes no file of a package
    };
    Kind kind{};
    std::string what;  // the end of a sentence: "it is not gzip", "line 7: there is a NUL byte"
};

/// What an index came to. Sizes and hashes of it as it came, and of what was packed in it.
struct IndexSummary {
    std::uint64_t bytes = 0;
    model::Sha256 sha256;
    std::uint64_t inflated_bytes = 0;
    model::Sha256 inflated_sha256;
    std::uint64_t packages = 0;
};

/// Reads an index as its bytes come: inflates, hashes and parses it, and never holds more of it
/// than a stanza.
class IndexStream {
public:
    struct Limits {
        InflateStream::Limits inflate;
        std::size_t stanza_bytes_max;
    };
    using OnPackage = std::function<void(const model::IndexPackage&)>;

    /// `on_package` gets every package in the index's order; its texts live during the call.
    IndexStream(Compression, model::IndexKind, Limits, OnPackage on_package);
    ~IndexStream();
    IndexStream(IndexStream&&) noexcept;
    IndexStream& operator=(IndexStream&&) noexcept;

    /// False once there is a fault: the rest need not be fetched.
    bool feed(std::string_view bytes);
    /// No more bytes come. Call it once, last. Until it gave a summary, nothing that
    /// `on_package` got is to be believed; after that, compare the hashes.
    boost::system::result<IndexSummary, IndexFault> finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace prober
