#pragma once

#include "tools/service/page_template.hpp"
#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

namespace model {
class Store;
}

/// One function for each page that people read. Complete without scripts.
namespace service {

/// The distributions; the overview of the only one where there is one.
Response show_start_page(const Request&, const World&, model::Timestamp now);
Response show_overview_page(const Request&, const World&, model::Timestamp now);
/// Takes what the API's list of mirrors takes. Without `sort`: by country, the best first.
Response show_mirrors_page(const Request&, const World&, model::Timestamp now);
Response show_countries_page(const Request&, const World&, model::Timestamp now);
Response show_disabled_page(const Request&, const World&, model::Timestamp now);
/// `span`: "day", "fortnight" or "year"; `series`: of apt's lines.
Response show_mirror_page(const Request&, const World&, model::Timestamp now);
/// The same with fields that the template shows to its owner and to admins.
Response mirror_page(const Request&, const World&, model::Timestamp now, const PageFields& more);
Response show_log_page(const Request&, const World&, model::Store&, model::Timestamp now);
/// `a` and `b`: names of mirrors.
Response show_compare_page(const Request&, const World&, model::Timestamp now);
Response show_help_page(const Request&, const World&, model::Timestamp now);

/// The stylesheet and the icon, under names that change with what is in them.
Response show_asset(const Request&, const World&, model::Timestamp now);

}  // namespace service
