#include "model/signature_status.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace model {
namespace {

constexpr std::string_view prefix = "[GNUPG:] ";

/// The next word; empty at the end.
std::string_view take_word(std::string_view& text) noexcept {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

/// The word of that number, the first being 0.
std::string_view word_at(std::string_view text, int number) noexcept {
    for (; number > 0; --number) {
        take_word(text);
    }
    return take_word(text);
}

/// SHA-2's numbers. Whatever apt does not know is as weak as what it knows to be broken.
/// Source: RFC 9580, section 9.5, and apt's table of digests.
bool is_strong_digest(std::string_view number) noexcept {
    constexpr std::array<std::string_view, 4> strong = {"8", "9", "10", "11"};
    return std::find(strong.begin(), strong.end(), number) != strong.end();
}

/// What gpgv says of one signature after another. It repeats a fault's name in no other line
/// than its own, but says VALIDSIG of expired and revoked keys too.
class SignatureReader {
public:
    void read(std::string_view line) {
        const auto keyword = take_word(line);
        if (keyword == "NEWSIG") {
            current_.reset();
        } else if (keyword == "GOODSIG") {
            current_ = SignatureKind::good;
        } else if (keyword == "EXPKEYSIG") {
            fault(SignatureKind::expired_key);
        } else if (keyword == "REVKEYSIG") {
            fault(SignatureKind::revoked_key);
        } else if (keyword == "EXPSIG") {
            fault(SignatureKind::expired_signature);
        } else if (keyword == "BADSIG") {
            fault(SignatureKind::bad);
            has_bad_signature_ = true;
        } else if (keyword == "NO_PUBKEY") {
            fault(SignatureKind::unknown_key);
        } else if (keyword == "ERRSIG") {
            read_unchecked(line);
        } else if (keyword == "VALIDSIG") {
            read_valid(line);
        }
    }

    SignatureVerdict verdict() && {
        if (!fingerprints_.empty() && !has_bad_signature_) {
            return {SignatureKind::good, std::move(fingerprints_)};
        }
        // What the distribution's own keys say first: that is what its people can mend.
        constexpr std::array order = {SignatureKind::bad,         SignatureKind::revoked_key,
                                      SignatureKind::expired_key, SignatureKind::expired_signature,
                                      SignatureKind::weak_digest, SignatureKind::unknown_key};
        const auto* const found = std::find_if(order.begin(), order.end(), [this](auto kind) {
            return seen_[static_cast<std::size_t>(kind)];
        });
        return {found == order.end() ? SignatureKind::no_signature : *found, {}};
    }

private:
    void fault(SignatureKind kind) {
        current_ = kind;
        seen_[static_cast<std::size_t>(kind)] = true;
    }

    /// "ERRSIG KEY PUBKEY-ALGORITHM DIGEST CLASS TIME REASON FINGERPRINT"
    void read_unchecked(std::string_view words) {
        constexpr int digest = 2;
        constexpr int reason = 5;
        if (word_at(words, reason) == "9") {  // the key is not there
            fault(SignatureKind::unknown_key);
        } else {
            fault(is_strong_digest(word_at(words, digest)) ? SignatureKind::bad
                                                           : SignatureKind::weak_digest);
        }
    }

    /// "VALIDSIG KEY DATE TIME EXPIRES VERSION RESERVED ALGORITHM DIGEST CLASS PRIMARY-KEY"
    void read_valid(std::string_view words) {
        constexpr int digest = 7;
        constexpr int primary_key = 9;
        if (current_ != SignatureKind::good) {
            return;
        }
        if (!is_strong_digest(word_at(words, digest))) {
            fault(SignatureKind::weak_digest);
            return;
        }
        const auto primary = word_at(words, primary_key);
        fingerprints_.emplace_back(primary.empty() ? word_at(words, 0) : primary);
    }

    std::optional<SignatureKind> current_;
    std::array<bool, 8> seen_{};      // by kind
    bool has_bad_signature_ = false;  // which is more than one that could not be checked
    std::vector<std::string> fingerprints_;
};

}  // namespace

SignatureVerdict judge_signature(std::string_view gpgv_status_lines) {
    SignatureReader reader;
    while (!gpgv_status_lines.empty()) {
        auto line = gpgv_status_lines.substr(0, gpgv_status_lines.find('\n'));
        gpgv_status_lines.remove_prefix(std::min(line.size() + 1, gpgv_status_lines.size()));
        if (line.starts_with(prefix)) {
            line.remove_prefix(prefix.size());
            reader.read(line.substr(0, line.find_last_not_of('\r') + 1));
        }
    }
    return std::move(reader).verdict();
}

}  // namespace model
