#include "prober/answer_text.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace prober {

std::string_view reason_missing(const Answer& answer, model::Content content) {
    if (answer.host_wish == HostWish::leave_alone) {
        return "not asked, its owner disallows it";
    }
    switch (answer.outcome.kind) {
    case model::OutcomeKind::http_status:
        if (!model::is_gone(answer.outcome)) {
            return "the server does not give it out";
        }
        return content == model::Content::archive ? "index not found" : "not found";
    case model::OutcomeKind::skipped: return "not asked, the host is failing";
    case model::OutcomeKind::too_many_redirects:
    case model::OutcomeKind::redirect_to_different_file:
    case model::OutcomeKind::redirect_to_unknown_scheme: return "redirected elsewhere";
    default: return "no answer";
    }
}

std::string detail_in_brackets(const Answer& answer) {
    constexpr std::size_t detail_bytes_max = 200;
    return answer.detail.empty() || answer.outcome.is_ok()
               ? std::string()
               : fmt::format(" ({})", answer.detail.substr(0, detail_bytes_max));
}

}  // namespace prober
