#include "prober/sha256_hasher.hpp"

#include <new>
#include <openssl/evp.h>
#include <stdexcept>

namespace prober {
namespace {

void check(int result) {
    if (result != 1) {
        throw std::runtime_error("OpenSSL cannot compute a SHA-256");
    }
}

}  // namespace

class Sha256Hasher::State {
public:
    State() : context_{EVP_MD_CTX_new()} {
        if (context_ == nullptr) {
            throw std::bad_alloc();
        }
        if (EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) != 1) {
            EVP_MD_CTX_free(context_);
            check(0);
        }
    }
    ~State() { EVP_MD_CTX_free(context_); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    EVP_MD_CTX* context() noexcept { return context_; }

private:
    EVP_MD_CTX* context_;
};

Sha256Hasher::Sha256Hasher() : state_{std::make_unique<State>()} {}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

void Sha256Hasher::add(std::string_view bytes) {
    check(EVP_DigestUpdate(state_->context(), bytes.data(), bytes.size()));
}

model::Sha256 Sha256Hasher::finish() {
    model::Sha256 digest;
    unsigned size = 0;
    check(EVP_DigestFinal_ex(state_->context(), digest.bytes.data(), &size));
    return digest;
}

model::Sha256 sha256_of(std::string_view bytes) {
    Sha256Hasher hasher;
    hasher.add(bytes);
    return hasher.finish();
}

}  // namespace prober
