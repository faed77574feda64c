#include "tools/service/admin_actions.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/doorkeeper.hpp"

#include <string>
#include <utility>

namespace service {

void add_admin_routes(std::vector<Route>& routes, Doorkeeper& door,
                      const ChangeSettings& settings) {
    const auto show = [&](std::string pattern, CallerHandler handler) {
        routes.push_back({.method = "GET",
                          .pattern = std::move(pattern),
                          .store = door.admin_only(std::move(handler))});
    };
    const auto change = [&](std::string pattern, CallerHandler handler) {
        routes.push_back({.method = "POST",
                          .pattern = std::move(pattern),
                          .store = door.admin_only(std::move(handler))});
    };
    show("/admin", show_admin_page);
    show("/admin/reviews", show_reviews_page);
    show("/admin/mirrors", show_actions_page);
    change("/admin/mirrors/preview", preview_handler(settings));
    change("/admin/mirrors/confirm", confirm_handler(settings));
    show("/admin/runs", show_runs_page);
    show("/admin/outbox", show_outbox_page);
    show("/admin/outbox/{id}", show_message_page);
    change("/admin/outbox/{id}/retry", retry_message);
    change("/admin/outbox/{id}/discard", discard_message);
    show("/admin/audit", show_audit_page);
    show("/admin/tokens", show_tokens_page);
    change("/admin/tokens", create_token);
    change("/admin/tokens/{id}/revoke", revoke_token);
}

}  // namespace service
