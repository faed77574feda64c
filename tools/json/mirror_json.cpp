#include "tools/json/mirror_json.hpp"

#include "model/duration_text.hpp"
#include "model/host_findings.hpp"
#include "model/json_parts.hpp"
#include "model/sync_state.hpp"

namespace json {
namespace {

using model::json_parts::array;
using model::json_parts::Json;
using model::json_parts::text_or_null;
using model::json_parts::time_or_null;

Json address_json(const model::MailAddress& address) {
    return {{"name", text_or_null(address.name)}, {"address", address.address}};
}

Json row_json(const model::ContentRow& row) {
    return {{"series", row.bucket.series},
            {"pocket", to_string(row.bucket.pocket)},
            {"component", row.bucket.component},
            {"arch", row.bucket.architecture},
            {"freshness", to_string(row.freshness)}};
}

Json audit_json(const model::AuditEntry& entry) {
    return {{"when", model::format_timestamp(entry.when)},
            {"who", entry.who},
            {"what", entry.what},
            {"why", text_or_null(entry.why)}};
}

Json sync_json(const std::optional<model::MirrorSync>& sync, model::Timestamp now) {
    if (!sync) {
        return nullptr;
    }
    return {{"state", to_string(state_of(*sync, now))},
            {"started", model::format_timestamp(sync->started)},
            {"completed", time_or_null(sync->completed)}};
}

Json series_json(const model::Series& series) {
    return {{"name", series.name},
            {"version", series.version},
            {"status", to_string(series.status)},
            {"components", series.components},
            {"architectures", series.architectures},
            {"unofficial_architectures", series.unofficial_architectures},
            {"images", array(series.images, [](const model::ImageSet& set) {
                 return Json{{"flavour", set.flavour}, {"files", set.files}};
             })}};
}

}  // namespace

Json overview_json(const MirrorLine& line) {
    const auto& overview = line.overview;
    const auto& mirror = overview.mirror.mirror;
    const auto& state = overview.mirror.state;
    Json json = {{"name", mirror.name},
                 {"display_name", text_or_null(mirror.display_name)},
                 {"distribution", mirror.distribution},
                 {"country", text_or_null(mirror.country)},
                 {"speed", to_string(mirror.speed)},
                 {"content", to_string(mirror.content)},
                 {"http_url", text_or_null(mirror.http_url)},
                 {"https_url", text_or_null(mirror.https_url)},
                 {"ftp_url", text_or_null(mirror.ftp_url)},
                 {"rsync_url", text_or_null(mirror.rsync_url)},
                 {"enabled", state.enabled},
                 {"disabled_by", nullptr},
                 {"disabled_reason", nullptr},
                 {"maintenance_until", nullptr},
                 {"official", is_official(mirror)},
                 {"official_candidate", mirror.official_candidate},
                 {"status", to_string(mirror.status)},
                 {"freshness", to_string(overview.freshness.overall)},
                 {"source_freshness", to_string(overview.freshness.source)},
                 {"architecture_freshness", to_string(overview.freshness.architecture)},
                 {"lag", nullptr},
                 {"lag_estimated", nullptr},
                 {"integrity", nullptr},
                 {"last_probe", nullptr},
                 {"last_verdict", nullptr},
                 {"found", nullptr},
                 {"expected", nullptr}};
    if (!state.enabled) {
        json["disabled_by"] = to_string(state.disabled_by);
        json["disabled_reason"] = text_or_null(state.disabled_reason);
    }
    if (state.maintenance_until) {
        json["maintenance_until"] = model::format_timestamp(*state.maintenance_until);
    }
    if (const auto lag = model::worst_lag(line.observation)) {
        json["lag"] = lag->behind.count();
        json["lag_estimated"] = lag->is_estimated;
    }
    if (const auto integrity = model::known_integrity(line.observation)) {
        json["integrity"] = to_string(*integrity);
    }
    if (overview.last_probe) {
        const auto& record = overview.last_probe->record;
        json["last_probe"] = model::format_timestamp(record.finished);
        json["last_verdict"] = record.suspect ? "suspect" : to_string(record.verdict);
        json["found"] = record.found;
        json["expected"] = record.expected;
    }
    return json;
}

Json observation_json(const model::Observation& observation, model::Timestamp now) {
    Json json = Json::parse(model::to_json(observation));
    if (observation.certificate) {
        json["certificate"]["days_left"] = model::days_left(*observation.certificate, now);
    }
    json["severity"] = observation.suites.empty() && observation.findings.empty()
                           ? Json(nullptr)
                           : Json(to_string(model::worst_severity(observation)));
    return json;
}

Json details_json(const MirrorDetails& details) {
    const auto& mirror = details.overview.mirror.mirror;
    Json json = overview_json({details.overview, details.observation});
    json["description"] = text_or_null(mirror.description);
    json["owners"] = array(mirror.owners, address_json);
    json["whiteboard"] = text_or_null(mirror.whiteboard);
    json["created"] = model::format_timestamp(details.overview.mirror.state.created_at);
    json["sync"] = sync_json(details.sync, details.now);
    json["rows"] = array(details.rows, row_json);
    json["images"] = array(details.images, [](const model::ImageRow& row) {
        return Json{{"series", row.series}, {"flavour", row.flavour}};
    });
    json.update(observation_json(details.observation, details.now));
    json["probes"] = array(details.probes, probe_json);
    json["audit"] = array(details.audit, audit_json);
    return json;
}

Json public_details_json(const MirrorDetails& details) {
    Json json = details_json(details);
    for (const char* key : {"owners", "whiteboard", "probes", "audit"}) {
        json.erase(key);
    }
    return json;
}

Json probe_json(const model::StoredProbe& probe) {
    const auto& record = probe.record;
    auto outcomes = Json::object();
    for (const auto& [name, count] : record.outcomes) {
        outcomes[name] = count;
    }
    return {{"started", model::format_timestamp(record.started)},
            {"finished", model::format_timestamp(record.finished)},
            {"verdict", to_string(record.verdict)},
            {"suspect", record.suspect},
            {"decided", record.decided},
            {"requests", record.requests},
            {"expected", record.expected},
            {"found", record.found},
            {"outcomes", outcomes}};
}

Json outbox_json(const model::OutboxEntry& entry) {
    const bool is_waiting = entry.state == model::DeliveryState::waiting;
    return {{"id", model::to_integer(entry.id)},
            {"state", to_string(entry.state)},
            {"to", address_json(entry.message.to)},
            {"subject", entry.message.subject},
            {"mirror", text_or_null(entry.message.mirror)},
            {"created", model::format_timestamp(entry.created)},
            {"attempts", entry.attempts},
            {"next_attempt",
             is_waiting ? Json(model::format_timestamp(entry.next_attempt)) : Json(nullptr)},
            {"last_error", text_or_null(entry.last_error)},
            {"message_id", entry.message.message_id},
            {"body", entry.message.body}};
}

Json distribution_json(const model::Distribution& distribution,
                       const std::vector<std::string>& mirrors) {
    return {{"name", distribution.name},
            {"title", distribution.title},
            {"primary_url", text_or_null(distribution.primary_url)},
            {"freshness_rule", to_string(distribution.freshness_rule)},
            {"pockets", array(distribution.pockets,
                              [](model::Pocket pocket) { return Json(to_string(pocket)); })},
            {"admins", array(distribution.admins, address_json)},
            {"keyring", text_or_null(distribution.keyring)},
            {"sync_grace", model::format_duration(distribution.sync_grace)},
            {"disable_when", distribution.disable_when},
            {"failures_before_disable", distribution.failures_before_disable},
            {"successes_before_enable", distribution.successes_before_enable},
            {"never_below", distribution.never_below},
            {"deep_every", distribution.deep_every},
            {"manifest", text_or_null(distribution.manifest)},
            {"series", array(distribution.series, series_json)},
            {"mirrors", mirrors}};
}

Json public_distribution_json(const model::Distribution& distribution,
                              const std::vector<std::string>& mirrors) {
    Json json = distribution_json(distribution, mirrors);
    json.erase("admins");
    json.erase("keyring");
    return json;
}

std::string print_json(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace json
