#include "model/mail_address.hpp"
#include "model/store.hpp"
#include "tools/service/admin_pages.hpp"
#include "tools/service/mirror_fields.hpp"
#include "tools/service/page_answers.hpp"
#include "tools/service/page_words.hpp"
#include "tools/service/xml_text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace service {
namespace {

constexpr std::size_t entries_shown = 100;
/// What a form has is sent again: it must not be cut.
constexpr std::size_t whole = 1'000'000;

template <class Word>
std::vector<PageFields> choices(const std::vector<Word>& all, Word chosen) {
    std::vector<PageFields> options;
    for (const Word word : all) {
        PageFields option;
        option.text("value", to_string(word));
        option.flag("is_chosen", word == chosen);
        options.push_back(std::move(option));
    }
    return options;
}

/// What an owner may change, and sees in the forms.
void add_edit(PageFields& fields, const model::Mirror& mirror) {
    fields.text("edit_display_name", mirror.display_name);
    fields.markup("edit_description", xml_text(mirror.description, whole));
    fields.text("edit_country", mirror.country);
    fields.list("edit_speeds", choices(all_speeds(), mirror.speed));
    fields.flag("is_candidate", mirror.official_candidate);
}

/// What nobody but admins knows of it.
void add_private(PageFields& fields, const MirrorFacts& facts, model::Timestamp now) {
    const auto& mirror = facts.mirror.mirror;
    std::string owners;
    for (const model::MailAddress& owner : mirror.owners) {
        owners += (owners.empty() ? "" : "\n") + model::format_mail_address(owner);
    }
    fields.text("owners", owners).text("whiteboard", mirror.whiteboard);
    fields.markup("edit_owners", xml_text(owners, whole));
    fields.markup("edit_whiteboard", xml_text(mirror.whiteboard, whole));
    fields.text("edit_http_url", mirror.http_url).text("edit_https_url", mirror.https_url);
    fields.text("edit_ftp_url", mirror.ftp_url).text("edit_rsync_url", mirror.rsync_url);
    fields.list(
        "edit_contents",
        choices(std::vector{model::Content::archive, model::Content::release}, mirror.content));
    fields.list("edit_statuses", choices(all_review_statuses(), mirror.status));
    fields.text("status", to_string(mirror.status));
    std::vector<PageFields> entries;
    for (auto entry = facts.events.rbegin();
         entry != facts.events.rend() && entries.size() < entries_shown; ++entry) {
        PageFields row;
        row.markup("when", time_html(entry->when)).markup("ago", ago_html(entry->when, now));
        row.text("who", entry->who).text("what", entry->what).text("why", entry->why);
        entries.push_back(std::move(row));
    }
    fields.list_or_none("audit", std::move(entries));
}

}  // namespace

Response show_own_mirror_page(const Request& request, const World& world, model::Store& store,
                              model::Timestamp now, const Caller& caller) {
    const auto* const facts = find_mirror(world, capture(request, "name"));
    PageFields fields;
    add_caller(fields, caller, {});
    if (facts == nullptr || !may_act_for(caller, facts->mirror.mirror.name)) {
        return mirror_page(request, world, now, fields);
    }
    const auto& name = facts->mirror.mirror.name;
    const auto& until = facts->mirror.state.maintenance_until;
    fields.flag("may_act", true).flag("is_admin", caller.kind == Caller::Kind::admin);
    fields.flag("is_enabled", facts->mirror.state.enabled);
    fields.flag("is_in_maintenance", until && *until > now);
    const auto requests = store.probe_requests(now);
    fields.flag("is_asked_for",
                std::ranges::find(requests, name, &model::ProbeRequest::mirror) != requests.end());
    add_edit(fields, facts->mirror.mirror);
    if (caller.kind == Caller::Kind::admin) {
        add_private(fields, *facts, now);
    }
    return mirror_page(request, world, now, fields);
}

}  // namespace service
