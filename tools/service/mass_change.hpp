#pragma once

#include "model/store.hpp"
#include "tools/service/caller.hpp"
#include "tools/service/mirror_changes.hpp"
#include "tools/service/request.hpp"
#include "tools/service/router.hpp"

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One change of many mirrors: said once, looked at, and then made of each that is still as it was
/// when it was looked at.
namespace service {

enum class MassAct { enable, disable, review, probe, maintenance, end_maintenance };
std::string_view to_string(MassAct) noexcept;  // "end-maintenance"
std::optional<MassAct> parse_mass_act(std::string_view) noexcept;

struct MassChange {
    MassAct act = MassAct::enable;
    std::string reason = {};
    std::optional<model::ReviewStatus> status = std::nullopt;  // of a review
    std::optional<model::Timestamp> until = std::nullopt;      // of a maintenance
    bool tells_owners = true;                                  // of disabling
};

/// Of the form's `action`, `reason`, `status`, `until` and `notify_owner`; or a sentence that says
/// what is missing or wrong.
boost::system::result<MassChange, std::string> read_mass_change(const Request&,
                                                                model::Timestamp now);

/// What it would do to a mirror: "is switched off until an admin enables it".
struct MassEffect {
    bool is_change = false;
    std::string text;
};
MassEffect effect_of(const MassChange&, const model::StoredMirror&, model::Timestamp now);

/// How the mirror is, in words: "enabled, OFFICIAL".
std::string state_text(const model::StoredMirror&, model::Timestamp now);

/// Other with each state that such changes look at.
std::string fingerprint_of(const model::StoredMirror&);

/// What was looked at: a mirror's name, and its fingerprint then. A line each, as a form keeps it.
struct SeenMirror {
    std::string name;
    std::string fingerprint;
};
std::string write_seen(const std::vector<SeenMirror>&);
std::optional<std::vector<SeenMirror>> read_seen(std::string_view);

/// Makes the change of one mirror.
ChangeResult make_change(const MassChange&, model::Store&, const model::StoredMirror&,
                         const model::Author&, const ChangeSettings&);

}  // namespace service
