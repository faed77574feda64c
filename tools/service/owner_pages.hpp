#pragma once

#include "tools/service/doorkeeper.hpp"
#include "tools/service/router.hpp"

#include <memory>
#include <vector>

namespace service {

/// What the links in owners' mails lead to: a page that changes nothing by being looked at, and
/// its two forms.
void add_owner_routes(std::vector<Route>&, Doorkeeper&, std::shared_ptr<const ChangeSettings>);

}  // namespace service
