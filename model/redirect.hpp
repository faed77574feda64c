#pragma once

#include "model/outcome.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace model {

/// 301 302 303 307 308.
bool is_redirect(int status) noexcept;

/// Where a redirect leads: `location` (absolute or relative, from outside) against
/// the URL that was asked. The fragment is dropped; blanks and bytes outside ASCII
/// are percent-encoded, as browsers do. Refused with the outcome to report:
/// `too_many_redirects` when `hops` are already `hops_max`; `redirect_to_unknown_scheme`
/// for other than http, https, ftp; `redirect_to_different_file` when the last path
/// segment changes (after percent-decoding); `invalid_answer` for no or a broken location.
boost::system::result<std::string, OutcomeKind> follow_redirect(std::string_view asked,
                                                                std::string_view location, int hops,
                                                                int hops_max);

}  // namespace model
