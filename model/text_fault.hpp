#pragma once

#include <string>

namespace model {

/// Why a text from outside could not be read.
struct TextFault {
    int line = 0;      // from 1; 0: the text as a whole
    std::string what;  // "there is no field Date", "the size is not a number"

    friend bool operator==(const TextFault&, const TextFault&) = default;
};

}  // namespace model
