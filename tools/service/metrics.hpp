#pragma once

#include "tools/service/request.hpp"
#include "tools/service/response.hpp"
#include "tools/service/world.hpp"

#include <string>
#include <vector>

namespace service {

/// One number about the process itself.
struct ProcessMetric {
    std::string name;  // "mirrorwarden_loop_lag_seconds": a gauge
    std::string help;  // one sentence without a full stop
    double value = 0;
};

/// What Prometheus and its like read: gauges of each mirror, and those given.
/// Source: OpenMetrics 1.0; the text is of Prometheus' older format, too, and says so to who
/// does not ask for the newer.
Response metrics_response(const Request&, const World&, model::Timestamp now,
                          const std::vector<ProcessMetric>&);

/// The same without any about the process.
Response metrics(const Request&, const World&, model::Timestamp now);

}  // namespace service
