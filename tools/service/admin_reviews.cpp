#include "model/mail_address.hpp"
#include "model/store.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/page_plots.hpp"
#include "tools/service/page_words.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace service {
namespace {

constexpr std::size_t findings_shown = 3;

PageFields evidence(const MirrorFacts& facts, model::Timestamp now) {
    const auto& mirror = facts.mirror.mirror;
    PageFields row;
    row.text("name", mirror.name).text("display_name", mirror.display_name);
    row.text("country", country_words(mirror.country)).text("speed", title(mirror.speed));
    row.text("content", mirror.content == model::Content::archive ? "packages" : "CD images");
    row.flag("is_candidate", mirror.official_candidate);
    row.text("whiteboard", mirror.whiteboard);
    row.markup("state", state_html(page_state(facts, now)));
    row.text("lag", lag_text(model::worst_lag(facts.observation)));
    row.markup("days", days_svg(day_states(facts.history, now), now));
    row.markup("since", ago_html(facts.mirror.state.created_at, now));
    if (facts.last_probe) {
        const auto& record = facts.last_probe->record;
        row.markup("looked", ago_html(record.finished, now));
        row.text("found", std::to_string(record.found));
        row.text("expected", std::to_string(record.expected));
    }
    std::vector<PageFields> owners;
    for (const model::MailAddress& owner : mirror.owners) {
        owners.push_back(PageFields{}.text("owner", model::format_mail_address(owner)));
    }
    row.list("owners", std::move(owners));
    std::vector<PageFields> findings;
    for (const model::Finding& finding : facts.observation.findings) {
        if (findings.size() == findings_shown) {
            break;
        }
        if (finding.severity != model::Severity::good) {
            PageFields one;
            one.text("rule", finding.rule).text("subject", finding.subject);
            one.text("summary", finding.summary);
            findings.push_back(std::move(one));
        }
    }
    row.list_or_none("findings", std::move(findings));
    return row;
}

}  // namespace

Response show_reviews_page(const Request& request, const World& world, model::Store&,
                           model::Timestamp now, const Caller& caller) {
    std::vector<const MirrorFacts*> pending;
    for (const auto& facts : world.mirrors) {
        if (facts->mirror.mirror.status == model::ReviewStatus::pending_review) {
            pending.push_back(facts.get());
        }
    }
    std::ranges::stable_sort(
        pending, {}, [](const MirrorFacts* facts) { return facts->mirror.state.created_at; });
    Page page{.file = "admin_reviews.html", .title = "Mirrors to review", .here = "Reviews"};
    std::vector<PageFields> rows;
    rows.reserve(pending.size());
    for (const MirrorFacts* facts : pending) {
        rows.push_back(evidence(*facts, now));
    }
    page.fields.text("count", std::to_string(rows.size())).flag("is_many", rows.size() != 1);
    page.fields.list("mirrors", std::move(rows));
    return admin_response(request, world, caller, std::move(page));
}

}  // namespace service
