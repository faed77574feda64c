#include "tools/service/suite_matrix.hpp"

#include <algorithm>

namespace service {
namespace {

std::vector<std::string> architectures_of(const std::vector<model::ContentRow>& rows) {
    std::vector<std::string> all;
    bool has_sources = false;
    for (const model::ContentRow& row : rows) {
        if (row.bucket.is_source()) {
            has_sources = true;
        } else if (std::ranges::find(all, row.bucket.architecture) == all.end()) {
            all.push_back(row.bucket.architecture);
        }
    }
    if (has_sources) {
        all.emplace_back(model::source_architecture);
    }
    return all;
}

/// Unknown says nothing beside what is known.
model::Freshness worse(model::Freshness left, model::Freshness right) {
    if (left == model::Freshness::unknown || right == model::Freshness::unknown) {
        return std::min(left, right);
    }
    return std::max(left, right);
}

}  // namespace

SuiteMatrix suite_matrix(const std::vector<model::ContentRow>& rows,
                         const model::Observation& observation) {
    SuiteMatrix matrix;
    matrix.architectures = architectures_of(rows);
    const auto row_of = [&](const std::string& name) -> SuiteMatrix::Row& {
        const auto found = std::ranges::find(matrix.rows, name, &SuiteMatrix::Row::suite);
        if (found != matrix.rows.end()) {
            return *found;
        }
        auto& row = matrix.rows.emplace_back();
        row.suite = name;
        row.cells.resize(matrix.architectures.size());
        return row;
    };
    for (const model::ContentRow& row : rows) {
        const auto place = std::ranges::find(matrix.architectures, row.bucket.architecture) -
                           matrix.architectures.begin();
        auto& cell = row_of(model::suite(row.bucket)).cells[static_cast<std::size_t>(place)];
        cell = cell ? worse(*cell, row.freshness) : row.freshness;
    }
    for (const model::SuiteState& state : observation.suites) {
        row_of(state.suite).state = &state;
    }
    return matrix;
}

}  // namespace service
