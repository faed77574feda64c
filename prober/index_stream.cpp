#include "prober/index_stream.hpp"

#include "prober/sha256_hasher.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace prober {
namespace {

IndexFault describe(InflateFault fault, Compression compression,
                    const InflateStream::Limits& limits) {
    using Kind = IndexFault::Kind;
    switch (fault) {
    case InflateFault::wrong_format:
        return {Kind::wrong_format, fmt::format("it is not {}", to_string(compression))};
    case InflateFault::corrupt:
        return {Kind::corrupt,
                fmt::format("its {} packing is corrupt inside", to_string(compression))};
    case InflateFault::truncated:
        return {Kind::truncated, "it is truncated: it ends before its end"};
    case InflateFault::trailing_garbage:
        return {Kind::trailing_garbage,
                fmt::format("after the end of its {} packing there is garbage",
                            to_string(compression))};
    case InflateFault::too_large:
        return {Kind::too_large,
                fmt::format("it is larger than {} bytes, which is too much", limits.bytes_max)};
    case InflateFault::inflates_too_far:
        return {Kind::bomb,
                fmt::format("it is a bomb: it inflates to more than {} bytes, or to more than "
                            "{} times its size",
                            limits.inflated_bytes_max, limits.ratio_max)};
    case InflateFault::needs_memory: break;
    }
    return {Kind::needs_memory,
            fmt::format("unpacking it needs a window of more than {} bytes of memory",
                        limits.window_bytes_max)};
}

IndexFault describe(const model::TextFault& fault, IndexFault::Kind kind) {
    return {kind, fault.line > 0 ? fmt::format("line {}: {}", fault.line, fault.what) : fault.what};
}

}  // namespace

struct IndexStream::State {
    Compression compression;
    model::IndexKind kind;
    Limits limits;
    OnPackage on_package;
    Sha256Hasher packed_hash;
    Sha256Hasher inflated_hash;
    std::uint64_t packages = 0;
    std::optional<IndexFault> fault;
    model::Deb822Reader reader;
    InflateStream inflate;

    State(Compression packing, model::IndexKind index_kind, Limits bounds, OnPackage callback)
        : compression{packing},
          kind{index_kind},
          limits{bounds},
          on_package{std::move(callback)},
          reader{model::Deb822Reader::Limits{.stanza_bytes_max = bounds.stanza_bytes_max},
                 [this](const model::Stanza& stanza) { read(stanza); }},
          inflate{packing, bounds.inflate,
                  [this](std::string_view bytes) { return parse(bytes); }} {}

    void read(const model::Stanza& stanza);
    bool parse(std::string_view bytes);
};

void IndexStream::State::read(const model::Stanza& stanza) {
    if (fault) {
        return;
    }
    const auto package = model::read_index_package(kind, stanza);
    if (package.has_error()) {
        fault = describe(package.error(), IndexFault::Kind::wrong_package);
        return;
    }
    ++packages;
    on_package(*package);
}

bool IndexStream::State::parse(std::string_view bytes) {
    inflated_hash.add(bytes);
    if (const auto wrong = reader.feed(bytes); wrong && !fault) {
        fault = describe(*wrong, IndexFault::Kind::wrong_text);
    }
    return !fault;
}

IndexStream::IndexStream(Compression compression, model::IndexKind kind, Limits limits,
                         OnPackage on_package)
    : state_{std::make_unique<State>(compression, kind, limits, std::move(on_package))} {}

IndexStream::~IndexStream() = default;
IndexStream::IndexStream(IndexStream&&) noexcept = default;
IndexStream& IndexStream::operator=(IndexStream&&) noexcept = default;

bool IndexStream::feed(std::string_view bytes) {
    state_->packed_hash.add(bytes);
    return state_->inflate.feed(bytes);
}

boost::system::result<IndexSummary, IndexFault> IndexStream::finish() {
    auto& state = *state_;
    state.inflate.finish();
    if (!state.fault && state.inflate.fault()) {
        state.fault = describe(*state.inflate.fault(), state.compression, state.limits.inflate);
    }
    if (const auto wrong = state.reader.finish(); wrong && !state.fault) {
        state.fault = describe(*wrong, IndexFault::Kind::wrong_text);
    }
    if (state.fault) {
        return *state.fault;
    }
    IndexSummary summary;
    summary.bytes = state.inflate.bytes();
    summary.sha256 = state.packed_hash.finish();
    summary.inflated_bytes = state.inflate.inflated_bytes();
    summary.inflated_sha256 = state.inflated_hash.finish();
    summary.packages = state.packages;
    return summary;
}

}  // namespace prober
