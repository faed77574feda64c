#pragma once

#include "tools/service/caller.hpp"
#include "tools/service/change_body.hpp"
#include "tools/service/mirror_changes.hpp"
#include "tools/service/response.hpp"
#include "tools/service/router.hpp"

#include <boost/system/result.hpp>

/// What may be done to a mirror over HTTP, whatever the request looks like.
namespace service {

struct ChangeQuestion {
    model::Store& store;
    model::StoredMirror mirror;
    const Caller& caller;  // who may act for that mirror
    model::Timestamp now;
    const ChangeSettings& settings;
};

/// Reads its fields from the body, all of them, and makes the change; or a problem document.
using ChangeAct = boost::system::result<Changed, Response> (*)(ChangeBody&, const ChangeQuestion&);

boost::system::result<Changed, Response> act_enable(ChangeBody&, const ChangeQuestion&);
boost::system::result<Changed, Response> act_disable(ChangeBody&, const ChangeQuestion&);
boost::system::result<Changed, Response> act_review(ChangeBody&, const ChangeQuestion&);
boost::system::result<Changed, Response> act_probe(ChangeBody&, const ChangeQuestion&);
boost::system::result<Changed, Response> act_maintenance(ChangeBody&, const ChangeQuestion&);
/// Of an owner: the display name, description, country, speed and the wish to be official.
boost::system::result<Changed, Response> act_edit(ChangeBody&, const ChangeQuestion&);

/// 404 of a mirror, 409 of a change that cannot be now, 429 of one that comes too soon.
Response refusal_problem(const model::Refusal&);

}  // namespace service
