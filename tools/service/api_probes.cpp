#include "model/store.hpp"
#include "tools/json/mirror_json.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <utility>

namespace service {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t probes_a_page = 30;
constexpr std::uint32_t probes_a_page_most = 400;
/// Of one mirror: one a day for a century.
constexpr std::size_t probes_most = 36'525;

constexpr std::string_view cursor_word = "before ";

/// The last probe of a page: by its number, as they are listed, for clocks go wrong.
std::string cursor_of(model::ProbeId last) {
    return encode_cursor(fmt::format("{}{}", cursor_word, model::to_integer(last)));
}

std::optional<model::ProbeId> read_cursor(std::string_view cursor) {
    const auto text = decode_cursor(cursor);
    if (!text || !text->starts_with(cursor_word)) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data() + cursor_word.size(), end, number);
    return error == std::errc{} && stop == end ? std::optional(model::ProbeId{number})
                                               : std::nullopt;
}

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
    std::optional<model::ProbeId> before;
    if (const auto cursor = query.text("cursor")) {
        before = read_cursor(*cursor);
        if (!before) {
            query.refuse("cursor", "a next_cursor of an answer, unchanged");
        }
    }
    if (auto fault = query.fault()) {
        return *fault;
    }
    const auto* const facts = find_mirror(world, capture(request, "name"));
    if (facts == nullptr) {
        return not_found("mirror", capture(request, "name"));
    }
    const auto newest_first =
        store.probes(facts->mirror.state.id, before ? probes_most : std::size_t{limit} + 1);
    const auto first =
        before ? std::ranges::find_if(newest_first,
                                      [&](const auto& probe) { return probe.id < *before; })
               : newest_first.begin();
    const auto count = std::min<std::ptrdiff_t>(newest_first.end() - first, limit);
    auto probes = Json::array();
    for (const model::StoredProbe& probe : std::span{first, first + count}) {
        Json json = {{"id", model::to_integer(probe.id)}};
        json.update(json::probe_json(probe));
        probes.push_back(std::move(json));
    }
    const bool has_more = first + count != newest_first.end();
    const Json json = {
        {"mirror", facts->mirror.mirror.name},
        {"next_cursor", has_more ? Json(cursor_of((first + count - 1)->id)) : Json(nullptr)},
        {"probes", std::move(probes)}};
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
