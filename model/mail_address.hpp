#pragma once

#include "model/catalog.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace model {

/// Reads "Name <local@host>", "local@host" or "<local@host>"; the name may be
/// quoted. The error is a sentence that says what is wrong. No control
/// characters, no second address, no comment; the host may be a bare name.
boost::system::result<MailAddress, std::string> parse_mail_address(std::string_view);

/// "Foo Bar <foo.bar@canonical.com>": what `parse_mail_address` reads back.
std::string format_mail_address(const MailAddress&);

}  // namespace model
