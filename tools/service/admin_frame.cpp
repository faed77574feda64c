#include "tools/service/admin_pages.hpp"
#include "tools/service/page_words.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

namespace service {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> menu = {{
    {"/admin", "Attention"},
    {"/admin/reviews", "Reviews"},
    {"/admin/mirrors", "Change many"},
    {"/admin/runs", "Runs"},
    {"/jobs", "Jobs"},
    {"/admin/outbox", "Outbox"},
    {"/admin/audit", "Audit"},
    {"/admin/tokens", "Tokens"},
}};

}  // namespace

bool is_failing(const MirrorFacts& facts, model::Timestamp now) {
    const auto& state = facts.mirror.state;
    return state.enabled && facts.last_probe &&
           !(state.maintenance_until && *state.maintenance_until > now) &&
           (facts.last_probe->record.verdict == model::ProbeVerdict::failed ||
            page_state(facts, now).mood == Mood::bad);
}

void add_caller(PageFields& fields, const Caller& caller, std::string_view here) {
    if (caller.kind == Caller::Kind::anyone) {
        return;
    }
    const bool is_admin = caller.kind == Caller::Kind::admin;
    fields.text("caller", is_admin ? caller.name : fmt::format("owner of {}", caller.name));
    fields.text("csrf", caller.form_key);
    std::vector<PageFields> entries;
    if (is_admin) {
        for (const auto& [path, word] : menu) {
            PageFields entry;
            entry.text("path", path).text("word", word);
            entry.flag("is_here", word == here);
            entries.push_back(std::move(entry));
        }
    } else {
        PageFields entry;
        entry.text("path", "/mirror/" + url_text(caller.name)).text("word", "Your mirror");
        entry.flag("is_here", false);
        entries.push_back(std::move(entry));
    }
    fields.list("caller_menu", std::move(entries));
}

Response admin_response(const Request& request, const World& world, const Caller& caller,
                        Page page) {
    add_caller(page.fields, caller, page.here);
    page.here = {};
    Response response = page_response(request, world, std::move(page));
    response.keeping = Keeping::nowhere;
    return response;
}

}  // namespace service
