#pragma once

#include "model/outcome.hpp"

#include <chrono>

namespace prober {

/// All that libcurl says about the end of one transfer.
struct TransferEnd {
    int code = 0;                   // CURLcode
    int status = 0;                 // HTTP status or FTP reply code; 0 if there was none
    int system_error = 0;           // errno of the failed call; 0 if unknown
    int tunnel_status = 0;          // a proxy's answer to CONNECT; 0 if it was not asked
    long verify_result = 0;         // X509_V_ERR_...
    long long content_length = -1;  // as announced; less than 0: it was not
    bool is_ftp = false;
    bool is_size_known = false;      // ftp only: the server named the file's size
    bool is_connected = false;       // TLS and a proxy's tunnel included
    bool is_answered = false;        // at least one line came back
    bool has_all_headers = false;    // up to the empty line
    bool has_too_much_head = false;  // more header bytes than are allowed
    bool is_through_proxy = false;   // the first connection goes to a machine of ours
};

/// What a transfer's end says about the mirror.
model::Outcome to_outcome(const TransferEnd&) noexcept;

/// What one port of a host has answered so far.
enum class KnownAnswers { none, some, head };  // `head`: 200 to a HEAD

/// Whether a refused HEAD is worth a GET: 405 and 501 always, 400 and 403 only where no
/// HEAD has ever been answered with 200, for then the server dislikes HEAD itself; and so may
/// one that drops a HEAD without a word, where it answers other requests.
bool is_get_worth_trying(model::Outcome, KnownAnswers) noexcept;

/// False for a timeout that came while the loop itself was late: more than a
/// quarter of a second and more than a tenth of the time limit.
bool is_timeout_credible(std::chrono::milliseconds lateness,
                         std::chrono::milliseconds time_limit) noexcept;

}  // namespace prober
