#pragma once

#include "model/observation.hpp"
#include "prober/curl_core.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace prober {

/// See HttpClient. Each holds one of the host's permits until it is done.
asio::awaitable<std::vector<model::AddressState>> connect_to_each(std::shared_ptr<CurlCore> core,
                                                                  std::string url);
asio::awaitable<std::optional<model::CertificateState>> read_certificate(
    std::shared_ptr<CurlCore> core, std::string url);

}  // namespace prober
