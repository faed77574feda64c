#include "model/json_parts.hpp"
#include "model/observation.hpp"

#include <cstddef>
#include <limits>

namespace model {
namespace {

using json_parts::array;
using json_parts::Json;
using json_parts::text_or_null;
using json_parts::time_or_null;

/// Objects whose members keep their order are copied as they grow, as deep as they are.
using ReadJson = nlohmann::json;

/// So they have room for this many from the start.
Json object(std::size_t members) {
    auto json = Json::object();
    json.get_ref<Json::object_t&>().reserve(members);
    return json;
}

constexpr std::size_t text_bytes_max = 64UL * 1024 * 1024;

Json validators_json(const ReleaseValidators& validators) {
    auto json = object(4);
    json["url"] = validators.url;
    json["etag"] = text_or_null(validators.etag);
    json["last_modified"] = text_or_null(validators.last_modified);
    json["fetched"] = format_timestamp(validators.fetched);
    return json;
}

Json turns_json(const IndexTurns& turns) {
    auto json = object(2);
    json["question"] = to_string(turns.question);
    json["asked"] = array(turns.asked, [](Timestamp when) { return format_timestamp(when); });
    return json;
}

Json suite_json(const SuiteState& suite) {
    auto json = object(10);
    json["suite"] = suite.suite;
    json["integrity"] = to_string(suite.integrity);
    json["lag_seconds"] = suite.lag ? Json(suite.lag->behind.count()) : Json(nullptr);
    json["lag_estimated"] = suite.lag && suite.lag->is_estimated;
    json["release_date"] = time_or_null(suite.release_date);
    json["torn_since"] = time_or_null(suite.torn_since);
    json["text_sha256"] = suite.text_sha256 ? Json(to_string(*suite.text_sha256)) : Json(nullptr);
    json["whole_check"] = suite.is_whole_check;
    json["validators"] = suite.validators ? validators_json(*suite.validators) : Json(nullptr);
    json["turns"] = suite.turns ? turns_json(*suite.turns) : Json(nullptr);
    return json;
}

Json address_json(const AddressState& state) {
    auto json = object(2);
    json["address"] = state.address;
    json["outcome"] = to_string(state.outcome);
    return json;
}

Json certificate_json(const CertificateState& certificate) {
    auto json = object(6);
    json["host"] = certificate.host;
    json["subject"] = text_or_null(certificate.subject);
    json["issuer"] = text_or_null(certificate.issuer);
    json["not_before"] = format_timestamp(certificate.not_before);
    json["not_after"] = format_timestamp(certificate.not_after);
    json["lacks_intermediate"] = certificate.lacks_intermediate;
    return json;
}

Json trace_json(const TraceState& trace) {
    auto json = object(4);
    json["name"] = trace.name;
    json["last_sync"] = time_or_null(trace.last_sync);
    json["upstream"] = text_or_null(trace.upstream);
    json["tool"] = text_or_null(trace.tool);
    return json;
}

Json rsync_json(const RsyncState& rsync) {
    auto json = object(3);
    json["url"] = rsync.url;
    json["outcome"] = to_string(rsync.outcome);
    json["offers_module"] = rsync.offers_module ? Json(*rsync.offers_module) : Json(nullptr);
    return json;
}

Json cost_json(const RequestCost& cost) {
    auto json = object(3);
    json["kind"] = cost.kind;
    json["requests"] = cost.requests;
    json["bytes"] = cost.bytes;
    return json;
}

Json finding_json(const Finding& finding) {
    auto json = object(9);
    json["rule"] = finding.rule;
    json["severity"] = to_string(finding.severity);
    json["subject"] = finding.subject;
    json["summary"] = finding.summary;
    json["request"] = text_or_null(finding.request);
    json["answer"] = text_or_null(finding.answer);
    json["expected"] = text_or_null(finding.expected);
    json["curl"] = text_or_null(finding.curl);
    json["remedy"] = text_or_null(finding.remedy);
    return json;
}

/// What a value says, or what "as if empty" means for its type. Nothing throws.
class Value {
public:
    explicit Value(const ReadJson& json) : json_{json} {}

    const ReadJson* find(const char* key) const {
        if (!json_.is_object()) {
            return nullptr;
        }
        const auto found = json_.find(key);
        return found == json_.end() ? nullptr : &*found;
    }

    std::string text(const char* key) const {
        const auto* const value = find(key);
        return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
    }

    bool is_true(const char* key) const {
        const auto* const value = find(key);
        return value != nullptr && value->is_boolean() && value->get<bool>();
    }

    /// 0 where it does not fit either.
    template <class Number>
    std::optional<Number> number(const char* key) const {
        const auto* const value = find(key);
        if (value == nullptr || !value->is_number_unsigned() ||
            value->get<std::uint64_t>() >
                static_cast<std::uint64_t>(std::numeric_limits<Number>::max())) {
            return std::nullopt;
        }
        return static_cast<Number>(value->get<std::uint64_t>());
    }

    std::optional<Timestamp> time(const char* key) const { return parse_timestamp(text(key)); }
    /// Of the value itself.
    std::optional<Timestamp> time() const {
        return json_.is_string() ? parse_timestamp(json_.get<std::string>()) : std::nullopt;
    }

