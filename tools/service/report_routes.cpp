#include "tools/json/branch_json.hpp"
#include "tools/service/change_acts.hpp"
#include "tools/service/change_body.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/report_methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace service {
namespace {

using model::BranchId;
using model::BranchRefusal;
using model::Scope;
using model::Store;
using model::Timestamp;
using Json = nlohmann::ordered_json;

/// Whatever the service takes of others.
constexpr std::size_t report_bytes_max = 1 << 20;

/// Of a request that may be one, or what to answer.
using ReportHandler = std::function<Response(const Request&, const Reporter&)>;

CallerHandler with_reporter(std::chrono::seconds lease, ReportHandler handler) {
    return [lease, handler = std::move(handler)](const Request& request, const World&, Store& store,
                                                 Timestamp now, const Caller& caller) {
        if (request.body.size() > report_bytes_max) {
            return problem(413, "request too large",
                           fmt::format("A report is {} bytes long at most.", report_bytes_max));
        }
        return handler(request, Reporter{store, caller.name, now, lease});
    };
}

// XML-RPC.

bool is_xml(const Request& request) {
    const auto type = field(request, "content-type").value_or("");
    const auto plain = type.substr(0, type.find_first_of("; \t"));
    return plain == "text/xml" || plain == "application/xml";
}

using ListMethods = std::vector<reports::Method> (*)(const Reporter&);

ReportHandler xmlrpc_handler(ListMethods methods) {
    return [methods](const Request& request, const Reporter& reporter) {
        if (!is_xml(request)) {
            return problem(415, "wrong type of content", "A call of XML-RPC is sent as text/xml.");
        }
        Response response;
        response.content_type = "text/xml; charset=utf-8";
        response.body = reports::answer_call(methods(reporter), request.body);
        return response;
    };
}

// JSON.

Response json_answer(int status, const Json& json) {
    auto response =
        json_response(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    response.status = status;
    return response;
}

std::optional<BranchId> branch_of(const Request& request) {
    const auto text = capture(request, "id");
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(BranchId{number})
                                                     : std::nullopt;
}

std::string_view title_of(BranchRefusal::Kind kind) noexcept {
    switch (kind) {
    case BranchRefusal::Kind::not_mirrored: return "not_mirrored";
    case BranchRefusal::Kind::not_started: return "not_started";
    case BranchRefusal::Kind::stale_attempt: return "stale_attempt";
    }
    return "";
}

Response no_such_branch(const Request& request) {
    return problem(404, "Not found", fmt::format("There is no branch {}.", capture(request, "id")));
}

Response answer_of(const Request& request, const ReportedBranch& reported,
                   const std::string& attempt = {}) {
    if (!reported) {
        return no_such_branch(request);
    }
    if (reported->has_error()) {
        return problem(409, title_of(reported->error().kind), reported->error().detail);
    }
    Json json = {{"branch", json::branch_json(**reported)}};
    if (!attempt.empty()) {
        json["attempt"] = attempt;
    }
    return json_answer(200, json);
}

/// What a branch's report says.
using BranchAct = Response (*)(const Request&, ChangeBody&, BranchId, const Reporter&);

Response act_start(const Request& request, ChangeBody& body, BranchId id,
                   const Reporter& reporter) {
    auto started = body.time("started");
    if (started && *started > reporter.now + clock_error_max) {
        body.refuse("started", fmt::format("not in the future; it is {} here",
                                           model::format_timestamp(reporter.now)));
    }
    if (auto fault = body.fault()) {
        return *fault;
    }
    if (started) {
        started = std::min(*started, reporter.now);
    }
    const auto token = new_attempt_token();
    return answer_of(request, report_start(reporter, id, token, started), token);
}

Response act_complete(const Request& request, ChangeBody& body, BranchId id,
                      const Reporter& reporter) {
    const auto revision = body.text("revision");
    const auto attempt = body.text("attempt").value_or("");
    if (!revision) {
        body.refuse("revision", "one text");
    } else if (const auto should_be = revision_fault(*revision)) {
        body.refuse("revision", *should_be);
    }
    if (auto fault = body.fault()) {
        return *fault;
    }
    return answer_of(request, report_complete(reporter, id, attempt, *revision));
}

Response act_failed(const Request& request, ChangeBody& body, BranchId id,
                    const Reporter& reporter) {
    const auto reason = body.text("reason");
    const auto attempt = body.text("attempt").value_or("");
    if (!reason) {
        body.refuse("reason", "one text");
    }
    if (auto fault = body.fault()) {
        return *fault;
    }
    return answer_of(request, report_failed(reporter, id, attempt, *reason));
}

Response act_request(const Request& request, ChangeBody& body, BranchId id,
                     const Reporter& reporter) {
    if (auto fault = body.fault()) {
        return *fault;
    }
    return answer_of(request, report_request(reporter, id));
}

ReportHandler branch_handler(BranchAct act) {
    return [act](const Request& request, const Reporter& reporter) {
        const auto id = branch_of(request);
        if (!id) {
            return no_such_branch(request);
        }
        auto body = ChangeBody::from_json(request);
        return act(request, body, *id, reporter);
    };
}

Response acquire_handler(const Request& request, const Reporter& reporter) {
    auto body = ChangeBody::from_json(request);
    std::vector<model::BranchType> types;
    for (const auto& name : body.texts("types")) {
        if (const auto type = model::parse_branch_type(name)) {
            types.push_back(*type);
        } else {
            body.refuse("types", "a list of HOSTED, MIRRORED, IMPORTED, REMOTE");
        }
    }
    if (auto fault = body.fault()) {
        return *fault;
    }
    const auto branch = acquire(reporter, types);
    if (!branch) {
        return json_answer(200, {{"branch", nullptr}});
    }
    return json_answer(200, {{"branch", json::branch_json(*branch)},
                             {"attempt", branch->mirroring.attempt->token}});
}

Response activity_handler(const Request& request, const Reporter& reporter) {
    auto body = ChangeBody::from_json(request);
    const auto name = body.text("name");
    const auto host = body.text("host");
    const auto started = body.time("started");
    const auto completed = body.time("completed");
    const auto need = [&](std::string_view field, bool is_there, std::string_view what) {
        if (!is_there) {
            body.refuse(field, what);
        }
    };
    need("name", name.has_value(), "one text");
    need("host", host.has_value(), "one text");
    need("started", started.has_value(), "a time such as 2027-01-02T18:00:00Z");
    need("completed", completed.has_value(), "a time such as 2027-01-02T18:00:00Z");
    if (auto fault = body.fault()) {
        return *fault;
    }
    const model::ScriptActivity activity{*name, *host, *started, *completed};
    if (const auto fault = activity_fault(activity, reporter.now)) {
        return problem(422, "Wrong field", *fault + ".");
    }
    reporter.store.record_script(activity);
    return json_answer(201, {{"name", activity.name},
                             {"host", activity.host},
                             {"started", model::format_timestamp(activity.started)},
                             {"completed", model::format_timestamp(activity.completed)}});
}

// Of mirrors.

using SyncCall = model::StoreResult<void> (Store::*)(const std::string&, const model::Author&);

CallerHandler sync_handler(SyncCall call) {
    return [call](const Request& request, const World&, Store& store, Timestamp now,
                  const Caller& caller) {
        auto body = ChangeBody::from_json(request);
        if (auto fault = body.fault()) {
            return *fault;
        }
        const std::string mirror(capture(request, "name"));
        const model::Author author{.who = author_name(caller), .when = now, .why = ""};
        if (const auto done = (store.*call)(mirror, author); done.has_error()) {
            return refusal_problem(done.error());
        }
        return json_answer(200, {{"mirror", mirror}});
    };
}

}  // namespace

void add_report_routes(std::vector<Route>& routes, Doorkeeper& door, std::chrono::seconds lease) {
    const auto add = [&](std::string pattern, Scope scope, ReportHandler handler) {
        routes.push_back(
            {.method = "POST",
             .pattern = std::move(pattern),
             .store = door.worker_or_admin(scope, with_reporter(lease, std::move(handler))),
             .place = Route::Place::reports});
    };
    add("/xmlrpc/branch", Scope::branch_report, xmlrpc_handler(branch_methods));
    add("/xmlrpc/scripts", Scope::script_record, xmlrpc_handler(script_methods));
    add("/api/v1/branches/acquire", Scope::branch_report, acquire_handler);
    add("/api/v1/script-activity", Scope::script_record, activity_handler);
    constexpr std::array<std::pair<std::string_view, BranchAct>, 4> acts{{
        {"mirror-start", act_start},
        {"mirror-complete", act_complete},
        {"mirror-failed", act_failed},
        {"request", act_request},
    }};
    for (const auto& [name, act] : acts) {
        add(fmt::format("/api/v1/branches/{{id}}/{}", name), Scope::branch_report,
            branch_handler(act));
    }
    const auto add_sync = [&](std::string pattern, SyncCall call) {
        routes.push_back({.method = "POST",
                          .pattern = std::move(pattern),
                          .store = door.syncer_or_admin(sync_handler(call)),
                          .place = Route::Place::both});
    };
    add_sync("/api/v1/mirrors/{name}/mirror-sync-started", &Store::mirror_sync_started);
    add_sync("/api/v1/mirrors/{name}/mirror-sync-completed", &Store::mirror_sync_completed);
}

}  // namespace service
