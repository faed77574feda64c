#include "tools/service/mirror_changes.hpp"

#include "model/mirror_url.hpp"
#include "model/notice.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <cctype>
#include <random>
#include <span>
#include <utility>

namespace service {
namespace {

using model::Author;
using model::Refusal;
using model::Store;
using model::Timestamp;

constexpr std::size_t reason_bytes_max = 50'000;

/// What is so already is no failure: somebody may say twice what they want.
ChangeResult outcome(const model::StoreResult<void>& result, Changed made) {
    if (result.has_value()) {
        return made;
    }
    if (result.error().kind == Refusal::Kind::already_so) {
        return Changed{.was_made = false, .text = result.error().detail, .mails = 0};
    }
    return result.error();
}

/// The right word for a Message-ID: unique for this decision, of its letters only.
std::string decision_identity(const std::string& mirror, Timestamp when) {
    std::string identity = fmt::format("{}.{}.{:08x}", mirror, when.time_since_epoch().count(),
                                       std::random_device()());
    for (char& c : identity) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') {
            c = '-';
        }
    }
    return identity;
}

}  // namespace

std::vector<model::Message> disabling_letters(Store& store, const model::StoredMirror& stored,
                                              const Author& author, const DisablingLetter& letter) {
    model::NoticeFacts facts;
    facts.mirror = stored.mirror;
    facts.distribution =
        store.distribution(stored.mirror.distribution).value_or(model::Distribution{});
    facts.identity = decision_identity(stored.mirror.name, author.when);
    facts.id_host = letter.id_host;
    if (const auto probes = store.probes(stored.state.id, 1); !probes.empty()) {
        facts.record = probes.front().record;
        facts.log_head =
            letter.read_log ? letter.read_log(store, probes.front().id) : std::string();
    }
    if (!letter.tells_owners) {
        facts.mirror.owners.clear();
    }
    return disabled_by_admin_notice(facts, author.why);
}

ChangeResult enable_mirror(Store& store, const std::string& name, const Author& author) {
    return outcome(store.enable_mirror(name, author, {}),
                   {.text = fmt::format("Enabled {}.", name)});
}

ChangeResult disable_mirror(Store& store, const model::StoredMirror& stored, const Author& author,
                            const DisablingLetter& letter) {
    const auto& name = stored.mirror.name;
    const auto messages = disabling_letters(store, stored, author, letter);
    return outcome(store.disable_mirror(name, author, messages),
                   {.text = fmt::format("Disabled {}; {} mail{} in the outbox.", name,
                                        messages.size(), messages.size() == 1 ? "" : "s"),
                    .mails = messages.size()});
}

ChangeResult review_mirror(Store& store, const std::string& name, model::ReviewStatus status,
                           const Author& author) {
    model::Mirror reviewed;
    const auto changed = store.change_mirror(
        name,
        [&](model::Mirror& mirror) {
            const bool is_new = std::exchange(mirror.status, status) != status;
            reviewed = mirror;
            return is_new;
        },
        author);
    if (changed.has_error()) {
        return changed.error();
    }
    if (!*changed) {
        return Changed{
            .was_made = false,
            .text = fmt::format("The mirror \"{}\" is {} already.", name, to_string(status))};
    }
    const bool is_for_nothing =
        status == model::ReviewStatus::official && !model::is_official(reviewed);
    return Changed{.text = fmt::format("{} is {} now{}.", name, to_string(status),
                                       is_for_nothing
                                           ? ", but not official: its owner has not asked for that "
                                             "(official candidate)"
                                           : "")};
}

MaintenanceFault judge_maintenance(Timestamp until, Timestamp now) noexcept {
    if (until <= now) {
        return MaintenanceFault::past;
    }
    return until - now > maintenance_max ? MaintenanceFault::too_far : MaintenanceFault::none;
}

ChangeResult set_maintenance(Store& store, const std::string& name, std::optional<Timestamp> until,
                             const Author& author) {
    return outcome(store.set_maintenance(name, until, author),
                   {.text = until ? fmt::format("{} is in maintenance until {}: probed, but not "
                                                "disabled or mailed about.",
                                                name, model::format_timestamp(*until))
                                  : fmt::format("Ended the maintenance of {}.", name)});
}

boost::system::result<Changed, EditFault> edit_mirror(Store& store, const std::string& name,
                                                      const MirrorFields& fields,
                                                      const Author& author) {
    EditFault fault;
    const auto edit = [&](model::Mirror& mirror) {
        auto edited = apply_fields(mirror, fields);
        if (edited.has_error()) {
            fault.fields = edited.error();
            return false;
        }
        fault.fields = missing_fields(*edited);
        const bool is_new = !(*edited == mirror);
        mirror = std::move(*edited);
        return is_new && fault.fields.empty();
    };
    const auto changed = store.change_mirror(name, edit, author);
    if (changed.has_error()) {
        fault.refusal = changed.error();
        return fault;
    }
    if (!fault.fields.empty()) {
        return fault;
    }
    return *changed ? Changed{.text = fmt::format("Changed {}.", name)}
                    : Changed{.was_made = false,
                              .text = fmt::format("The mirror \"{}\" is like that already.", name)};
}

ChangeResult request_probe(Store& store, const model::StoredMirror& stored,
                           std::chrono::seconds pause, const Author& author) {
    const auto& [mirror, state] = stored;
    if (!state.enabled && state.disabled_by == model::DisabledBy::admin) {
        return Refusal{.kind = Refusal::Kind::not_probed,
                       .detail = fmt::format("The mirror \"{}\" was disabled by an admin: it is "
                                             "probed again once an admin has enabled it.",
                                             mirror.name)};
    }
    if (model::probe_url(mirror).empty()) {
        return Refusal{.kind = Refusal::Kind::not_probed,
                       .detail = fmt::format("The mirror \"{}\" has no http, https or ftp URL to "
                                             "probe.",
                                             mirror.name)};
    }
    return outcome(store.request_probe(mirror.name, pause, author),
                   {.text = fmt::format("{} will be probed by the next run.", mirror.name)});
}

std::optional<std::string> reason_fault(std::string_view reason) {
    if (reason.size() > reason_bytes_max) {
        return fmt::format("longer than {} bytes", reason_bytes_max);
    }
    if (!model::is_plain_text(reason, model::Lines::many)) {
        return "no plain UTF-8 text";
    }
    return std::nullopt;
}

}  // namespace service
