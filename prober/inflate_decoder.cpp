#include "prober/inflate_decoder.hpp"

#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <new>

namespace prober {
namespace {

constexpr int gzip_window_bits = 15 + 16;  // "+ 16" is zlib's word for a gzip wrapper, and no other
constexpr int zstd_window_log_max = 31;

void cut(std::string_view& input, std::size_t input_left, std::span<char>& output,
         std::size_t output_left) {
    input.remove_prefix(input.size() - input_left);
    output = output.last(output_left);
}

class GzipDecoder final : public InflateStream::Decoder {
public:
    GzipDecoder() {
        if (::inflateInit2(&stream_, gzip_window_bits) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~GzipDecoder() override { ::inflateEnd(&stream_); }
    GzipDecoder(const GzipDecoder&) = delete;
    GzipDecoder& operator=(const GzipDecoder&) = delete;

    Step step(std::string_view& input, std::span<char>& output) override {
        constexpr std::size_t once_max = std::numeric_limits<uInt>::max();
        const auto input_size = std::min(input.size(), once_max);
        // zlib writes nothing there; its type only knows no const.
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
        stream_.avail_in = static_cast<uInt>(input_size);
        stream_.next_out = reinterpret_cast<Bytef*>(output.data());
        stream_.avail_out = static_cast<uInt>(std::min(output.size(), once_max));
        const auto output_before = stream_.avail_out;
        const int result = ::inflate(&stream_, Z_NO_FLUSH);
        cut(input, input.size() - (input_size - stream_.avail_in), output,
            output.size() - (output_before - stream_.avail_out));
        switch (result) {
        case Z_STREAM_END: return Step::member_ended;
        case Z_OK:
        case Z_BUF_ERROR:  // no progress was possible
            return Step::more;
        case Z_MEM_ERROR: throw std::bad_alloc();
        default:
            // Before the first block, what is wrong is the header.
            return stream_.total_out == 0 && stream_.total_in < 16 ? Step::wrong_format
                                                                   : Step::corrupt;
        }
    }

    void restart() override { ::inflateReset(&stream_); }

private:
    z_stream stream_{};
};

class XzDecoder final : public InflateStream::Decoder {
public:
    explicit XzDecoder(std::uint64_t window_bytes_max) : memory_max_{window_bytes_max + overhead} {
        begin();
    }
    ~XzDecoder() override { ::lzma_end(&stream_); }
    XzDecoder(const XzDecoder&) = delete;
    XzDecoder& operator=(const XzDecoder&) = delete;

    Step step(std::string_view& input, std::span<char>& output) override {
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
        stream_.avail_in = input.size();
        stream_.next_out = reinterpret_cast<std::uint8_t*>(output.data());
        stream_.avail_out = output.size();
        const auto result = ::lzma_code(&stream_, LZMA_RUN);
        cut(input, stream_.avail_in, output, stream_.avail_out);
        switch (result) {
        case LZMA_STREAM_END: return Step::member_ended;
        case LZMA_OK:
        case LZMA_BUF_ERROR: return Step::more;
        case LZMA_FORMAT_ERROR: return Step::wrong_format;
        case LZMA_MEMLIMIT_ERROR: return Step::needs_memory;
        case LZMA_MEM_ERROR: throw std::bad_alloc();
        default: return Step::corrupt;
        }
    }

    void restart() override { begin(); }

private:
    void begin() {
        // A stream that was used before is begun anew, in the memory that it has.
        if (::lzma_stream_decoder(&stream_, memory_max_, 0) != LZMA_OK) {
            throw std::bad_alloc();
        }
    }

    static constexpr std::uint64_t overhead = std::uint64_t{1} << 20;

    std::uint64_t memory_max_;
    lzma_stream stream_ = LZMA_STREAM_INIT;
};

class ZstdDecoder final : public InflateStream::Decoder {
public:
    explicit ZstdDecoder(std::uint64_t window_bytes_max) : context_{::ZSTD_createDCtx()} {
        if (context_ == nullptr) {
            throw std::bad_alloc();
        }
        const int log = std::clamp(static_cast<int>(std::bit_width(window_bytes_max)) - 1, 10,
                                   zstd_window_log_max);
        ::ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, log);
    }
    ~ZstdDecoder() override { ::ZSTD_freeDCtx(context_); }
    ZstdDecoder(const ZstdDecoder&) = delete;
    ZstdDecoder& operator=(const ZstdDecoder&) = delete;

    Step step(std::string_view& input, std::span<char>& output) override {
        ZSTD_inBuffer in{input.data(), input.size(), 0};
        ZSTD_outBuffer out{output.data(), output.size(), 0};
        const auto result = ::ZSTD_decompressStream(context_, &out, &in);
        cut(input, in.size - in.pos, output, out.size - out.pos);
        if (::ZSTD_isError(result) == 0) {
            return result == 0 ? Step::member_ended : Step::more;
        }
        switch (::ZSTD_getErrorCode(result)) {
        case ZSTD_error_prefix_unknown:
        case ZSTD_error_version_unsupported: return Step::wrong_format;
        case ZSTD_error_frameParameter_windowTooLarge: return Step::needs_memory;
        case ZSTD_error_memory_allocation: throw std::bad_alloc();
        default: return Step::corrupt;
        }
    }

    void restart() override { ::ZSTD_DCtx_reset(context_, ZSTD_reset_session_only); }

private:
    ZSTD_DCtx* context_;
};

}  // namespace

std::unique_ptr<InflateStream::Decoder> make_decoder(Compression compression,
                                                     std::uint64_t window_bytes_max) {
    switch (compression) {
    case Compression::plain: break;
    case Compression::gzip: return std::make_unique<GzipDecoder>();
    case Compression::xz: return std::make_unique<XzDecoder>(window_bytes_max);
    case Compression::zstd: return std::make_unique<ZstdDecoder>(window_bytes_max);
    }
    return nullptr;
}

}  // namespace prober
