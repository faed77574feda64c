#include "model/country.hpp"

#include <algorithm>
#include <array>

namespace model {
namespace {

struct Country {
    std::string_view code;
    std::string_view name;
};

constexpr std::array countries = {
#include "countries.inc"
};

constexpr bool is_before(const Country& left, const Country& right) noexcept {
    return left.code < right.code;
}

static_assert(std::is_sorted(countries.begin(), countries.end(), is_before));

}  // namespace

std::string_view country_name(std::string_view code) noexcept {
    const auto* const found =
        std::lower_bound(countries.begin(), countries.end(), Country{code, {}}, is_before);
    return found != countries.end() && found->code == code ? found->name : std::string_view{};
}

}  // namespace model
