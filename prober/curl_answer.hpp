#pragma once

#include "prober/curl_transfer.hpp"
#include "prober/http_client.hpp"

namespace prober {

/// What the last answer of a transfer said beside its outcome.
void describe_answer(const CurlTransfer&, model::Outcome, Answer&);
/// And with its body.
void describe_body(const CurlTransfer&, GetAnswer&);

}  // namespace prober
