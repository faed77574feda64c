#pragma once

#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

#include <memory>
#include <string>

/// A world that tests ask.
namespace service::testing {

/// 2026-01-10 12:00 UTC: when it is read.
extern const model::Timestamp noon;

/// `<script>`, quotes, markup, a line break, a right-to-left mark, a byte that is no UTF-8, and
/// ten thousand characters.
std::string hostile_text();

/// Debian, of two series and two architectures, with a primary archive and snapshots, and Ubuntu
/// without mirrors. Debian's mirrors, in the order of freshness:
///   near       DE  1G    up to date, whole, https; official
///   far        US  10G   up to date, amd64 only, and no sources; official
///   late       DE  100M  26 hours behind; official; is being synced
///   off        BR  1M    disabled by the prober, failed; official; its sync never ended
///   unprobed   FR  2M    never probed; not official
///   hostile    DE  2M    every text of it is hostile; official
/// Every owner, admin and whiteboard has "secret" in it.
std::shared_ptr<const World> hand_made_world();

/// The answer to a GET of the target, "/api/v1/mirrors?limit=1", by the routes of API and lists.
/// `store` may be nullptr where no route needs it; 404 where no route has the path.
Response answer(const std::string& target, const World&, model::Store* store = nullptr);

}  // namespace service::testing
