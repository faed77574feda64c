#pragma once

#include <string>
#include <string_view>

namespace model {

/// Why no admin can be called that, as a sentence; empty where one can. The audit trail must tell
/// admins from the prober and from owners.
std::string login_name_fault(std::string_view login);

}  // namespace model
