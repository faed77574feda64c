#include "model/look_notes.hpp"

#include "model/plain_text.hpp"

#include <fmt/format.h>

namespace model {
namespace {

std::string note_of(const TraceState& trace) {
    std::string text = "trace " + trace.name + ":";
    if (trace.last_sync) {
        text += fmt::format(" last sync {},", format_timestamp(*trace.last_sync));
    }
    if (!trace.upstream.empty()) {
        text += fmt::format(" from {},", trace.upstream);
    }
    if (!trace.tool.empty()) {
        text += fmt::format(" by {},", trace.tool);
    }
    text.pop_back();
    return one_line(text);
}

std::string note_of(const RsyncState& rsync) {
    std::string text = fmt::format("rsync {}: {}", rsync.url, to_string(rsync.outcome));
    if (rsync.offers_module) {
        text += *rsync.offers_module ? ", offers the module" : ", does not offer the module";
    }
    return one_line(text);
}

}  // namespace

std::vector<std::string> look_notes(const Observation& observation) {
    std::vector<std::string> notes;
    for (const auto& trace : observation.traces) {
        notes.push_back(note_of(trace));
    }
    if (observation.rsync) {
        notes.push_back(note_of(*observation.rsync));
    }
    return notes;
}

}  // namespace model
