#pragma once

#include "storage/database.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace storage {

/// How many keys one statement names: "IN ($1, ..., $16)". Their number is fixed, for it
/// is prepared once.
inline constexpr std::size_t keys_per_statement = 16;

/// `statement(keys)` for all keys, so many at a time: the last one's first key fills the
/// places that are left.
template <class Key, class Statement>
void in_portions(std::span<const Key> keys, Statement statement) {
    for (; !keys.empty(); keys = keys.subspan(std::min(keys.size(), keys_per_statement))) {
        std::vector<Value> portion(keys_per_statement, Value{keys.front()});
        const auto some = keys.first(std::min(keys.size(), keys_per_statement));
        std::copy(some.begin(), some.end(), portion.begin());
        statement(portion);
    }
}

}  // namespace storage
