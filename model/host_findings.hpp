#pragma once

#include "model/observation.hpp"
#include "model/rules.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What is wrong with a mirror beside its suites: its addresses, certificate, pool, rsync
/// daemon and manners. Each of them judges nothing where it learnt nothing.
namespace model {

/// Every address of the mirror's name, and whether this machine has such a network at all:
/// where it has none, no address of that family is judged.
struct AddressFacts {
    std::string url;  // that was asked for
    std::vector<AddressState> addresses;
    bool has_ipv4 = true;
    bool has_ipv6 = true;
};

/// A host that is dead altogether has no finding here.
std::vector<Finding> judge_addresses(const AddressFacts&);

/// "2001:db8::7" is one, "192.0.2.7" is not.
bool is_ipv6(std::string_view address) noexcept;

struct CertificateFacts {
    std::string url;
    Outcome outcome;                              // of a request to it
    std::optional<CertificateState> certificate;  // where the server showed one
    Timestamp now;
};
std::vector<Finding> judge_certificate(const CertificateFacts&);

/// Rounded down; negative once it has expired.
std::int64_t days_left(const CertificateState&, Timestamp now) noexcept;

/// A name that cannot exist was asked for. Empty unless the answer was 200.
std::optional<Finding> judge_nonsense(const std::string& url, Outcome, bool is_web_page);

/// One file below the mirror's base URL, and what the index, or the Release, says of it.
struct FileFacts {
    std::string subject;  // the suite
    std::string url;
    Outcome outcome;
    std::optional<std::uint64_t> size;
    std::optional<Sha256> sha256;  // only where all of it was fetched
    std::uint64_t size_expected = 0;
    Sha256 sha256_expected;
};
std::optional<Finding> judge_pool_file(const FileFacts&);
/// An index under its hash: dists/<suite>/<component>/binary-<arch>/by-hash/SHA256/….
std::optional<Finding> judge_by_hash(const FileFacts&);

struct RsyncFacts {
    std::string url;  // rsync://host/module/path/
    Outcome outcome;  // of connecting and reading the greeting
    std::string module;
    std::optional<std::vector<std::string>> modules;  // empty: the list was not given
    std::uint32_t connections = 0;
    std::uint64_t bytes = 0;  // received
};
std::optional<Finding> judge_rsync(const RsyncFacts&);
/// The same in few words, to be kept; nothing where nothing was learnt.
std::optional<RsyncState> rsync_state(const RsyncFacts&);

/// Nothing of a mirror was asked for, because its host had not answered others in time.
Finding host_not_asked(const std::string& url);

/// It answered 429 or 503 with Retry-After.
Finding server_asks_to_wait(const std::string& url, int status, std::chrono::seconds);

/// `what`: the fault with its line.
Finding host_rules_invalid(const std::string& url, const std::string& what);

}  // namespace model
