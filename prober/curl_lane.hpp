#pragma once

#include "prober/curl_core.hpp"
#include "prober/http_client.hpp"
#include "prober/request_permits.hpp"

#include <memory>

namespace prober {

/// A lane to `home`, a host of `core`, held open by `permit`. Without a permit the lane
/// asks for one before its first request.
std::unique_ptr<Lane> make_curl_lane(std::shared_ptr<CurlCore> core, CurlHost& home, Permit permit);

}  // namespace prober
