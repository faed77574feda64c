#pragma once

#include "model/run_record.hpp"
#include "tools/service/page_template.hpp"

namespace service {

/// A run for part_run.html: when, how far, how long, and how it ended. One under way that has not
/// said anything for minutes is told as that.
PageFields run_fields(const model::RunRecord&, model::Timestamp now);

/// Under way, as far as can be seen from here.
bool is_under_way(const model::RunRecord&, model::Timestamp now) noexcept;

}  // namespace service
