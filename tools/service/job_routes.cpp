#include "tools/service/doorkeeper.hpp"
#include "tools/service/job_answers.hpp"
#include "tools/service/router.hpp"

#include <memory>

namespace service {

void add_job_routes(std::vector<Route>& routes, Doorkeeper& door) {
    const auto watch = std::make_shared<JobsWatch>();
    routes.push_back(
        {.method = "GET",
         .pattern = "/api/v1/jobs",
         .store = door.for_anyone([watch](const Request& request, const World&, model::Store& store,
                                          model::Timestamp now, const Caller& caller) {
             return list_jobs(request, *watch->at(store, now), caller);
         })});
    routes.push_back({.method = "GET",
                      .pattern = "/jobs",
                      .store = door.for_anyone([watch](const Request& request, const World& world,
                                                       model::Store& store, model::Timestamp now,
                                                       const Caller& caller) {
                          return show_jobs_page(request, world, *watch->at(store, now), caller);
                      })});
}

}  // namespace service
