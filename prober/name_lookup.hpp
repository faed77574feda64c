#pragma once

#include "model/outcome.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prober {

namespace asio = boost::asio;

/// What a host name leads to.
struct NameAnswer {
    std::vector<std::string> addresses;  // numeric, in the system's order; IPv6 without brackets
    model::OutcomeKind failure{};        // only if there are no addresses
    std::string detail;                  // the system's words on the failure
};

/// Looks each name up once, off the loop: libcurl's own resolver stops the loop
/// at its timeout. One thread uses it, that of the executor.
class NameLookup {
public:
    struct Limits {
        std::chrono::milliseconds timeout;  // of one name, counted from when its lookup starts
        std::size_t lookups_max;            // at once
    };
    /// Blocks until it has asked the system. Called on threads of its own, which
    /// may outlive the NameLookup.
    using Resolver = std::function<NameAnswer(const std::string&)>;

    NameLookup(asio::any_io_executor, Limits, Resolver);
    ~NameLookup();
    NameLookup(const NameLookup&) = delete;
    NameLookup& operator=(const NameLookup&) = delete;

    /// The answer, which stays the same for the life of this object.
    asio::awaitable<NameAnswer> look_up(std::string text);

    /// Whoever waits gets `cancelled` at once, and so does who comes later.
    void cancel();

private:
    struct Name {
        Name(const asio::any_io_executor& executor, std::string name);

        std::string text;
        NameAnswer answer;
        bool is_answered = false;
        asio::steady_timer answered;  // never fires: cancelled when there is an answer
        asio::steady_timer deadline;
    };
    struct Mailbox;  // through which threads reach us, as long as we are there

    void start_next();
    void start(const std::shared_ptr<Name>& name);
    void finish(const std::string& text, NameAnswer answer);
    static void settle(Name& name, NameAnswer answer);

    asio::any_io_executor executor_;
    Limits limits_;
    Resolver resolver_;
    std::shared_ptr<Mailbox> mailbox_;
    std::map<std::string, std::shared_ptr<Name>> names_;
    std::deque<std::shared_ptr<Name>> queue_;
    std::size_t running_ = 0;
    bool is_cancelled_ = false;
};

/// getaddrinfo.
NameAnswer resolve_with_system(const std::string& name);

}  // namespace prober
