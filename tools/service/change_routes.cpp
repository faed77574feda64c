#include "tools/service/change_acts.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/owner_pages.hpp"
#include "tools/service/page_layout.hpp"

#include <array>
#include <memory>
#include <nlohmann/json.hpp>

namespace service {
namespace {

using model::Store;
using model::Timestamp;

struct Change {
    std::string_view name;
    ChangeAct act;
    bool is_for_owners;
    int status = 200;
};

constexpr std::array<Change, 6> changes = {{
    {"enable", act_enable, false},
    {"disable", act_disable, false},
    {"review", act_review, false},
    {"probe", act_probe, true, 202},
    {"maintenance", act_maintenance, true},
    {"edit", act_edit, true},
}};

Response no_such_mirror(const Request& request) {
    return problem(404, "Not found",
                   "There is no mirror \"" + std::string(capture(request, "name")) + "\".");
}

/// As programs ask: JSON both ways.
CallerHandler api_handler(const Change& change, std::shared_ptr<const ChangeSettings> settings) {
    return
        [change, settings = std::move(settings)](const Request& request, const World&, Store& store,
                                                 Timestamp now, const Caller& caller) {
            auto body = ChangeBody::from_json(request);
            const auto mirror = store.mirror(std::string(capture(request, "name")));
            if (!mirror) {
                return no_such_mirror(request);
            }
            const auto changed = change.act(body, {store, *mirror, caller, now, *settings});
            if (changed.has_error()) {
                return changed.error();
            }
            const nlohmann::ordered_json json = {{"mirror", mirror->mirror.name},
                                                 {"changed", changed->was_made},
                                                 {"detail", changed->text},
                                                 {"mails", changed->mails}};
            auto response = json_response(json.dump() + "\n");
            response.status = changed->was_made ? change.status : 200;
            return response;
        };
}

/// As forms of our pages ask: what follows is the page that they name, or the mirror's.
CallerHandler form_handler(const Change& change, std::shared_ptr<const ChangeSettings> settings) {
    return
        [change, settings = std::move(settings)](const Request& request, const World&, Store& store,
                                                 Timestamp now, const Caller& caller) {
            const bool is_edit = change.act == act_edit;
            auto body = ChangeBody::from_form(
                request, is_edit ? ChangeBody::Empty::is_empty : ChangeBody::Empty::is_not_sent);
            const auto mirror = store.mirror(std::string(capture(request, "name")));
            if (!mirror) {
                return no_such_mirror(request);
            }
            const auto changed = change.act(body, {store, *mirror, caller, now, *settings});
            if (changed.has_error()) {
                return changed.error();
            }
            const auto next = form_value(request, "next");
            return see_other(request,
                             next ? own_path(*next) : "/mirror/" + url_text(mirror->mirror.name));
        };
}

}  // namespace

void add_change_routes(std::vector<Route>& routes, Doorkeeper& door,
                       const ChangeSettings& settings) {
    const auto shared = std::make_shared<const ChangeSettings>(settings);
    const auto add = [&](std::string pattern, const Change& change, CallerHandler handler) {
        routes.push_back({.method = "POST",
                          .pattern = std::move(pattern),
                          .store = change.is_for_owners ? door.owner_or_admin(std::move(handler))
                                                        : door.admin_only(std::move(handler))});
    };
    for (const Change& change : changes) {
        const std::string name{change.name};
        add("/api/v1/mirrors/{name}/" + name, change, api_handler(change, shared));
        add("/mirror/{name}/" + name, change, form_handler(change, shared));
    }
    add_owner_routes(routes, door, shared);
}

}  // namespace service
