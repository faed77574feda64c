#pragma once

#include "tools/service/world.hpp"

#include <string>

namespace service {

enum class Mood { good, caution, bad, quiet };

/// How a mirror is, in few words: "up to date", "3 h 20 min behind", "disabled".
struct StateWords {
    std::string text;
    Mood mood = Mood::quiet;
};
StateWords state_words(const MirrorFacts&, model::Timestamp now);

}  // namespace service
