#pragma once

#include "model/catalog.hpp"
#include "model/timestamp.hpp"

#include <string>
#include <string_view>

namespace model {

/// `text` as the value of a Subject or Comments header: as it is where it is
/// ASCII, else RFC 2047 encoded words (UTF-8, base64, each at most 75 characters,
/// never splitting a character). Control characters, line breaks above all,
/// become blanks: a value cannot add a header.
std::string encode_header_text(std::string_view text);

/// "Foo Bar <foo.bar@canonical.com>" for To and From: the name quoted or encoded
/// where it must be (RFC 5322, RFC 2047), left out where it is empty.
std::string encode_header_address(const MailAddress&);

/// A whole header line, "Name: value", with CRLF before some of its blanks, so that
/// its lines hold at most 76 characters where its words allow.
/// Source: RFC 5322, section 2.2.3.
std::string fold_header(std::string_view line);

/// "Sat, 21 Nov 2026 05:09:00 +0000". Source: RFC 5322, section 3.3.
std::string format_mail_date(Timestamp);

}  // namespace model
