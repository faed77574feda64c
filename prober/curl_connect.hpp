#pragma once

#include "model/observation.hpp"
#include "prober/curl_core.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace prober {

/// See HttpClient. Neither asks for a permit: whoever calls holds one of that host, and to
/// wait for another could be to wait for ever.
asio::awaitable<std::vector<model::AddressState>> connect_to_each(std::shared_ptr<CurlCore> core,
                                                                  std::string url);
asio::awaitable<std::optional<model::CertificateState>> read_certificate(
    std::shared_ptr<CurlCore> core, std::string url);

}  // namespace prober
