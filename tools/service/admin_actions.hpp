#pragma once

#include "tools/service/caller.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/router.hpp"

/// The pages on which an admin changes many mirrors at once.
namespace service {

/// Chooses mirrors by `distribution`, `country`, `freshness`, `state` and a part of the `name`, and
/// what is to be done.
Response show_actions_page(const Request&, const World&, model::Store&, model::Timestamp now,
                           const Caller&);

/// Says for each mirror what would happen, and which mails would be written; changes nothing.
CallerHandler preview_handler(ChangeSettings);

/// Makes the changes that were looked at, and says what came of each. A mirror that changed
/// meanwhile is left as it is.
CallerHandler confirm_handler(ChangeSettings);

}  // namespace service
