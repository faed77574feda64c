#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace prober {

/// A row of numbers up to `max`, two in a byte; all 0 at first. A run keeps such a number for
/// each of the thousands of targets of each of its hundreds of mirrors.
class HalfBytes {
public:
    static constexpr std::uint8_t max = 15;

    HalfBytes() = default;
    explicit HalfBytes(std::size_t count) : count_{count}, bytes_((count + 1) / 2) {}

    std::size_t size() const noexcept { return count_; }
    bool empty() const noexcept { return count_ == 0; }

    std::uint8_t operator[](std::size_t place) const noexcept {
        assert(place < count_);
        return (bytes_[place / 2] >> shift_of(place)) & max;
    }

    void set(std::size_t place, std::uint8_t number) noexcept {
        assert(place < count_ && number <= max);
        auto& byte = bytes_[place / 2];
        const auto others = static_cast<unsigned int>(byte) & ~(unsigned{max} << shift_of(place));
        byte = static_cast<std::uint8_t>(others | (unsigned{number} << shift_of(place)));
    }

private:
    static unsigned int shift_of(std::size_t place) noexcept { return place % 2 == 0 ? 0 : 4; }

    std::size_t count_ = 0;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace prober
