#pragma once

#include "model/timestamp.hpp"
#include "model/vocabulary.hpp"
#include "tools/mirrorwarden/option.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Flags whose values are more than text. Each says what was wrong with a value in
/// one sentence that lists what is right, by `refuse_value`.
namespace mirrorwarden {

struct CountRange {
    std::size_t least;
    std::size_t most;
};

/// A whole number within `range`.
Option add_count(CLI::App&, const std::string& flag, std::optional<std::size_t>& target,
                 CountRange range, const std::string& description);

/// Seconds, from a thousandth to an hour; "0.5" is fine.
Option add_seconds(CLI::App&, const std::string& flag,
                   std::optional<std::chrono::milliseconds>& target,
                   const std::string& description);

/// A moment, as `model::parse_timestamp` reads it; seconds, or the time of day, may be
/// left out.
Option add_time(CLI::App&, const std::string& flag, std::optional<model::Timestamp>& target,
                const std::string& description);

/// --proxy URL, of what asks the web.
Option add_proxy(CLI::App&, std::optional<std::string>& target);

/// --statsd HOST:PORT, of jobs.
Option add_statsd(CLI::App&, std::string& target);

/// One of the words `all`; `choose` gets its place among them.
Option add_choice(CLI::App&, const std::string& flag, const std::vector<std::string>& all,
                  std::function<void(std::size_t)> choose, const std::string& description);

/// One word of a closed list of the vocabulary. `all` in the order to show.
template <class Word, class Target>
Option add_word(CLI::App& command, const std::string& flag, Target& target,
                const std::vector<Word>& all, const std::string& description) {
    std::vector<std::string> words;
    words.reserve(all.size());
    for (const Word word : all) {
        words.emplace_back(model::to_string(word));
    }
    return add_choice(
        command, flag, words, [&target, all](std::size_t i) { target = all[i]; }, description);
}

}  // namespace mirrorwarden
