#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bench {

/// The server's side of one connection's encryption. Never blocks.
class TlsConnection {
public:
    virtual ~TlsConnection() = default;

    /// Bytes read; 0 at the end of the connection or after a fault; nothing where
    /// the peer must speak first. Makes the handshake on the way.
    virtual std::optional<std::size_t> read(std::span<char>) = 0;
    virtual bool write(std::string_view) = 0;
};

/// A certificate and its key, ready for connections.
class TlsServer {
public:
    virtual ~TlsServer() = default;

    virtual std::unique_ptr<TlsConnection> accept(int socket) = 0;
};

/// Both files in PEM. Throws `std::runtime_error` where they cannot be used.
std::unique_ptr<TlsServer> open_tls_server(const std::string& certificate_file,
                                           const std::string& key_file);

}  // namespace bench
