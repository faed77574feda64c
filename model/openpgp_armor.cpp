#include "model/openpgp_armor.hpp"

#include "model/base64.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace model {
namespace {

constexpr std::string_view begin_line = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
constexpr std::string_view end_line = "-----END PGP PUBLIC KEY BLOCK-----";

/// Source: RFC 4880, section 6.1.
std::uint32_t crc24(std::string_view bytes) noexcept {
    std::uint32_t crc = 0xb704ce;
    for (const char byte : bytes) {
        crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << 16U;
        for (int bit = 0; bit < 8; ++bit) {
            crc <<= 1U;
            if ((crc & 0x1000000U) != 0) {
                crc ^= 0x1864cfbU;
            }
        }
    }
    return crc & 0xffffffU;
}

class Lines {
public:
    explicit Lines(std::string_view text) : rest_{text} {}

    /// The next line without blanks and line ends after it; empty at the end of the text.
    std::optional<std::string_view> next() noexcept {
        if (rest_.empty()) {
            return std::nullopt;
        }
        ++number_;
        auto line = rest_.substr(0, rest_.find('\n'));
        rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
        const auto last = line.find_last_not_of(" \t\r");
        return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
    }
    int number() const noexcept { return number_; }

private:
    std::string_view rest_;
    int number_ = 0;
};

/// The block whose first line was read.
boost::system::result<std::string, TextFault> read_block(Lines& lines) {
    const int begin = lines.number();
    auto line = lines.next();
    while (line && !line->empty() && line->find(':') != std::string_view::npos) {
        line = lines.next();  // an armour header: "Version: ...", "Comment: ..."
    }
    std::string base64;
    std::string checksum;
    for (; line && *line != end_line; line = lines.next()) {
        if (!checksum.empty() && !line->empty()) {
            return TextFault{lines.number(), "something stands between the checksum and the end"};
        }
        if (line->starts_with('=')) {
            checksum = line->substr(1);
        } else {
            base64 += *line;
        }
    }
    if (!line) {
        return TextFault{begin, "the key block that begins here has no end"};
    }
    auto bytes = from_base64(base64);
    if (!bytes || bytes->empty()) {
        return TextFault{begin, "the key block that begins here is not base64"};
    }
    if (!checksum.empty()) {
        const auto expected = from_base64(checksum);
        const auto crc = crc24(*bytes);
        const std::string actual = {static_cast<char>(crc >> 16U),
                                    static_cast<char>(crc >> 8U & 0xffU),
                                    static_cast<char>(crc & 0xffU)};
        if (expected != actual) {
            return TextFault{begin,
                             "the key block that begins here is damaged: its checksum is "
                             "wrong"};
        }
    }
    return std::move(*bytes);
}

}  // namespace

bool is_armored(std::string_view file) noexcept {
    // A binary key begins with a byte above 127, a keybox with NUL bytes.
    return file.find(begin_line) != std::string_view::npos &&
           (file.starts_with(begin_line) || file.find('\0') == std::string_view::npos);
}

boost::system::result<std::string, TextFault> dearmor_keys(std::string_view file) {
    std::string keys;
    Lines lines(file);
    while (const auto line = lines.next()) {
        if (*line != begin_line) {
            continue;
        }
        auto block = read_block(lines);
        if (block.has_error()) {
            return block.error();
        }
        keys += *block;
    }
    if (keys.empty()) {
        return TextFault{0, "there is no key block in it"};
    }
    return keys;
}

}  // namespace model
