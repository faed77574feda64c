#pragma once

#include "model/text_fault.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

/// InRelease files: one text, signed in the clear, and nothing else.
namespace model {

/// The two parts of a clear-signed message. Where they are handed to gpgv apart, the text goes
/// without its last line end, which is not signed.
struct ClearSigned {
    std::string text;        // as `signed_text` gives it
    std::string signatures;  // armoured, one block or more

    friend bool operator==(const ClearSigned&, const ClearSigned&) = default;
};

/// Takes a file apart that is exactly one clear-signed message. Refused is whatever two readers
/// could understand differently: anything before, after or between the parts, a second message,
/// headers other than Hash, lines that begin with a dash and are not escaped, a signature without
/// its end, control characters. apt accepts whatever this accepts. Source: RFC 9580, section 7,
/// and apt's SplitClearSignedFile.
boost::system::result<ClearSigned, TextFault> split_clear_signed(std::string_view in_release);

/// The text that is signed: without the escapes and without blanks at the ends of lines, which
/// no signature covers. Each line ends with "\n", the last too.
boost::system::result<std::string, TextFault> signed_text(std::string_view in_release);

/// A Release file's text in the form of `signed_text`, so that the two forms of one suite give
/// one SHA-256.
std::string as_signed_text(std::string_view release);

}  // namespace model
