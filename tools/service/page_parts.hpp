#pragma once

#include "tools/service/events.hpp"
#include "tools/service/list_answers.hpp"
#include "tools/service/page_template.hpp"
#include "tools/service/request.hpp"
#include "tools/service/world.hpp"

#include <span>
#include <vector>

/// What several pages show.
namespace service {

/// Of the path; where there is none of that name, or the query has anything, a page says so.
ChosenDistribution page_distribution(const Request&, const World&);

/// For the rows of part_countries.html.
std::vector<PageFields> country_fields(const World&, const model::Distribution&,
                                       model::Timestamp now);

/// For part_events.html.
std::vector<PageFields> event_fields(std::span<const Event>, model::Timestamp now);

/// `name` with name, state and lag of the mirror; nothing where it is nullptr.
void add_mirror(PageFields&, std::string_view name, const MirrorFacts*, model::Timestamp now);

}  // namespace service
