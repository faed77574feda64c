#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace service {

namespace asio = boost::asio;

/// Addresses that belong together: "192.0.2.7", "10.0.0.0/8", "2001:db8::/32".
class Network {
public:
    /// Throws `std::invalid_argument`, for people, where it is none.
    static Network parse(const std::string&);

    bool contains(const asio::ip::address&) const;

private:
    std::vector<unsigned char> bytes_;
    unsigned int bits_ = 0;
};

/// Who asked: the peer itself, or, where it is a proxy that we trust, the last address of
/// X-Forwarded-For (`forwarded_for`, all its fields joined by ",") that is none of those.
/// Whatever stands before that is the client's own word.
asio::ip::address client_address(const asio::ip::address& peer, std::string_view forwarded_for,
                                 const std::vector<Network>& trusted);

/// What counts as one client: an IPv4 address, or 64 bits of an IPv6 address.
std::string client_key(const asio::ip::address&);

/// An IPv4 address that came by an IPv6 socket ("::ffff:192.0.2.7") as itself.
asio::ip::address plain_address(const asio::ip::address&);

}  // namespace service
