#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace prober {

/// Reads a log that was stored: gzip (RFC 1952) of one member or more, joined.
/// At most `bytes_max` of text come back, from its beginning. The error is a
/// sentence: what is damaged.
boost::system::result<std::string, std::string> decompress_log(std::string_view gz,
                                                               std::size_t bytes_max);

}  // namespace prober
