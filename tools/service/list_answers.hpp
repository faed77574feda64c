#pragma once

#include "tools/service/locations.hpp"
#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

/// What other tools read of us, each in a format that was there before. Where the path does not
/// name a distribution, the parameter `distribution` does; it may be left out where there is one.
namespace service {

/// `locate`: finds who asks with `from`; null: that is refused.
Response mirrors_text(const Request&, const World&, const Locate& locate);
Response country_text(const Request&, const World&, model::Timestamp now);
/// What the API's list of mirrors says of each, with its parameters and words: for spreadsheets.
/// Of all distributions where none is named. Source: RFC 4180.
Response mirrors_csv(const Request&, const World&, model::Timestamp now);
/// With priority, type and architectures. Source: apt-transport-mirror(1).
Response apt_mirrorlist(const Request&, const World&, const Locate& locate);
/// For the parameter `file`. Source: RFC 5854.
Response metalink(const Request&, const World&, model::Timestamp now);
/// Source: archweb, mirrors/status/json, version 3.
Response archweb_status(const Request&, const World&, model::Timestamp now);
/// Source: mirmon(1), "State file format".
Response mirmon_state(const Request&, const World&, model::Timestamp now);
/// Source: Debian's Mirrors.masterlist.
Response debian_masterlist(const Request&, const World&, model::Timestamp now);

/// Source: RFC 4287.
Response feed_of_all(const Request&, const World&, model::Timestamp now);
Response feed_of_distribution(const Request&, const World&, model::Timestamp now);
Response feed_of_country(const Request&, const World&, model::Timestamp now);
Response feed_of_mirror(const Request&, const World&, model::Timestamp now);

Response badge(const Request&, const World&, model::Timestamp now);

/// The distribution that the path or the parameter names, or the only one; else a problem.
struct ChosenDistribution {
    const model::Distribution* distribution = nullptr;
    Response fault = {};  // where there is none
};
class Query;
ChosenDistribution choose_distribution(const Request&, Query&, const World&);

}  // namespace service
