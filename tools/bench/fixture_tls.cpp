#include "tools/bench/fixture_tls.hpp"

#include <openssl/ssl.h>
#include <stdexcept>

namespace bench {
namespace {

struct Freer {
    void operator()(SSL* connection) const { SSL_free(connection); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

class OpensslConnection : public TlsConnection {
public:
    OpensslConnection(SSL_CTX* context, int socket) : ssl_(SSL_new(context)) {
        SSL_set_fd(ssl_.get(), socket);
        SSL_set_accept_state(ssl_.get());
    }

    std::optional<std::size_t> read(std::span<char> into) override {
        std::size_t count = 0;
        if (SSL_read_ex(ssl_.get(), into.data(), into.size(), &count) == 1) {
            return count;
        }
        if (SSL_get_error(ssl_.get(), 0) == SSL_ERROR_WANT_READ) {
            return std::nullopt;
        }
        return 0;
    }

    bool write(std::string_view text) override {
        std::size_t count = 0;
        return SSL_write_ex(ssl_.get(), text.data(), text.size(), &count) == 1;
    }

private:
    std::unique_ptr<SSL, Freer> ssl_;
};

class OpensslServer : public TlsServer {
public:
    OpensslServer(const std::string& certificate_file, const std::string& key_file)
        : context_(SSL_CTX_new(TLS_server_method())) {
        auto* context = context_.get();
        if (context == nullptr ||
            SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1 ||
            SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
            throw std::runtime_error("cannot use the certificate " + certificate_file +
                                     " with the key " + key_file);
        }
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    }

    std::unique_ptr<TlsConnection> accept(int socket) override {
        return std::make_unique<OpensslConnection>(context_.get(), socket);
    }

private:
    std::unique_ptr<SSL_CTX, Freer> context_;
};

}  // namespace

std::unique_ptr<TlsServer> open_tls_server(const std::string& certificate_file,
                                           const std::string& key_file) {
    return std::make_unique<OpensslServer>(certificate_file, key_file);
}

}  // namespace bench
