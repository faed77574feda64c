#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prober {

class SpoolFile;
class Deflater;

/// Where the logs of a run's mirrors wait, compressed, until each is whole.
///
/// On disk, in one file without a name that is gone with this object or the process:
/// a distribution with four times the indexes must not need four times the memory.
/// Text gathers per mirror in a small buffer, which becomes one gzip member of the
/// file whenever it is full.
class LogSpool {
public:
    /// One mirror's log in the making. Belongs to the spool that it is given to first.
    class Log {
        friend LogSpool;

        struct Extent {
            std::uint64_t offset = 0;
            std::uint64_t bytes = 0;
        };

        std::string text_;             // not yet compressed
        std::vector<Extent> extents_;  // gzip members in the file, in order
    };

    /// How much text one gzip member takes. Smaller ones compress badly; larger ones
    /// cost memory for each mirror that is under way.
    static constexpr std::size_t member_bytes = 8192;

    /// Makes the file in `folder`. This and what follows throw `std::system_error`
    /// that names the folder, when it cannot be made, written (disk full) or read.
    explicit LogSpool(std::filesystem::path folder);
    ~LogSpool();
    LogSpool(const LogSpool&) = delete;
    LogSpool& operator=(const LogSpool&) = delete;

    /// Adds whole lines.
    void append(Log&, std::string_view text);

    /// The log as gzip, RFC 1952, of one member or more; the log is empty then.
    std::string take(Log&);

private:
    void flush(Log&);

    std::unique_ptr<SpoolFile> file_;
    std::unique_ptr<Deflater> deflater_;
};

/// Where temporary files that may grow large go: `$TMPDIR`, else /var/tmp, which is
/// on a disk where /tmp may be memory.
std::filesystem::path spool_folder();

}  // namespace prober
