#pragma once

#include "prober/curl_core.hpp"
#include "prober/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace prober {

/// See HttpClient. Neither asks for a permit: whoever calls holds one of that host, and to
/// wait for another could be to wait for ever.
asio::awaitable<AddressAnswers> connect_to_each(std::shared_ptr<CurlCore> core, std::string url);
asio::awaitable<CertificateAnswer> read_certificate(std::shared_ptr<CurlCore> core,
                                                    std::string url);

}  // namespace prober
