#include "prober/inflate_stream.hpp"

#include "prober/inflate_decoder.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace prober {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{64} << 10;
/// So little may inflate as far as it likes.
constexpr std::uint64_t ratio_matters_from = std::uint64_t{1} << 20;
/// No head of a gzip member, xz stream or zstd frame is shorter than the shortest of them.
constexpr std::uint64_t head_bytes_min = 10;

}  // namespace

Compression compression_of(std::string_view path) noexcept {
    if (path.ends_with(".gz")) {
        return Compression::gzip;
    }
    if (path.ends_with(".xz")) {
        return Compression::xz;
    }
    return path.ends_with(".zst") ? Compression::zstd : Compression::plain;
}

std::string_view to_string(Compression compression) noexcept {
    switch (compression) {
    case Compression::plain: break;
    case Compression::gzip: return "gzip";
    case Compression::xz: return "xz";
    case Compression::zstd: return "zstd";
    }
    return "plain";
}

struct InflateStream::State {
    Compression compression;
    Limits limits;
    Sink sink;
    std::unique_ptr<Decoder> decoder;
    std::array<char, buffer_bytes> buffer{};
    std::uint64_t bytes = 0;
    std::uint64_t inflated_bytes = 0;
    std::uint64_t member_bytes = 0;  // packed, of the member under way
    bool is_between_members = true;
    bool has_whole_member = false;
    bool is_over = false;
    std::optional<InflateFault> fault;

    void fail(InflateFault why) {
        fault = why;
        is_over = true;
    }
    void hand_on(std::string_view inflated);
    void inflate(std::string_view packed);
    bool begin_member(std::string_view& packed);
    void judge(Step step);
};

void InflateStream::State::hand_on(std::string_view inflated) {
    inflated_bytes += inflated.size();
    if (inflated_bytes > limits.inflated_bytes_max ||
        (inflated_bytes > ratio_matters_from && inflated_bytes / limits.ratio_max > bytes)) {
        fail(InflateFault::inflates_too_far);
    } else if (!inflated.empty() && !sink(inflated)) {
        is_over = true;
    }
}

/// False where nothing is left that could be a member.
bool InflateStream::State::begin_member(std::string_view& packed) {
    if (compression == Compression::xz && has_whole_member) {
        // Source: "The .xz File Format", section 2.2: zeros may stand between streams.
        packed.remove_prefix(std::min(packed.find_first_not_of('\0'), packed.size()));
    }
    if (packed.empty()) {
        return false;
    }
    if (has_whole_member) {
        decoder->restart();
    }
    is_between_members = false;
    member_bytes = 0;
    return true;
}

void InflateStream::State::judge(Step step) {
    switch (step) {
    case Step::more: break;
    case Step::member_ended:
        has_whole_member = true;
        is_between_members = true;
        break;
    case Step::wrong_format:
        fail(has_whole_member ? InflateFault::trailing_garbage : InflateFault::wrong_format);
        break;
    case Step::corrupt: fail(InflateFault::corrupt); break;
    case Step::needs_memory: fail(InflateFault::needs_memory); break;
    }
}

void InflateStream::State::inflate(std::string_view packed) {
    while (!is_over) {
        if (is_between_members && !begin_member(packed)) {
            return;
        }
        const auto packed_before = packed.size();
        std::span<char> room{buffer};
        const auto step = decoder->step(packed, room);
        const auto taken = packed_before - packed.size();
        const auto made = buffer.size() - room.size();
        member_bytes += taken;
        hand_on({buffer.data(), made});
        if (!is_over) {
            judge(step);
        }
        if (step == Step::more && packed.empty() && !room.empty()) {
            return;
        }
        if (step == Step::more && taken == 0 && made == 0) {
            fail(InflateFault::corrupt);  // it would go on for ever
        }
    }
}

InflateStream::InflateStream(Compression compression, Limits limits, Sink sink)
    : state_{std::make_unique<State>()} {
    state_->compression = compression;
    state_->limits = limits;
    state_->sink = std::move(sink);
    state_->decoder = make_decoder(compression, limits.window_bytes_max);
}

InflateStream::~InflateStream() = default;
InflateStream::InflateStream(InflateStream&&) noexcept = default;
InflateStream& InflateStream::operator=(InflateStream&&) noexcept = default;

bool InflateStream::feed(std::string_view packed) {
    if (state_->is_over) {
        return false;
    }
    state_->bytes += packed.size();
    if (state_->bytes > state_->limits.bytes_max) {
        state_->fail(InflateFault::too_large);
    } else if (state_->decoder != nullptr) {
        state_->inflate(packed);
    } else {
        state_->hand_on(packed);
    }
    return !state_->is_over;
}

void InflateStream::finish() {
    if (state_->is_over || state_->decoder == nullptr) {
        return;
    }
    if (!state_->is_between_members && state_->has_whole_member &&
        state_->member_bytes < head_bytes_min) {
        state_->fail(InflateFault::trailing_garbage);
    } else if (!state_->is_between_members || !state_->has_whole_member) {
        state_->fail(InflateFault::truncated);
    }
}

std::optional<InflateFault> InflateStream::fault() const noexcept {
    return state_->fault;
}

std::uint64_t InflateStream::bytes() const noexcept {
    return state_->bytes;
}

std::uint64_t InflateStream::inflated_bytes() const noexcept {
    return state_->inflated_bytes;
}

}  // namespace prober
