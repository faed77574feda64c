#pragma once

#include "model/text_rules.hpp"
#include "model/timestamp.hpp"
#include "model/vocabulary.hpp"

#include <fmt/format.h>

#include <chrono>
#include <CLI/App.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Flags whose values are more than text. Each says what was wrong with a value in
/// one sentence that lists what is right, by throwing `CLI::ValidationError`.
namespace mirrorwarden {

struct CountRange {
    std::size_t least;
    std::size_t most;
};

/// A whole number within `range`.
CLI::Option& add_count(CLI::App&, const std::string& flag, std::optional<std::size_t>& target,
                       CountRange range, const std::string& description);

/// Seconds, from a thousandth to an hour; "0.5" is fine.
CLI::Option& add_seconds(CLI::App&, const std::string& flag,
                         std::optional<std::chrono::milliseconds>& target,
                         const std::string& description);

/// A moment, as `model::parse_timestamp` reads it; seconds, or the time of day, may be
/// left out.
CLI::Option& add_time(CLI::App&, const std::string& flag, std::optional<model::Timestamp>& target,
                      const std::string& description);

/// --statsd HOST:PORT, of jobs.
CLI::Option& add_statsd(CLI::App&, std::string& target);

/// One word of a closed list of the vocabulary. `all` in the order to show.
template <class Word, class Target>
CLI::Option& add_word(CLI::App& command, const std::string& flag, Target& target,
                      const std::vector<Word>& all, const std::string& description) {
    std::string words;
    for (const Word word : all) {
        words += fmt::format("{}{}", words.empty() ? "" : "|", model::to_string(word));
    }
    auto* option = command.add_option_function<std::string>(
        flag,
        [&target, all, words, flag](const std::string& text) {
            for (const Word word : all) {
                if (model::to_string(word) == text) {
                    target = word;
                    return;
                }
            }
            throw CLI::ValidationError(
                flag, fmt::format("{} is none of {}", model::in_quotes(text), words));
        },
        description);
    return *option->type_name(words);
}

}  // namespace mirrorwarden
