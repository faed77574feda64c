#include "tools/service/client_address.hpp"

#include "model/text_rules.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace service {
namespace {

using asio::ip::address;

std::vector<unsigned char> bytes_of(const address& who) {
    if (who.is_v4()) {
        const auto bytes = who.to_v4().to_bytes();
        return {bytes.begin(), bytes.end()};
    }
    const auto bytes = who.to_v6().to_bytes();
    return {bytes.begin(), bytes.end()};
}

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_trusted(const address& who, const std::vector<Network>& trusted) {
    return std::ranges::any_of(trusted,
                               [&](const Network& network) { return network.contains(who); });
}

}  // namespace

Network Network::parse(const std::string& text) {
    const auto slash = std::min(text.find('/'), text.size());
    boost::system::error_code error;
    const auto first = asio::ip::make_address(text.substr(0, slash), error);
    Network network;
    network.bytes_ = error ? std::vector<unsigned char>() : bytes_of(first);
    network.bits_ = static_cast<unsigned int>(8 * network.bytes_.size());
    if (slash < text.size() && !error) {
        unsigned int bits = 0;
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data() + slash + 1, end, bits);
        if (read.ec != std::errc() || read.ptr != end || bits > network.bits_) {
            error = asio::error::invalid_argument;
        }
        network.bits_ = bits;
    }
    if (error) {
        throw std::invalid_argument(
            fmt::format("{} is no address or network; write it like 192.0.2.7, 10.0.0.0/8 or ::1",
                        model::in_quotes(text)));
    }
    return network;
}

bool Network::contains(const address& who) const {
    const auto bytes = bytes_of(plain_address(who));
    if (bytes.size() != bytes_.size()) {
        return false;
    }
    for (unsigned int bit = 0; bit < bits_; ++bit) {
        const unsigned int mask = 0x80U >> bit % 8;
        if (((bytes[bit / 8] ^ bytes_[bit / 8]) & mask) != 0) {
            return false;
        }
    }
    return true;
}

address client_address(const address& peer, std::string_view forwarded_for,
                       const std::vector<Network>& trusted) {
    address who = plain_address(peer);
    while (is_trusted(who, trusted) && !forwarded_for.empty()) {
        const auto comma = forwarded_for.rfind(',');
        const bool is_first = comma == std::string_view::npos;
        const auto word = trim(is_first ? forwarded_for : forwarded_for.substr(comma + 1));
        forwarded_for = is_first ? std::string_view() : forwarded_for.substr(0, comma);
        boost::system::error_code error;
        const auto before = asio::ip::make_address(std::string(word), error);
        if (error) {
            break;
        }
        who = plain_address(before);
    }
    return who;
}

std::string client_key(const address& who) {
    const address plain = plain_address(who);
    if (plain.is_v4()) {
        return plain.to_string();
    }
    auto bytes = plain.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return asio::ip::address_v6(bytes).to_string();
}

address plain_address(const address& who) {
    if (who.is_v6() && who.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, who.to_v6());
    }
    return who;
}

}  // namespace service