    template <class Read>
    auto list(const char* key, Read read) const {
        std::vector<decltype(read(*this))> items;
        const auto* const value = find(key);
        if (value != nullptr && value->is_array()) {
            items.reserve(value->size());
            for (const auto& item : *value) {
                items.push_back(read(Value(item)));
            }
        }
        return items;
    }

private:
    const ReadJson& json_;
};

/// Empty where anything of it cannot be read: then everything is asked for.
std::optional<ReleaseValidators> read_validators(const Value& value) {
    const auto fetched = value.time("fetched");
    if (!fetched) {
        return std::nullopt;
    }
    return ReleaseValidators{.url = value.text("url"),
                             .etag = value.text("etag"),
                             .last_modified = value.text("last_modified"),
                             .fetched = *fetched};
}

std::optional<IndexTurns> read_turns(const Value& value) {
    const auto question = parse_sha256(value.text("question"));
    if (!question) {
        return std::nullopt;
    }
    IndexTurns turns{.question = *question, .asked = {}};
    for (const auto& when : value.list("asked", [](const Value& one) { return one.time(); })) {
        if (!when) {
            return std::nullopt;
        }
        turns.asked.push_back(*when);
    }
    return turns;
}

SuiteState read_suite(const Value& value) {
    SuiteState suite;
    suite.suite = value.text("suite");
    suite.integrity = parse_integrity(value.text("integrity")).value_or(Integrity::unknown);
    if (const auto seconds = value.number<std::int64_t>("lag_seconds")) {
        suite.lag = Lag{.behind = std::chrono::seconds{*seconds},
                        .is_estimated = value.is_true("lag_estimated")};
    }
    suite.release_date = value.time("release_date");
    suite.torn_since = value.time("torn_since");
    suite.text_sha256 = parse_sha256(value.text("text_sha256"));
    suite.is_whole_check = value.is_true("whole_check");
    if (const auto* const validators = value.find("validators")) {
        suite.validators = read_validators(Value(*validators));
    }
    if (const auto* const turns = value.find("turns")) {
        suite.turns = read_turns(Value(*turns));
    }
    return suite;
}

AddressState read_address(const Value& value) {
    return {.address = value.text("address"),
            .outcome = parse_outcome(value.text("outcome")).value_or(Outcome{})};
}

CertificateState read_certificate(const Value& value) {
    return {.host = value.text("host"),
            .subject = value.text("subject"),
            .issuer = value.text("issuer"),
            .not_before = value.time("not_before").value_or(Timestamp{}),
            .not_after = value.time("not_after").value_or(Timestamp{}),
            .lacks_intermediate = value.is_true("lacks_intermediate")};
}

TraceState read_trace(const Value& value) {
    return {.name = value.text("name"),
            .last_sync = value.time("last_sync"),
            .upstream = value.text("upstream"),
            .tool = value.text("tool")};
}

RsyncState read_rsync(const Value& value) {
    RsyncState rsync;
    rsync.url = value.text("url");
    rsync.outcome = parse_outcome(value.text("outcome")).value_or(Outcome{});
    if (const auto* const offers = value.find("offers_module");
        offers != nullptr && offers->is_boolean()) {
        rsync.offers_module = offers->get<bool>();
    }
    return rsync;
}

RequestCost read_cost(const Value& value) {
    return {.kind = value.text("kind"),
            .requests = value.number<std::uint32_t>("requests").value_or(0),
            .bytes = value.number<std::uint64_t>("bytes").value_or(0)};
}

Finding read_finding(const Value& value) {
    return {.rule = value.text("rule"),
            .severity = parse_severity(value.text("severity")).value_or(Severity::unknown),
            .subject = value.text("subject"),
            .summary = value.text("summary"),
            .request = value.text("request"),
            .answer = value.text("answer"),
            .expected = value.text("expected"),
            .curl = value.text("curl"),
            .remedy = value.text("remedy")};
}

}  // namespace

std::string to_json(const Observation& observation) {
    auto json = object(11);
    json["suites"] = array(observation.suites, suite_json);
    json["addresses"] = array(observation.addresses, address_json);
    json["certificate"] =
        observation.certificate ? certificate_json(*observation.certificate) : Json(nullptr);
    json["traces"] = array(observation.traces, trace_json);
    json["rsync"] = observation.rsync ? rsync_json(*observation.rsync) : Json(nullptr);
    json["costs"] = array(observation.costs, cost_json);
    json["findings"] = array(observation.findings, finding_json);
    json["deep"] = observation.is_deep;
    json["since_deep"] = observation.since_deep ? Json(*observation.since_deep) : Json(nullptr);
    json["deep_chance"] = observation.deep_chance;
    json["in_maintenance"] = observation.in_maintenance;
    // A mirror's certificate or trace may hold bytes that are no UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Observation> parse_observation(std::string_view json) {
    constexpr bool may_throw = false;
    if (json.size() > text_bytes_max) {
        return std::nullopt;
    }
    const auto root = ReadJson::parse(json, nullptr, may_throw);
    if (!root.is_object()) {
        return std::nullopt;
    }
    const Value value(root);
    Observation observation;
    observation.suites = value.list("suites", read_suite);
    observation.addresses = value.list("addresses", read_address);
    if (const auto* const certificate = value.find("certificate");
        certificate != nullptr && certificate->is_object()) {
        observation.certificate = read_certificate(Value(*certificate));
    }
    observation.traces = value.list("traces", read_trace);
    if (const auto* const rsync = value.find("rsync"); rsync != nullptr && rsync->is_object()) {
        observation.rsync = read_rsync(Value(*rsync));
    }
    observation.costs = value.list("costs", read_cost);
    observation.findings = value.list("findings", read_finding);
    observation.is_deep = value.is_true("deep");
    observation.since_deep = value.number<std::uint32_t>("since_deep");
    observation.deep_chance = value.number<std::uint32_t>("deep_chance").value_or(0);
    observation.in_maintenance = value.is_true("in_maintenance");
    return observation;
}

}  // namespace model
