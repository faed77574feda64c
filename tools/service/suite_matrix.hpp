#pragma once

#include "tools/service/world.hpp"

#include <optional>
#include <string>
#include <vector>

namespace service {

/// What a mirror has, by suite and architecture.
struct SuiteMatrix {
    struct Row {
        std::string suite;
        const model::SuiteState* state = nullptr;  // of the observation; nullptr: not looked at
        /// The worst of the components, by place in `architectures`; empty: there is none.
        std::vector<std::optional<model::Freshness>> cells;
    };
    std::vector<std::string> architectures;  // as they come in the rows, sources last
    std::vector<Row> rows;                   // the same; then suites of the observation alone
};

/// The observation must outlive it.
SuiteMatrix suite_matrix(const std::vector<model::ContentRow>&, const model::Observation&);

}  // namespace service
