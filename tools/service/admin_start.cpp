#include "model/duration_text.hpp"
#include "model/store.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/admin_run_words.hpp"
#include "tools/service/page_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace service {
namespace {

constexpr std::chrono::hours token_warning{14 * 24};
/// The timer probes once a day.
constexpr std::chrono::hours run_late{26};
constexpr std::size_t named_most = 5;

std::string many(std::size_t count, std::string_view one, std::string_view others) {
    return fmt::format("{} {}", count, count == 1 ? one : others);
}

class Attention {
public:
    void add(Mood mood, const std::string& what, std::string_view path, std::string_view words) {
        PageFields row;
        row.markup("what", state_html({what, mood})).text("path", path).text("words", words);
        rows_.push_back(std::move(row));
    }

    std::vector<PageFields> take() { return std::move(rows_); }

private:
    std::vector<PageFields> rows_;
};

void add_mirrors(Attention& attention, PageFields& fields, const World& world,
                 model::Timestamp now) {
    std::size_t pending = 0;
    std::size_t off = 0;
    std::vector<PageFields> failing;
    std::size_t failing_count = 0;
    for (const auto& facts : world.mirrors) {
        pending += facts->mirror.mirror.status == model::ReviewStatus::pending_review ? 1 : 0;
        const auto& state = facts->mirror.state;
        off += !state.enabled && state.disabled_by == model::DisabledBy::prober ? 1 : 0;
        if (is_failing(*facts, now) && ++failing_count <= named_most) {
            PageFields row;
            row.text("name", facts->mirror.mirror.name);
            row.markup("state", state_html(page_state(*facts, now)));
            failing.push_back(std::move(row));
        }
    }
    if (pending > 0) {
        attention.add(Mood::caution,
                      many(pending, "mirror waits for a review", "mirrors wait for a review"),
                      "/admin/reviews", "Look at them");
    }
    if (failing_count > 0) {
        attention.add(Mood::bad,
                      many(failing_count, "enabled mirror is broken", "enabled mirrors are broken"),
                      "/admin/mirrors?state=failing", "Which");
    }
    if (off > 0) {
        attention.add(
            Mood::caution,
            many(off, "mirror was disabled by the prober", "mirrors were disabled by the prober"),
            "/admin/mirrors?state=disabled", "Which");
    }
    fields.list("failing", std::move(failing));
}

void add_mail(Attention& attention, const std::vector<model::OutboxEntry>& entries,
              model::Timestamp now) {
    std::size_t uncertain = 0;
    std::size_t stuck = 0;
    for (const model::OutboxEntry& entry : entries) {
        uncertain += entry.state == model::DeliveryState::uncertain ? 1 : 0;
        const bool waits = entry.state == model::DeliveryState::waiting;
        stuck += waits && now - entry.created > run_late ? 1 : 0;
    }
    if (uncertain > 0) {
        attention.add(Mood::bad, many(uncertain, "mail is uncertain", "mails are uncertain"),
                      "/admin/outbox", "Send again or discard");
    }
    if (stuck > 0) {
        attention.add(Mood::bad,
                      many(stuck, "mail has waited for a day", "mails have waited for a day"),
                      "/admin/outbox", "See why");
    }
}

void add_tokens(Attention& attention, const std::vector<model::Token>& tokens,
                model::Timestamp now) {
    const auto ending = std::ranges::count_if(tokens, [&](const model::Token& token) {
        return model::state_of(token, now) == model::TokenState::valid &&
               token.expires - now < token_warning;
    });
    if (ending > 0) {
        attention.add(Mood::caution,
                      many(static_cast<std::size_t>(ending), "token ends within two weeks",
                           "tokens end within two weeks"),
                      "/admin/tokens", "Which");
    }
}

void add_run(Attention& attention, PageFields& fields, const std::vector<model::RunRecord>& runs,
             model::Timestamp now) {
    if (runs.empty()) {
        fields.flag("has_run", false);
        return;
    }
    const model::RunRecord& last = runs.front();
    fields.flag("has_run", true);
    fields.list("run", {run_fields(last, now)});
    if (!last.finished) {
        return;
    }
    if (*last.outcome == model::RunOutcome::suspect || *last.outcome == model::RunOutcome::lost) {
        attention.add(Mood::bad, "The last run is " + std::string{to_string(*last.outcome)},
                      "/admin/runs", "See the runs");
    }
    if (now - *last.finished > run_late) {
        attention.add(Mood::caution,
                      fmt::format("No run for {}",
                                  model::duration_text(std::chrono::floor<std::chrono::seconds>(
                                      now - *last.finished))),
                      "/admin/runs", "See the runs");
    }
}

}  // namespace

Response show_admin_page(const Request& request, const World& world, model::Store& store,
                         model::Timestamp now, const Caller& caller) {
    Page page{.file = "admin_start.html", .title = "What needs attention", .here = "Attention"};
    Attention attention;
    add_mirrors(attention, page.fields, world, now);
    add_mail(attention, store.outbox(false), now);
    add_tokens(attention, store.tokens(), now);
    add_run(attention, page.fields, store.runs(1), now);
    page.fields.list("attention", attention.take());
    std::vector<PageFields> waiting;
    for (const model::ProbeRequest& asked : store.probe_requests(now)) {
        PageFields row;
        row.text("name", asked.mirror).text("who", asked.who);
        row.markup("when", ago_html(asked.asked, now));
        waiting.push_back(std::move(row));
    }
    page.fields.list_or_none("requests", std::move(waiting));
    return admin_response(request, world, caller, std::move(page));
}

}  // namespace service
