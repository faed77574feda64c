#include "model/mail_address.hpp"
#include "model/store.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/api_answers.hpp"
#include "tools/service/change_acts.hpp"
#include "tools/service/doorkeeper.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/query.hpp"
#include "tools/service/xml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace service {
namespace {

/// Newest first; who wants more has `mirrorwarden outbox list`.
constexpr std::size_t messages_shown = 500;
constexpr std::size_t body_characters_max = 100'000;

StateWords delivery_state(model::DeliveryState state) {
    const std::string text{to_string(state)};
    switch (state) {
    case model::DeliveryState::waiting: return {text, Mood::quiet};
    case model::DeliveryState::uncertain: return {text, Mood::bad};
    case model::DeliveryState::sent: break;
    }
    return {text, Mood::good};
}

PageFields message_fields(const model::OutboxEntry& entry, model::Timestamp now) {
    PageFields row;
    row.text("id", std::to_string(model::to_integer(entry.id)));
    row.markup("state", state_html(delivery_state(entry.state)));
    row.text("to", model::format_mail_address(entry.message.to));
    row.text("subject", entry.message.subject).text("mirror", entry.message.mirror);
    row.markup("created", ago_html(entry.created, now));
    row.text("attempts", std::to_string(entry.attempts)).text("error", entry.last_error);
    row.flag("is_uncertain", entry.state == model::DeliveryState::uncertain);
    row.flag("is_unsent", entry.state != model::DeliveryState::sent);
    if (entry.state == model::DeliveryState::waiting) {
        row.markup("next_attempt", ago_html(entry.next_attempt, now));
    }
    return row;
}

std::optional<model::MessageId> message_id(const Request& request) {
    const auto text = capture(request, "id");
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size()) {
        return std::nullopt;
    }
    return model::MessageId{number};
}

template <class Change>
Response change_message(const Request& request, Change change) {
    const auto id = message_id(request);
    if (!id) {
        return not_found("mail", capture(request, "id"));
    }
    const model::StoreResult<void> result = change(*id);
    if (result.has_error()) {
        return result.error().kind == model::Refusal::Kind::no_such_message
                   ? not_found("mail", capture(request, "id"))
                   : refusal_problem(result.error());
    }
    return see_other(request, "/admin/outbox");
}

}  // namespace

Response show_outbox_page(const Request& request, const World& world, model::Store& store,
                          model::Timestamp now, const Caller& caller) {
    Query query{request};
    const bool with_sent = query.yes_no("all").value_or(false);
    if (const auto fault = query.fault()) {
        return *fault;
    }
    auto entries = store.outbox(with_sent);
    std::ranges::reverse(entries);
    Page page{.file = "admin_outbox.html", .title = "Outbox", .here = "Outbox"};
    page.fields.text("count", std::to_string(entries.size())).flag("is_many", entries.size() != 1);
    page.fields.flag("with_sent", with_sent);
    page.fields.flag("is_cut", entries.size() > messages_shown);
    entries.resize(std::min(entries.size(), messages_shown));
    std::vector<PageFields> rows;
    rows.reserve(entries.size());
    for (const model::OutboxEntry& entry : entries) {
        rows.push_back(message_fields(entry, now));
    }
    page.fields.list("messages", std::move(rows));
    return admin_response(request, world, caller, std::move(page));
}

Response show_message_page(const Request& request, const World& world, model::Store& store,
                           model::Timestamp now, const Caller& caller) {
    const auto id = message_id(request);
    const auto entries = store.outbox(true);
    const auto found = std::ranges::find_if(
        entries, [&](const model::OutboxEntry& entry) { return id && entry.id == *id; });
    if (found == entries.end()) {
        return not_found("mail", capture(request, "id"));
    }
    Page page{.file = "admin_message.html",
              .title = fmt::format("Mail {}", model::to_integer(found->id)),
              .here = "Outbox"};
    page.fields.list("message", {message_fields(*found, now)});
    page.fields.markup("body", xml_text(found->message.body, body_characters_max));
    return admin_response(request, world, caller, std::move(page));
}

Response retry_message(const Request& request, const World&, model::Store& store,
                       model::Timestamp now, const Caller&) {
    return change_message(request,
                          [&](model::MessageId id) { return store.retry_message(id, now); });
}

Response discard_message(const Request& request, const World&, model::Store& store,
                         model::Timestamp, const Caller&) {
    return change_message(request, [&](model::MessageId id) { return store.discard_message(id); });
}

}  // namespace service
