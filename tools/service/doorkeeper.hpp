#pragma once

#include "tools/service/caller.hpp"
#include "tools/service/login_slowdown.hpp"
#include "tools/service/router.hpp"
#include "tools/service/server_options.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace service {

/// A handler that knows who asks. Of a form that was posted, `Request::form` is read.
using CallerHandler = std::function<Response(const Request&, const World&, model::Store&,
                                             model::Timestamp now, const Caller&)>;

/// Stands before every handler that depends on who asks: finds the caller, slows down who
/// fails to prove who they are, refuses what other sites' pages send and forms of a session
/// without its key, and lets nobody keep the answer. Faults are problem documents below /api/
/// and pages elsewhere; a page that needs a log-in leads there. Any thread.
class Doorkeeper : public std::enable_shared_from_this<Doorkeeper> {
public:
    /// `say` is told of each log-in that failed, without its secret.
    explicit Doorkeeper(Say say) : say_{std::move(say)} {}

    StoreHandler for_anyone(CallerHandler);
    StoreHandler admin_only(CallerHandler);
    /// Of the mirror that the route's `{name}` names: an admin, or its owner.
    StoreHandler owner_or_admin(CallerHandler);
    /// A worker whose token has that scope, or an admin. The token may be a password, of HTTP's
    /// Basic: clients that were written for others know no other way.
    StoreHandler worker_or_admin(model::Scope, CallerHandler);
    /// Who may say that the mirror of `{name}` is being synced: its token for that, its owner, or
    /// an admin. As `worker_or_admin`.
    StoreHandler syncer_or_admin(CallerHandler);

    /// Checks a token as a log-in. Empty where it was refused: `refusal` is the answer then.
    std::optional<Caller> log_in(const Request&, std::string_view token, model::Store&,
                                 model::Timestamp now, Response& refusal);

private:
    enum class Right { anyone, admin, owner, worker, syncer };
    struct Needed {
        Right right;
        model::Scope scope = model::Scope::admin;  // of a worker
    };

    struct Guarded {
        Needed needed;
        CallerHandler handler;
    };

    StoreHandler guard(Needed, CallerHandler);
    Response answer(Request, const World&, model::Store&, model::Timestamp now, const Guarded&);
    std::optional<Caller> find_caller(const Request&, model::Store&, model::Timestamp now, Right,
                                      Response& refusal);
    static std::optional<Response> refuse_caller(const Request&, const Caller&, Needed);

    Say say_;
    LoginSlowdown slowdown_;
};

/// Of a change that was sent as a form: its fields, or 415 or 400.
std::optional<Response> read_form(Request&);
/// The form's first value of that name; empty if there is none.
std::optional<std::string_view> form_value(const Request&, std::string_view name) noexcept;

/// "See Other": `path` below the base path, with its query.
Response see_other(const Request&, std::string_view path);

/// The path, below the base path, of a page of ours; "/" where `text` names anything else.
std::string own_path(std::string_view text);

}  // namespace service
