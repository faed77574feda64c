#pragma once

#include "model/store.hpp"

#include <string>
#include <type_traits>
#include <utility>

/// What a user named, or an `InputError` that says what there is instead.
namespace mirrorwarden {

model::StoredMirror known_mirror(model::Store&, const std::string& name);

model::Distribution known_distribution(model::Store&, const std::string& name);

/// The mirror's own, which storage promises is there.
model::Distribution distribution_of(model::Store&, const model::Mirror&);

const model::Series& known_series(const model::Distribution&, const std::string& name);

/// One of the series' components, pockets, architectures: throws where it is not.
void check_bucket(const model::Distribution&, const model::Bucket&);

[[noreturn]] void throw_refusal(const model::Refusal&);

/// Hands on what a store gave, or throws its refusal as an `InputError`.
template <class T>
T accepted(model::StoreResult<T> result) {
    if (result.has_error()) {
        throw_refusal(result.error());
    }
    if constexpr (!std::is_void_v<T>) {
        return std::move(*result);
    }
}

}  // namespace mirrorwarden
