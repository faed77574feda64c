#pragma once

#include "model/observation.hpp"
#include "prober/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace prober {

/// What a mirror's sync tool left there for others to read.
struct TraceAnswers {
    std::vector<model::TraceState> traces;
    std::string marker_url;  // of an Archive-Update-in-Progress-*; empty: none was found
    std::optional<model::Timestamp> marker_since;  // when it was put there, where that is said
    model::RequestCost cost{.kind = "trace", .requests = 0, .bytes = 0};
    bool was_cancelled = false;
};

/// The marker with the name of the URL's own host. Source: ftpsync(1): it is there while a sync
/// is under way.
asio::awaitable<TraceAnswers> ask_for_marker(Lane&, std::string base_url, model::Timestamp now);

/// Any marker that the server's listing of the base URL shows, where it gives one: a mirror
/// has more names than one. Two requests.
asio::awaitable<TraceAnswers> look_for_marker(Lane&, std::string base_url, model::Timestamp now);

/// The traces that tell most (`model::choose_traces`), by the server's listing of
/// project/trace/; where it gives none, those that have names that can be guessed. At most four
/// requests.
asio::awaitable<TraceAnswers> ask_for_traces(Lane&, std::string base_url);

}  // namespace prober
