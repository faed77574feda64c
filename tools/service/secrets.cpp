#include "tools/service/secrets.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace service {

model::Secret random_secret() {
    model::Secret secret;
    if (RAND_bytes(secret.bytes.data(), static_cast<int>(secret.bytes.size())) != 1) {
        throw std::runtime_error("cannot make a secret: the system gives no random bytes");
    }
    return secret;
}

model::Sha256 hash_of(const model::Secret& secret) {
    model::Sha256 hash;
    unsigned int size = 0;
    if (EVP_Digest(secret.bytes.data(), secret.bytes.size(), hash.bytes.data(), &size, EVP_sha256(),
                   nullptr) != 1) {
        throw std::runtime_error("cannot compute a SHA-256");
    }
    return hash;
}

model::Sha256 sign(const model::Secret& key, std::string_view text) {
    model::Sha256 code;
    unsigned int size = 0;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text as bytes
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (HMAC(EVP_sha256(), key.bytes.data(), static_cast<int>(key.bytes.size()), bytes, text.size(),
             code.bytes.data(), &size) == nullptr) {
        throw std::runtime_error("cannot compute an HMAC");
    }
    return code;
}

bool is_same_secret(const model::Sha256& left, const model::Sha256& right) noexcept {
    return CRYPTO_memcmp(left.bytes.data(), right.bytes.data(), left.bytes.size()) == 0;
}

bool is_same_secret(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace service
