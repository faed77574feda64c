#include "tools/service/owner_pages.hpp"

#include "tools/service/change_acts.hpp"
#include "tools/service/owner_links.hpp"
#include "tools/service/page_layout.hpp"
#include "tools/service/secrets.hpp"

#include <algorithm>

namespace service {
namespace {

using model::Store;
using model::Timestamp;

using Value = std::optional<std::string_view> (*)(const Request&, std::string_view) noexcept;

/// Of a query where a page is looked at, of a form where something is changed.
std::optional<OwnerLink> find_link(const Request& request, Value value, Store& store,
                                   Timestamp now) {
    return check_owner_link(store.link_key(random_secret()), capture(request, "name"),
                            value(request, "expires").value_or(""),
                            value(request, "proof").value_or(""), now);
}

Response bad_link() {
    return problem(403, "This link is not good any more",
                   "Links in mails are good for 30 days, and for one mirror; admins may end them "
                   "earlier. The next mail about your mirror has a new one, or ask an admin.");
}

Response gone(const Request& request) {
    return problem(
        404, "Not found",
        "There is no mirror \"" + std::string(capture(request, "name")) + "\" any more.");
}

std::string text_of(std::optional<Timestamp> when) {
    return when ? model::format_timestamp(std::chrono::floor<std::chrono::minutes>(*when))
                : std::string();
}

std::string state_of(const model::MirrorState& state) {
    if (state.enabled) {
        return "listed";
    }
    return state.disabled_by == model::DisabledBy::admin ? "switched off by an admin"
                                                         : "not listed: its last probe failed";
}

Response show(const Request& request, const World& world, Store& store, Timestamp now,
              const Caller& caller) {
    const auto link = find_link(request, query_value, store, now);
    if (!link) {
        return bad_link();
    }
    const auto stored = store.mirror(link->mirror);
    if (!stored) {
        return gone(request);
    }
    const auto waiting = store.probe_requests(now);
    const bool is_waiting =
        std::ranges::find(waiting, link->mirror, &model::ProbeRequest::mirror) != waiting.end();
    const auto& until = stored->state.maintenance_until;
    Page page{.file = "owner.html", .title = "Your mirror " + link->mirror};
    page.fields.text("name", link->mirror)
        .text("name_link", url_text(link->mirror))
        .text("state", state_of(stored->state))
        .text("reason", stored->state.disabled_reason)
        .text("maintenance", until && *until > now ? text_of(until) : "")
        .text("expires", query_value(request, "expires").value_or(""))
        .text("proof", query_value(request, "proof").value_or(""))
        .text("good_until", text_of(link->expires))
        .text("csrf", caller.form_key)
        .flag("is_waiting", is_waiting);
    auto response = page_response(request, world, std::move(page));
    response.keeping = Keeping::nowhere;
    return response;
}

CallerHandler handler(ChangeAct act, std::shared_ptr<const ChangeSettings> settings) {
    return [act, settings = std::move(settings)](const Request& request, const World&, Store& store,
                                                 Timestamp now, const Caller&) {
        const auto link = find_link(request, form_value, store, now);
        if (!link) {
            return bad_link();
        }
        const auto stored = store.mirror(link->mirror);
        if (!stored) {
            return gone(request);
        }
        Request fields = request;
        std::erase_if(fields.form, [](const auto& one) {
            return one.first == "expires" || one.first == "proof";
        });
        auto body = ChangeBody::from_form(fields, ChangeBody::Empty::is_not_sent);
        Caller owner;
        owner.kind = Caller::Kind::owner;
        owner.proof = Caller::Proof::link;
        owner.name = link->mirror;
        const auto changed = act(body, {store, *stored, owner, now, *settings});
        if (changed.has_error()) {
            return changed.error();
        }
        return see_other(request, owner_path(store.link_key(random_secret()), *link));
    };
}

}  // namespace

void add_owner_routes(std::vector<Route>& routes, Doorkeeper& door,
                      std::shared_ptr<const ChangeSettings> settings) {
    routes.push_back({.method = "GET", .pattern = "/owner/{name}", .store = door.for_anyone(show)});
    routes.push_back({.method = "POST",
                      .pattern = "/owner/{name}/probe",
                      .store = door.for_anyone(handler(act_probe, settings))});
    routes.push_back({.method = "POST",
                      .pattern = "/owner/{name}/maintenance",
                      .store = door.for_anyone(handler(act_maintenance, settings))});
}

}  // namespace service
