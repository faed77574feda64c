#include "prober/rsync_check.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace prober {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using model::Outcome;
using model::OutcomeKind;

constexpr std::string_view greeting = "@RSYNCD: ";
constexpr std::string_view farewell = "@RSYNCD: EXIT";
constexpr std::string_view own_greeting = "@RSYNCD: 31.0\n";  // of rsync 3.1, in 2013
constexpr std::size_t addresses_max = 4;

struct RsyncUrl {
    std::string host;  // without brackets
    std::uint16_t port = 873;
    std::string module;
};

std::optional<RsyncUrl> parse_rsync_url(std::string_view url) {
    constexpr std::string_view scheme = "rsync://";
    if (!url.starts_with(scheme)) {
        return std::nullopt;
    }
    url.remove_prefix(scheme.size());
    const auto slash = std::min(url.find('/'), url.size());
    auto authority = url.substr(0, slash);
    RsyncUrl parsed;
    auto path = url.substr(slash);
    path.remove_prefix(std::min<std::size_t>(path.size(), 1));
    parsed.module = path.substr(0, path.find('/'));
    const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) {
        return std::nullopt;
    }
    if (const auto colon = authority.find(':', bracket); colon != std::string_view::npos) {
        const auto text = authority.substr(colon + 1);
        const auto* const end = text.data() + text.size();
        const auto [stop, ec] = std::from_chars(text.data(), end, parsed.port);
        if (ec != std::errc{} || stop != end || parsed.port == 0) {
            return std::nullopt;
        }
        authority = authority.substr(0, colon);
    }
    parsed.host = bracket == 0 ? authority : authority.substr(1, bracket - 1);
    // What a line of the protocol cannot carry is no name of a module.
    const bool is_name = std::all_of(parsed.module.begin(), parsed.module.end(), [](char c) {
        return static_cast<unsigned char>(c) >= ' ' && c != '\x7f';
    });
    return parsed.host.empty() || parsed.module.empty() || parsed.module.starts_with('#') ||
                   !is_name
               ? std::nullopt
               : std::optional(parsed);
}

/// One connection, and what was read of it. Whoever waits is woken when its time is up.
class Conversation {
public:
    Conversation(const asio::any_io_executor& executor, RsyncLimits limits)
        : limits_{limits}, state_{std::make_shared<State>(executor)} {
        state_->deadline.expires_after(limits.timeout);
        state_->deadline.async_wait([state = state_](error_code ec) {
            if (!ec) {
                state->is_late = true;
                error_code ignored;
                state->socket.close(ignored);
            }
        });
    }
    ~Conversation() { state_->deadline.cancel(); }
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    asio::awaitable<Outcome> connect(std::vector<std::string> addresses, std::uint16_t port);
    asio::awaitable<error_code> say(std::string text);
    /// Without its line break; empty at the end.
    asio::awaitable<std::optional<std::string>> line();
    /// Of the end that came too early.
    Outcome end() const;
    std::size_t bytes() const noexcept { return bytes_; }

private:
    struct State {
        explicit State(const asio::any_io_executor& executor)
            : socket{executor}, deadline{executor} {}
        tcp::socket socket;
        asio::steady_timer deadline;
        bool is_late = false;
    };

    RsyncLimits limits_;
    std::shared_ptr<State> state_;
    std::string received_;
    std::size_t bytes_ = 0;
    bool is_too_much_ = false;
};

Outcome to_outcome(const error_code& ec) {
    switch (ec.value()) {
    case ETIMEDOUT: return {OutcomeKind::timeout_connect};
    case ECONNRESET:
    case EPIPE: return {OutcomeKind::reset};
    case ENETUNREACH:
    case EHOSTUNREACH: return {OutcomeKind::unreachable};
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT: return {OutcomeKind::prober_trouble};
    default: return {OutcomeKind::refused};
    }
}

asio::awaitable<Outcome> Conversation::connect(std::vector<std::string> addresses,
                                               std::uint16_t port) {
    Outcome outcome{OutcomeKind::name_not_resolved};
    addresses.resize(std::min(addresses.size(), addresses_max));
    for (const auto& text : addresses) {
        error_code ec;
        const auto address = asio::ip::make_address(text, ec);
        if (ec) {
            continue;
        }
        state_->socket = tcp::socket(state_->socket.get_executor());
        const tcp::endpoint endpoint(address, port);
        co_await state_->socket.async_connect(endpoint,
                                              asio::redirect_error(asio::use_awaitable, ec));
        if (state_->is_late) {
            co_return Outcome{OutcomeKind::timeout_connect};
        }
        if (!ec) {
            co_return Outcome{OutcomeKind::ok};
        }
        outcome = to_outcome(ec);
    }
    co_return outcome;
}

