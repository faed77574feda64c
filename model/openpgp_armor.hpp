#pragma once

#include "model/text_fault.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace model {

/// Whether the file is armoured: base64 between lines of dashes. Binary keys never are.
bool is_armored(std::string_view file) noexcept;

/// The binary keys of an armoured file, one block after the other. Text around the blocks is
/// passed over, as gpg does. Each block's CRC is compared, where it has one.
/// Source: RFC 4880, section 6.
boost::system::result<std::string, TextFault> dearmor_keys(std::string_view file);

}  // namespace model
