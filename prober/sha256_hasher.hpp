#pragma once

#include "model/sha256.hpp"

#include <memory>
#include <string_view>

namespace prober {

/// Computes the SHA-256 of bytes as they come. Throws if the cryptographic library
/// refuses to work.
class Sha256Hasher {
public:
    Sha256Hasher();
    ~Sha256Hasher();
    Sha256Hasher(Sha256Hasher&&) noexcept;
    Sha256Hasher& operator=(Sha256Hasher&&) noexcept;

    void add(std::string_view bytes);
    /// Of all bytes so far. Call it once, last.
    model::Sha256 finish();

private:
    class State;
    std::unique_ptr<State> state_;
};

/// Of a whole text.
model::Sha256 sha256_of(std::string_view bytes);

}  // namespace prober
