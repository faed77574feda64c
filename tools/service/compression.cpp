#include "tools/service/compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <new>

namespace service {
namespace {

/// 15 bits of window, and 16 for the gzip format. Source: zlib.h, deflateInit2.
constexpr int gzip_format = 15 + 16;
constexpr int memory_level = 8;
constexpr int level = 6;

// zlib takes input by a pointer to what it will not change.
Bytef* input_of(std::string_view bytes) noexcept {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast,cppcoreguidelines-pro-type-const-cast)
    return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
}

}  // namespace

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_format, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        throw std::bad_alloc();
    }
    std::string file(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = input_of(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = input_of(file);
    stream.avail_out = static_cast<uInt>(file.size());
    const int code = deflate(&stream, Z_FINISH);
    file.resize(stream.total_out);
    deflateEnd(&stream);
    assert(code == Z_STREAM_END);
    file.shrink_to_fit();
    return file;
}

std::optional<std::string> gunzip(std::string_view file, std::size_t bytes_max) {
    z_stream stream{};
    if (inflateInit2(&stream, gzip_format) != Z_OK) {
        throw std::bad_alloc();
    }
    stream.next_in = input_of(file);
    stream.avail_in = static_cast<uInt>(file.size());
    std::string bytes;
    std::array<char, 16384> piece{};
    int code = Z_OK;
    while (code == Z_OK) {
        stream.next_out = input_of({piece.data(), piece.size()});
        stream.avail_out = static_cast<uInt>(piece.size());
        code = inflate(&stream, Z_NO_FLUSH);
        bytes.append(piece.data(), piece.size() - stream.avail_out);
        if (bytes.size() > bytes_max) {
            code = Z_DATA_ERROR;
        } else if (code == Z_STREAM_END && stream.avail_in > 0) {
            code = inflateReset(&stream);
        }
    }
    inflateEnd(&stream);
    if (code != Z_STREAM_END) {
        return std::nullopt;
    }
    return bytes;
}

}  // namespace service
