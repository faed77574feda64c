#pragma once

#include "tools/service/mirror_state_words.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Small pieces of pages, as markup in which all text is escaped.
namespace service {

/// "<time datetime="2026-01-10T12:00:00Z">2026-01-10 12:00</time>"
std::string time_html(model::Timestamp);
/// The same with "3 h 20 min ago" or "in 2 d" for words.
std::string ago_html(model::Timestamp, model::Timestamp now);
/// A word whose colour and sign say whether it is good.
std::string state_html(const StateWords&);
/// The sign's class: "good", "caution", "bad", "quiet".
std::string_view to_string(Mood) noexcept;

/// How a mirror is, lag left out: "Up to date", "Disabled", "torn".
StateWords page_state(const MirrorFacts&, model::Timestamp now);
StateWords freshness_state(model::Freshness);
StateWords integrity_state(model::Integrity);
/// "", "0", "2 h 5 min", "about 2 h 5 min"
std::string lag_text(const std::optional<model::Lag>&);
/// What mirrors declare together: "0", "512 Kbps", "2.5 Gbps".
std::string bandwidth_text(std::uint64_t kilobits);
/// The country's name, its code where it has none, "Nowhere" where that is empty.
std::string country_words(std::string_view code);

}  // namespace service
