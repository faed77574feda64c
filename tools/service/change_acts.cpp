#include "tools/service/change_acts.hpp"

#include "model/text_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace service {
namespace {

using Result = boost::system::result<Changed, Response>;

constexpr std::array<std::string_view, 5> owners_fields = {"display_name", "description", "country",
                                                           "speed", "official_candidate"};

Result finish(const ChangeResult& result) {
    if (result.has_error()) {
        return refusal_problem(result.error());
    }
    return *result;
}

std::string read_reason(ChangeBody& body) {
    auto reason = body.text("reason").value_or("");
    if (const auto fault = reason_fault(reason)) {
        body.refuse("reason", fmt::format("a text, and this is {}", *fault));
    }
    return reason;
}

model::Author author_of(const ChangeQuestion& question, std::string why) {
    return {.who = author_name(question.caller), .when = question.now, .why = std::move(why)};
}

template <class Word>
auto word_of(const std::vector<Word>& all) {
    return [&all](std::string_view text) -> std::optional<Word> {
        for (const Word word : all) {
            if (to_string(word) == text) {
                return word;
            }
        }
        return std::nullopt;
    };
}

template <class Word>
std::string words_of(const std::vector<Word>& all) {
    std::string words = "one of ";
    for (const Word word : all) {
        words += fmt::format("{}{}", word == all.front() ? "" : ", ", to_string(word));
    }
    return words;
}

/// A form has all addresses in one text, a line each.
std::vector<std::string> read_owners(ChangeBody& body) {
    const auto said = body.texts("owners");
    std::vector<std::string> owners;
    for (const std::string& text : said) {
        std::string_view rest = text;
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            const auto line = rest.substr(0, end);
            const auto first = line.find_first_not_of(" \t\r");
            if (first != std::string_view::npos) {
                owners.emplace_back(line.substr(first, line.find_last_not_of(" \t\r") + 1 - first));
            }
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    if (!said.empty() && owners.empty()) {
        body.refuse("owners", "at least one address");
    }
    return owners;
}

MirrorFields read_fields(ChangeBody& body) {
    static const std::vector<model::Content> contents = {model::Content::archive,
                                                         model::Content::release};
    MirrorFields fields;
    fields.display_name = body.text("display_name");
    fields.description = body.text("description");
    fields.owners = read_owners(body);
    fields.country = body.text("country");
    fields.speed = body.word("speed", word_of(all_speeds()), words_of(all_speeds()));
    fields.content = body.word("content", word_of(contents), words_of(contents));
    fields.http_url = body.text("http_url");
    fields.https_url = body.text("https_url");
    fields.ftp_url = body.text("ftp_url");
    fields.rsync_url = body.text("rsync_url");
    fields.official_candidate = body.flag("official_candidate");
    fields.whiteboard = body.text("whiteboard");
    return fields;
}

/// Whether it says nothing but what an owner may change.
bool is_for_owners(MirrorFields fields) {
    fields.display_name.reset();
    fields.description.reset();
    fields.country.reset();
    fields.speed.reset();
    fields.official_candidate.reset();
    return fields == MirrorFields{};
}

Response fields_problem(const std::vector<FieldFault>& faults) {
    std::string detail;
    for (const FieldFault& fault : faults) {
        detail += fmt::format("{}{}: {}.", detail.empty() ? "" : " ", fault.field, fault.text);
    }
    return problem(422, "Wrong field", detail);
}

}  // namespace

Response refusal_problem(const model::Refusal& refusal) {
    using Kind = model::Refusal::Kind;
    switch (refusal.kind) {
    case Kind::no_such_mirror: return problem(404, "Not found", refusal.detail);
    case Kind::too_soon: return problem(429, "Too soon", refusal.detail);
    default: return problem(409, "Not possible", refusal.detail);
    }
}

Result act_enable(ChangeBody& body, const ChangeQuestion& question) {
    const auto reason = read_reason(body);
    if (auto fault = body.fault()) {
        return *fault;
    }
    return finish(
        enable_mirror(question.store, question.mirror.mirror.name, author_of(question, reason)));
}

Result act_disable(ChangeBody& body, const ChangeQuestion& question) {
    const auto reason = read_reason(body);
    const bool tells_owners = body.flag("notify_owner").value_or(true);
    if (reason.find_first_not_of(" \t\r\n") == std::string::npos) {
        body.refuse("reason", "why: the owner and the audit trail are told");
    }
    if (auto fault = body.fault()) {
        return *fault;
    }
    return finish(disable_mirror(question.store, question.mirror, author_of(question, reason),
                                 {.tells_owners = tells_owners,
                                  .id_host = question.settings.id_host,
                                  .read_log = question.settings.read_log}));
}

Result act_review(ChangeBody& body, const ChangeQuestion& question) {
    const auto status =
        body.word("status", word_of(all_review_statuses()), words_of(all_review_statuses()));
    const auto reason = read_reason(body);
    if (!status) {
        body.refuse("status", words_of(all_review_statuses()));
    }
    if (auto fault = body.fault()) {
        return *fault;
    }
    return finish(review_mirror(question.store, question.mirror.mirror.name, *status,
                                author_of(question, reason)));
}

Result act_probe(ChangeBody& body, const ChangeQuestion& question) {
    const auto reason = read_reason(body);
    if (auto fault = body.fault()) {
        return *fault;
    }
    const auto& name = question.mirror.mirror.name;
    const std::chrono::seconds pause = question.caller.kind == Caller::Kind::admin
                                           ? std::chrono::seconds{0}
                                           : model::owner_request_pause;
    const auto result =
        request_probe(question.store, question.mirror, pause, author_of(question, reason));
    if (result.has_value() || result.error().kind != model::Refusal::Kind::too_soon) {
        return finish(result);
    }
    auto response = refusal_problem(result.error());
    if (const auto last = question.store.last_probe_request(name)) {
        const auto wait =
            std::chrono::ceil<std::chrono::seconds>(last->asked + pause - question.now);
        response.fields.emplace_back("Retry-After",
                                     std::to_string(std::max<std::int64_t>(wait.count(), 1)));
    }
    return response;
}

Result act_maintenance(ChangeBody& body, const ChangeQuestion& question) {
    const bool ends = body.is_null("until") || body.flag("end").value_or(false);
    const auto until = ends ? std::nullopt : body.time("until");
    const auto reason = read_reason(body);
    if (!ends && !until) {
        body.refuse("until", "when it is over, a time such as 2027-01-02T18:00:00Z; null ends it");
    }
    const auto judged = until ? judge_maintenance(*until, question.now) : MaintenanceFault::none;
    if (judged == MaintenanceFault::past) {
        body.refuse("until", "in the future; null ends a maintenance");
    }
    if (judged == MaintenanceFault::too_far) {
        body.refuse("until", "a year away at most: disable a mirror that is away for longer");
    }
    if (auto fault = body.fault()) {
        return *fault;
    }
    return finish(set_maintenance(question.store, question.mirror.mirror.name, until,
                                  author_of(question, reason)));
}

Result act_edit(ChangeBody& body, const ChangeQuestion& question) {
    const auto fields = read_fields(body);
    const auto reason = read_reason(body);
    if (auto fault = body.fault()) {
        return *fault;
    }
    if (fields == MirrorFields{}) {
        return problem(422, "Wrong field", "Nothing is said that could be changed.");
    }
    if (question.caller.kind != Caller::Kind::admin && !is_for_owners(fields)) {
        return problem(403, "not allowed",
                       fmt::format("An owner may change these fields: {}. For the others ask an "
                                   "admin.",
                                   fmt::join(owners_fields, ", ")));
    }
    auto result = edit_mirror(question.store, question.mirror.mirror.name, fields,
                              author_of(question, reason));
    if (result.has_value()) {
        return *result;
    }
    return result.error().refusal ? refusal_problem(*result.error().refusal)
                                  : fields_problem(result.error().fields);
}

}  // namespace service
