#pragma once

#include "model/store.hpp"
#include "tools/service/mirror_fields.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What people change about a mirror by hand: the same whether by a command, by the API or from
/// a page. Each is one transaction with its line in the audit trail; what is so already is left
/// alone, without a line.
namespace service {

/// What came of a change: a sentence, and whether anything is different now.
struct Changed {
    bool was_made = true;
    std::string text;       // "Disabled valid-mirror; 2 mails in the outbox."
    std::size_t mails = 0;  // that joined the outbox
};
using ChangeResult = boost::system::result<Changed, model::Refusal>;

ChangeResult enable_mirror(model::Store&, const std::string& name, const model::Author&);

/// How the owner's mail about that is written.
struct DisablingLetter {
    bool tells_owners = true;  // or the distribution's admins alone
    std::string id_host;       // right side of the Message-ID
    /// The first lines of a probe's log; may be empty: the mail goes without them then.
    std::function<std::string(model::Store&, model::ProbeId)> read_log;
};
/// The mails that go out when it is disabled.
std::vector<model::Message> disabling_letters(model::Store&, const model::StoredMirror&,
                                              const model::Author&, const DisablingLetter&);
/// `Author::why` is told to the owner, too.
ChangeResult disable_mirror(model::Store&, const model::StoredMirror&, const model::Author&,
                            const DisablingLetter&);

ChangeResult review_mirror(model::Store&, const std::string& name, model::ReviewStatus,
                           const model::Author&);

/// `until` empty: it ends now.
ChangeResult set_maintenance(model::Store&, const std::string& name,
                             std::optional<model::Timestamp> until, const model::Author&);
/// How far ahead a maintenance may end: a window that was forgotten hides a dead mirror.
inline constexpr std::chrono::hours maintenance_max{24 * 366};
enum class MaintenanceFault { none, past, too_far };
MaintenanceFault judge_maintenance(model::Timestamp until, model::Timestamp now) noexcept;

/// What an edit cannot be: which fields, and why; or the store's refusal.
struct EditFault {
    std::vector<FieldFault> fields;
    std::optional<model::Refusal> refusal = std::nullopt;
};
boost::system::result<Changed, EditFault> edit_mirror(model::Store&, const std::string& name,
                                                      const MirrorFields&, const model::Author&);

/// The next `mirrorwarden probe` takes the mirror as due. Refused where a probe would leave it
/// alone, and within `pause` of the last request.
ChangeResult request_probe(model::Store&, const model::StoredMirror&, std::chrono::seconds pause,
                           const model::Author&);

/// What is wrong with a reason: a part of a sentence, "longer than 50000 bytes".
std::optional<std::string> reason_fault(std::string_view reason);

}  // namespace service
