#include "prober/log_spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <system_error>
#include <utility>

namespace prober {
namespace {

/// Log lines resemble each other so much that zlib's fastest level halves the time
/// and costs a few percent of the size.
constexpr int compression_level = 1;
constexpr int gzip_window_bits = 15 + 16;  // "+ 16" is zlib's word for a gzip wrapper
constexpr int memory_level = 8;

}  // namespace

/// A file that has no name, so that nothing is left behind however the process ends.
class SpoolFile {
public:
    explicit SpoolFile(std::filesystem::path folder) : folder_{std::move(folder)} {
        descriptor_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (descriptor_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
            descriptor_ = open_and_unlink();
        }
        if (descriptor_ < 0) {
            fail("make");
        }
    }
    ~SpoolFile() { ::close(descriptor_); }
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;

    /// Returns where the bytes begin.
    std::uint64_t append(std::string_view bytes) {
        const auto begin = size_;
        while (!bytes.empty()) {
            const auto written =
                ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written <= 0) {
                fail("write");
            }
            size_ += static_cast<std::uint64_t>(written);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return begin;
    }

    /// Fills all of `bytes` from `offset` on.
    void read(std::uint64_t offset, char* bytes, std::size_t count) const {
        while (count > 0) {
            const auto got = ::pread(descriptor_, bytes, count, static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got <= 0) {
                errno = got == 0 ? EIO : errno;
                fail("read back");
            }
            offset += static_cast<std::uint64_t>(got);
            bytes += got;
            count -= static_cast<std::size_t>(got);
        }
    }

private:
    /// For file systems that know no O_TMPFILE.
    int open_and_unlink() const {
        auto name = (folder_ / "mirrorwarden-log-XXXXXX").string();
        const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
        if (descriptor >= 0) {
            ::unlink(name.c_str());
        }
        return descriptor;
    }

    [[noreturn]] void fail(std::string_view what) const {
        const std::error_code reason(errno, std::generic_category());
        throw std::system_error(
            reason,
            fmt::format("cannot {} the temporary file for the logs in {} (free space there, "
                        "or set TMPDIR to another folder)",
                        what, folder_.string()));
    }

    std::filesystem::path folder_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
};

/// One zlib state for all mirrors: it is a quarter of a megabyte.
class Deflater {
public:
    Deflater() {
        if (deflateInit2(&stream_, compression_level, Z_DEFLATED, gzip_window_bits, memory_level,
                         Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    /// One whole gzip member; valid until the next call.
    std::string_view compress(std::string_view text) {
        deflateReset(&stream_);
        output_.resize(deflateBound(&stream_, static_cast<uLong>(text.size())));
        // zlib reads the input through a pointer that is not const.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
        stream_.avail_in = static_cast<uInt>(text.size());
        stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
        stream_.avail_out = static_cast<uInt>(output_.size());
        const int state = deflate(&stream_, Z_FINISH);
        assert(state == Z_STREAM_END);
        (void)state;
        return {output_.data(), output_.size() - stream_.avail_out};
    }

private:
    z_stream stream_{};
    std::string output_;
};

LogSpool::LogSpool(std::filesystem::path folder)
    : file_{std::make_unique<SpoolFile>(std::move(folder))},
      deflater_{std::make_unique<Deflater>()} {}

LogSpool::~LogSpool() = default;

void LogSpool::append(Log& log, std::string_view text) {
    if (!log.text_.empty() && log.text_.size() + text.size() > member_bytes) {
        flush(log);
    }
    if (log.text_.capacity() < member_bytes) {
        log.text_.reserve(member_bytes);  // growing by doubling would end at twice as much
    }
    log.text_ += text;
}

void LogSpool::flush(Log& log) {
    if (log.text_.empty()) {
        return;
    }
    const auto member = deflater_->compress(log.text_);
    const auto offset = file_->append(member);
    log.extents_.push_back({.offset = offset, .bytes = member.size()});
    log.text_.clear();
}

std::string LogSpool::take(Log& log) {
    std::string gz;
    std::size_t bytes = 0;
    for (const auto& extent : log.extents_) {
        bytes += extent.bytes;
    }
    gz.resize(bytes);
    std::size_t filled = 0;
    for (const auto& extent : log.extents_) {
        file_->read(extent.offset, gz.data() + filled, extent.bytes);
        filled += extent.bytes;
    }
    // The rest never needs to see the disk. An empty log is one empty member: no
    // bytes at all would not be gzip.
    if (!log.text_.empty() || log.extents_.empty()) {
        gz += deflater_->compress(log.text_);
    }
    log = Log{};
    return gz;
}

std::filesystem::path spool_folder() {
    const char* folder = std::getenv("TMPDIR");
    return folder != nullptr && *folder != '\0' ? folder : "/var/tmp";
}

}  // namespace prober