asio::awaitable<error_code> Conversation::say(std::string text) {
    error_code ec;
    co_await asio::async_write(state_->socket, asio::buffer(text),
                               asio::redirect_error(asio::use_awaitable, ec));
    co_return ec;
}

asio::awaitable<std::optional<std::string>> Conversation::line() {
    error_code ec;
    auto buffer = asio::dynamic_buffer(received_, limits_.bytes_max);
    const auto length = co_await asio::async_read_until(
        state_->socket, buffer, '\n', asio::redirect_error(asio::use_awaitable, ec));
    bytes_ += length;
    is_too_much_ |= ec == asio::error::not_found || bytes_ > limits_.bytes_max;
    if (ec || is_too_much_) {
        co_return std::nullopt;
    }
    auto text = received_.substr(0, length - 1);
    received_.erase(0, length);
    if (text.ends_with('\r')) {
        text.pop_back();
    }
    co_return text;
}

Outcome Conversation::end() const {
    return {state_->is_late ? OutcomeKind::timeout_response
            : is_too_much_  ? OutcomeKind::invalid_answer
                            : OutcomeKind::reset};
}

/// Connects, and exchanges greetings.
asio::awaitable<Outcome> greet(Conversation& conversation, std::vector<std::string> addresses,
                               std::uint16_t port) {
    const auto outcome = co_await conversation.connect(std::move(addresses), port);
    if (!outcome.is_ok()) {
        co_return outcome;
    }
    const auto line = co_await conversation.line();
    if (!line) {
        co_return conversation.end();
    }
    if (!line->starts_with(greeting)) {
        co_return Outcome{OutcomeKind::invalid_answer};
    }
    co_await conversation.say(std::string(own_greeting));
    co_return Outcome{OutcomeKind::ok};
}

/// "debian         \tDebian archive"; what has no tab is a message of the day.
std::optional<std::string> module_of(const std::string& line) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) {
        return std::nullopt;
    }
    return line.substr(0, line.find_last_not_of(' ', tab - (tab > 0 ? 1 : 0)) + 1);
}

/// Empty where the list broke off, or the daemon refused it.
asio::awaitable<std::optional<std::vector<std::string>>> list_modules(Conversation& conversation) {
    std::vector<std::string> modules;
    co_await conversation.say("#list\n");
    for (;;) {
        const auto line = co_await conversation.line();
        if (!line || line->starts_with("@ERROR")) {
            co_return std::nullopt;
        }
        if (*line == farewell) {
            co_return modules;
        }
        if (auto module = module_of(*line)) {
            modules.push_back(std::move(*module));
        }
    }
}

/// Whether the daemon says in so many words that it has no such module.
asio::awaitable<bool> is_unknown(Conversation& conversation, std::string module) {
    co_await conversation.say(module + "\n");
    for (;;) {
        const auto line = co_await conversation.line();
        if (!line || line->starts_with("@RSYNCD: ")) {
            co_return false;
        }
        if (line->starts_with("@ERROR")) {
            co_return line->find("nknown module") != std::string::npos;
        }
    }
}

}  // namespace

asio::awaitable<model::RsyncFacts> check_rsync(std::string url, RsyncLimits limits,
                                               NameLookup::Resolver resolver) {
    model::RsyncFacts facts;
    facts.url = url;
    const auto parsed = parse_rsync_url(url);
    if (!parsed) {
        facts.outcome = {OutcomeKind::invalid_answer};
        co_return facts;
    }
    facts.module = parsed->module;
    const auto executor = co_await asio::this_coro::executor;
    NameLookup names(executor, {.timeout = limits.timeout, .lookups_max = 1}, std::move(resolver));
    auto found = co_await names.look_up(parsed->host);
    if (found.addresses.empty()) {
        facts.outcome = {found.failure};
        co_return facts;
    }
    {
        Conversation conversation(executor, limits);
        ++facts.connections;
        facts.outcome = co_await greet(conversation, found.addresses, parsed->port);
        if (facts.outcome.is_ok()) {
            facts.modules = co_await list_modules(conversation);
        }
        facts.bytes += conversation.bytes();
    }
    if (!facts.modules ||
        std::ranges::find(*facts.modules, parsed->module) != facts.modules->end()) {
        co_return facts;
    }
    Conversation second(executor, limits);
    ++facts.connections;
    const auto outcome = co_await greet(second, found.addresses, parsed->port);
    const bool is_missing = outcome.is_ok() && co_await is_unknown(second, parsed->module);
    facts.bytes += second.bytes();
    if (!is_missing) {
        facts.modules->push_back(parsed->module);
    }
    co_return facts;
}

}  // namespace prober
