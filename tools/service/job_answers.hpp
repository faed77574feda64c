#pragma once

#include "tools/service/jobs_picture.hpp"
#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

namespace service {

struct Caller;

// What is known of jobs and branches. What workers said of failures is for admins: it may name
// what is not for all.

/// The JSON; `late` is null where nothing is usual of a job.
Response list_jobs(const Request&, const JobsPicture&, const Caller&);

/// The page. `name` and `host`: whose durations are plotted; else the first dozen's.
Response show_jobs_page(const Request&, const World&, const JobsPicture&, const Caller&);

}  // namespace service
