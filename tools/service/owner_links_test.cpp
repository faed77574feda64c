#include "tools/service/owner_links.hpp"

#include "tools/cmake/catch.hpp"

using namespace service;
using namespace std::chrono_literals;

namespace {

constexpr model::Timestamp noon{1'800'000'000s};

model::Secret counting() {
    model::Secret secret;
    for (std::size_t i = 0; i < secret.bytes.size(); ++i) {
        secret.bytes.at(i) = static_cast<std::uint8_t>(i);
    }
    return secret;
}

const OwnerLink example{.mirror = "a+b", .expires = noon};
// By `printf 'owner link\na+b\n1800000000' | openssl dgst -sha256 -mac HMAC -macopt
// hexkey:0001…1f`.
const std::string proof = "74a40b37e44eb92e661ca545daa06dcb053b73707bd721207dc65015f47684fb";

}  // namespace

TEST_CASE("a link names mirror and end, and proves them", "[service][owner_links]") {
    CHECK(owner_path(counting(), example) == "/owner/a%2Bb?expires=1800000000&proof=" + proof);
    CHECK(check_owner_link(counting(), "a+b", "1800000000", proof, noon - 1us).has_value());
}

TEST_CASE("a link is good for nothing else", "[service][owner_links]") {
    auto other_key = counting();
    other_key.bytes[0] = 1;
    auto changed = proof;
    changed.back() = changed.back() == '0' ? '1' : '0';

    const auto is_good = [](const model::Secret& key, const std::string& mirror,
                            const std::string& expires, const std::string& shown) {
        return check_owner_link(key, mirror, expires, shown, noon - 1h).has_value();
    };

    CHECK(is_good(counting(), "a+b", "1800000000", proof));
    CHECK_FALSE(is_good(other_key, "a+b", "1800000000", proof));
    CHECK_FALSE(is_good(counting(), "a", "1800000000", proof));
    CHECK_FALSE(is_good(counting(), "a+b", "1800000001", proof));
    CHECK_FALSE(is_good(counting(), "a+b", "1800000000", changed));
    CHECK_FALSE(is_good(counting(), "a+b", "1800000000", ""));
    CHECK_FALSE(is_good(counting(), "a+b", "", proof));
    CHECK_FALSE(is_good(counting(), "a+b", "-1", proof));
    CHECK_FALSE(is_good(counting(), "a+b", "99999999999999999999", proof));
    CHECK_FALSE(is_good(counting(), "a+b", "9223372036854775807", proof));
    CHECK_FALSE(check_owner_link(counting(), "a+b", "1800000000", proof, noon).has_value());
}
