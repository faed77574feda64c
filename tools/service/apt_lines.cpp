#include "tools/service/apt_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace service {
namespace {

struct Suite {
    std::string name;
    std::vector<std::string> components;
    bool has_sources = false;
};

void add_new(std::vector<std::string>& words, const std::string& word) {
    if (std::ranges::find(words, word) == words.end()) {
        words.push_back(word);
    }
}

std::vector<Suite> suites_of(const std::vector<model::ContentRow>& rows,
                             const std::string& series) {
    std::vector<Suite> suites;
    for (const model::ContentRow& row : rows) {
        if (row.bucket.series != series) {
            continue;
        }
        const std::string name = model::suite(row.bucket);
        if (suites.empty() || suites.back().name != name) {
            suites.push_back({.name = name, .components = {}});
        }
        add_new(suites.back().components, row.bucket.component);
        suites.back().has_sources = suites.back().has_sources || row.bucket.is_source();
    }
    return suites;
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

std::string stanza(const std::string& url, const std::vector<Suite>& suites) {
    std::vector<std::string> names;
    std::vector<std::string> components;
    bool has_sources = true;
    for (const Suite& suite : suites) {
        names.push_back(suite.name);
        has_sources = has_sources && suite.has_sources;
        for (const std::string& component : suite.components) {
            add_new(components, component);
        }
    }
    return fmt::format("Types: deb{}\nURIs: {}\nSuites: {}\nComponents: {}\n",
                       has_sources ? " deb-src" : "", url, joined(names), joined(components));
}

}  // namespace

AptLines apt_lines(const model::Mirror& mirror, const std::vector<model::ContentRow>& rows,
                   std::string_view series) {
    AptLines lines;
    for (const model::ContentRow& row : rows) {
        add_new(lines.all_series, row.bucket.series);
    }
    const std::string& url = model::probe_url(mirror);
    if (lines.all_series.empty() || url.empty()) {
        return lines;
    }
    const auto found = std::ranges::find(lines.all_series, series);
    lines.series = found == lines.all_series.end() ? lines.all_series.front() : *found;
    const auto suites = suites_of(rows, lines.series);
    for (const Suite& suite : suites) {
        lines.one_line_style +=
            fmt::format("deb {} {} {}\n", url, suite.name, joined(suite.components));
        if (suite.has_sources) {
            lines.one_line_style +=
                fmt::format("deb-src {} {} {}\n", url, suite.name, joined(suite.components));
        }
    }
    lines.deb822_style = stanza(url, suites);
    return lines;
}

}  // namespace service
