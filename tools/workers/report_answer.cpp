#include "tools/workers/report_answer.hpp"

#include "model/plain_text.hpp"
#include "model/text_rules.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace workers {
namespace {

constexpr std::size_t words_bytes_max = 500;

nlohmann::json parse(std::string_view text) {
    return nlohmann::json::parse(text, nullptr, false);
}

/// A text of an object; empty where it is none or something else.
std::string text_in(const nlohmann::json& object, const char* key) {
    if (!object.is_object()) {
        return {};
    }
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string short_line(std::string_view text) {
    const auto line = model::one_line(text.substr(0, words_bytes_max));
    return line.empty() ? "no words" : line;
}

}  // namespace

Arrival judge(const Exchange& exchange, SaidBefore said_before) noexcept {
    switch (exchange.status) {
    case 401:
    case 403: return Arrival::not_allowed;
    case 409: return said_before == SaidBefore::perhaps ? Arrival::arrived : Arrival::refused;
    case 0:
    case 408:
    case 425:
    case 429: return Arrival::later;
    default: break;
    }
    if (exchange.status >= 200 && exchange.status < 300) {
        return Arrival::arrived;
    }
    // 501 and 505 do not pass by waiting; the other faults of a service, or of what stands
    // before it, do.
    const bool is_for_ever = exchange.status == 501 || exchange.status == 505;
    return exchange.status >= 500 && !is_for_ever ? Arrival::later : Arrival::refused;
}

std::string words_of(const Exchange& exchange) {
    if (exchange.status == 0) {
        return exchange.detail.empty() ? "no answer came" : short_line(exchange.detail);
    }
    const auto detail = text_in(parse(exchange.body), "detail");
    if (!detail.empty()) {
        return fmt::format("{} ({})", short_line(detail), exchange.status);
    }
    return fmt::format("status {}, in words that are not the service's: {}", exchange.status,
                       model::in_quotes(model::one_line(exchange.body.substr(0, words_bytes_max))));
}

std::string attempt_of(std::string_view body) {
    return text_in(parse(body), "attempt");
}

boost::system::result<std::optional<AcquiredBranch>, std::string> read_acquired(
    std::string_view body) {
    const auto json = parse(body);
    if (!json.is_object() || !json.contains("branch")) {
        return std::string("the answer is no object with a branch");
    }
    const auto& branch = json["branch"];
    if (branch.is_null()) {
        return std::optional<AcquiredBranch>();
    }
    const auto id = branch.is_object() ? branch.find("id") : branch.end();
    AcquiredBranch acquired{.id = {},
                            .name = text_in(branch, "name"),
                            .url = text_in(branch, "url"),
                            .attempt = text_in(json, "attempt")};
    if (!branch.is_object() || id == branch.end() || !id->is_number_integer() ||
        id->get<std::int64_t>() <= 0) {
        return std::string("the branch in the answer has no number");
    }
    if (acquired.attempt.empty()) {
        return std::string("the answer names no attempt");
    }
    acquired.id = model::BranchId{id->get<std::int64_t>()};
    return std::optional(std::move(acquired));
}

}  // namespace workers
