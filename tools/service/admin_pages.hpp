#pragma once

#include "tools/service/caller.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

#include <optional>
#include <string_view>

namespace model {
class Store;
}

/// The pages that admins work with, one function each. Whoever calls them has seen to it that the
/// caller is an admin, and that a form was sent by a page of ours.
namespace service {

/// What needs somebody's attention.
Response show_admin_page(const Request&, const World&, model::Store&, model::Timestamp now,
                         const Caller&);
/// The mirrors that wait for a review, with what is known of each.
Response show_reviews_page(const Request&, const World&, model::Store&, model::Timestamp now,
                           const Caller&);
/// What was changed of any mirror: `mirror`, `who`, `since`, `until`, `cursor`.
Response show_audit_page(const Request&, const World&, model::Store&, model::Timestamp now,
                         const Caller&);
/// Runs of probes. While one is under way the page asks for itself again, unless `refresh` is
/// "no".
Response show_runs_page(const Request&, const World&, model::Store&, model::Timestamp now,
                        const Caller&);

Response show_outbox_page(const Request&, const World&, model::Store&, model::Timestamp now,
                          const Caller&);
Response show_message_page(const Request&, const World&, model::Store&, model::Timestamp now,
                           const Caller&);
Response retry_message(const Request&, const World&, model::Store&, model::Timestamp now,
                       const Caller&);
Response discard_message(const Request&, const World&, model::Store&, model::Timestamp now,
                         const Caller&);

Response show_tokens_page(const Request&, const World&, model::Store&, model::Timestamp now,
                          const Caller&);
/// The answer shows the token, this once.
Response create_token(const Request&, const World&, model::Store&, model::Timestamp now,
                      const Caller&);
Response revoke_token(const Request&, const World&, model::Store&, model::Timestamp now,
                      const Caller&);

/// A mirror's public page, and what its owner or an admin sees of it and does there beside.
Response show_own_mirror_page(const Request&, const World&, model::Store&, model::Timestamp now,
                              const Caller&);

/// Enabled, not in maintenance, and failed or broken at its last probe.
bool is_failing(const MirrorFacts&, model::Timestamp now);

/// The frame of a page that the caller sees: the menu of admins, the key of forms, the way out.
void add_caller(PageFields&, const Caller&, std::string_view here);

/// A page of the menu of admins: nobody keeps it.
Response admin_response(const Request&, const World&, const Caller&, Page);

}  // namespace service
