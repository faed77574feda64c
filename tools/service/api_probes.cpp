#include "model/store.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace service {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t probes_a_page = 30;
constexpr std::uint32_t probes_a_page_most = 400;

/// The mirror's probe of that number, if it is in its history.
std::optional<model::ProbeId> find_probe(const MirrorFacts& facts, std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const model::ProbeId id{number};
    const bool is_known = std::ranges::any_of(
        facts.history, [&](const HistoryPoint& point) { return point.probe == id; });
    if (error != std::errc{} || stop != end || !is_known) {
        return std::nullopt;
    }
    return id;
}

}  // namespace

Response list_probes(const Request& request, const World& world, model::Store& store,
                     model::Timestamp) {
    Query query{request};
    const auto limit = query.number("limit", {1, probes_a_page_most}).value_or(probes_a_page);
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto* const facts = find_mirror(world, capture(request, "name"));
    if (facts == nullptr) {
        return not_found("mirror", capture(request, "name"));
    }
    auto probes = Json::array();
    for (const model::StoredProbe& probe : store.probes(facts->mirror.state.id, limit)) {
        Json json = {{"id", model::to_integer(probe.id)}};
        json.update(json::probe_json(probe));
        probes.push_back(std::move(json));
    }
    const Json json = {{"mirror", facts->mirror.mirror.name}, {"probes", std::move(probes)}};
    return json_response(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Response show_log(const Request& request, const World& world, model::Store& store,
                  model::Timestamp) {
    Query query{request};
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto name = capture(request, "name");
    const auto* const facts = find_mirror(world, name);
    if (facts == nullptr) {
        return not_found("mirror", name);
    }
    const auto id = find_probe(*facts, capture(request, "probe"));
    auto log = id ? store.probe_log(*id) : std::nullopt;
    if (!log) {
        return not_found(fmt::format("log of a probe of {}", name), capture(request, "probe"));
    }
    Response response;
    response.body = std::move(*log);
    response.is_gzipped = true;
    return response;
}

}  // namespace service
