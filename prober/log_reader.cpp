#include "prober/log_reader.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <utility>

namespace prober {
namespace {

constexpr int gzip_window_bits = 15 + 16;  // "+ 16" is zlib's word for a gzip wrapper
constexpr std::size_t step_bytes = 65'536;

class Inflater {
public:
    explicit Inflater(std::string_view gz) : left_{gz} {
        if (inflateInit2(&stream_, gzip_window_bits) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~Inflater() { inflateEnd(&stream_); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    /// Appends up to `bytes_max` to `text`; returns zlib's code.
    int step(std::string& text, std::size_t bytes_max) {
        if (stream_.avail_in == 0) {
            feed();
        }
        std::array<char, step_bytes> room;  // NOLINT(cppcoreguidelines-pro-type-member-init)
        stream_.next_out = reinterpret_cast<Bytef*>(room.data());
        stream_.avail_out = static_cast<uInt>(std::min(bytes_max, room.size()));
        const auto offered = stream_.avail_out;
        const int state = inflate(&stream_, Z_NO_FLUSH);
        text.append(room.data(), offered - stream_.avail_out);
        return state;
    }

    /// Nothing is left, not even a byte of a further member.
    bool is_at_end() const { return stream_.avail_in == 0 && left_.empty(); }

    void next_member() { inflateReset(&stream_); }

private:
    void feed() {
        const auto part =
            left_.substr(0, std::min<std::size_t>(left_.size(), std::numeric_limits<uInt>::max()));
        // zlib reads the input through a pointer that is not const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
        stream_.avail_in = static_cast<uInt>(part.size());
        left_.remove_prefix(part.size());
    }

    z_stream stream_{};
    std::string_view left_;
};

}  // namespace

boost::system::result<std::string, std::string> decompress_log(std::string_view gz,
                                                               std::size_t bytes_max) {
    std::string text;
    Inflater inflater(gz);
    while (text.size() < bytes_max) {
        const int state = inflater.step(text, bytes_max - text.size());
        if (state == Z_STREAM_END) {
            if (inflater.is_at_end()) {
                break;
            }
            inflater.next_member();
        } else if (state == Z_BUF_ERROR) {
            return {boost::system::in_place_error,
                    fmt::format("the stored log ends in the middle, after {} bytes of text",
                                text.size())};
        } else if (state != Z_OK) {
            return {boost::system::in_place_error,
                    fmt::format("the stored log is damaged after {} bytes of text", text.size())};
        }
    }
    return {boost::system::in_place_value, std::move(text)};
}

}  // namespace prober
