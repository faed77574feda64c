#include "tools/bench/fixture.hpp"

#include "tools/bench/fixture_counters.hpp"
#include "tools/bench/fixture_sockets.hpp"
#include "tools/bench/fixture_tls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <deque>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <span>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>
#include <vector>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

// ab speaks HTTP/1.0 and must be told that the connection stays.
constexpr std::string_view ok_answer =
    "HTTP/1.1 200 OK\r\nServer: fixture\r\nContent-Type: text/plain\r\n"
    "Connection: keep-alive\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view missing_answer =
    "HTTP/1.1 404 Not Found\r\nServer: fixture\r\nContent-Type: text/plain\r\n"
    "Connection: keep-alive\r\nContent-Length: 0\r\n\r\n";
constexpr std::chrono::seconds drip_pause{1};

/// What a probe asks for beside indexes and packages: mirrors here have no more.
bool is_no_index(std::string_view line) {
    constexpr std::array<std::string_view, 5> names = {"/no-such-file-", "/InRelease ", "/Release ",
                                                       "/Archive-Update-in-Progress-",
                                                       "/project/trace/"};
    return std::ranges::any_of(
        names, [line](std::string_view name) { return line.find(name) != std::string_view::npos; });
}

struct Connection {
    Descriptor socket;
    std::unique_ptr<TlsConnection> tls;
    std::uint32_t host = no_host;  // `no_host`: the counters' reader
    std::uint32_t generation = 0;  // of this descriptor number: tells an answer its connection
    std::uint32_t requests_under_way = 0;
    std::string begun;  // of a request whose end has not come
};

/// An answer, or the rest of one, that is to be sent at `when`.
struct Due {
    Clock::time_point when;
    int socket = -1;
    std::uint32_t generation = 0;
    std::string_view text;
};

class EpollFixture : public Fixture {
public:
    explicit EpollFixture(FixtureOptions options);

    void run() override;

private:
    void accept_all();
    void read_from(Connection&);
    void take_requests(Connection&, std::string_view text);
    void take_request(Connection&, std::string_view request);
    void answer_counters(Connection&, std::string_view request);
    void send_due(std::deque<Due>&);
    void send(Connection&, const Due&);
    void close(Connection&);
    std::optional<Clock::time_point> next_due() const;

    FixtureOptions options_;
    FixtureCounters counters_;
    std::unique_ptr<TlsServer> tls_;
    std::vector<Descriptor> swallowing_;
    Descriptor listener_;
    Descriptor epoll_;
    std::vector<Connection> connections_;  // by descriptor number
    // One delay each, so each is in the order of time by itself.
    std::deque<Due> answers_;
    std::deque<Due> drips_;
};

void watch(const Descriptor& epoll, int socket) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    if (::epoll_ctl(epoll.number(), EPOLL_CTL_ADD, socket, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot watch a socket");
    }
}

/// As TlsConnection::read, for either kind of connection.
std::optional<std::size_t> read_some(Connection& from, std::span<char> into) {
    if (from.tls) {
        return from.tls->read(into);
    }
    const auto count = ::recv(from.socket.number(), into.data(), into.size(), 0);
    if (count < 0) {
        return errno == EAGAIN ? std::nullopt : std::optional<std::size_t>(0);
    }
    return static_cast<std::size_t>(count);
}

EpollFixture::EpollFixture(FixtureOptions options)
    : options_(std::move(options)),
      counters_(options_.hosts),
      listener_(listen_on_loopback(options_.port)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(raise_descriptor_limit()) {
    if (!options_.certificate_file.empty()) {
        tls_ = open_tls_server(options_.certificate_file, options_.key_file);
    }
    for (auto host = options_.swallow.first; host < options_.swallow.end; ++host) {
        for (auto& held : swallow_connections(host, options_.port)) {
            swallowing_.push_back(std::move(held));
        }
    }
    watch(epoll_, listener_.number());
}

void EpollFixture::run() {
    std::array<epoll_event, 512> events{};
    for (;;) {
        timespec wait{};
        const auto due = next_due();
        if (due) {
            const auto left = std::max(*due - Clock::now(), Clock::duration::zero());
            wait.tv_sec = left / std::chrono::seconds(1);
            wait.tv_nsec = (left % std::chrono::seconds(1)).count();
        }
        const int count = ::epoll_pwait2(epoll_.number(), events.data(), events.size(),
                                         due ? &wait : nullptr, nullptr);
        for (int i = 0; i < count; ++i) {
            const int socket = events.at(static_cast<std::size_t>(i)).data.fd;
            if (socket == listener_.number()) {
                accept_all();
            } else {
                read_from(connections_.at(static_cast<std::size_t>(socket)));
            }
        }
        send_due(answers_);
        send_due(drips_);
    }
}

std::optional<Clock::time_point> EpollFixture::next_due() const {
    std::optional<Clock::time_point> next;
    for (const auto* queue : {&answers_, &drips_}) {
        if (!queue->empty() && (!next || queue->front().when < *next)) {
            next = queue->front().when;
        }
    }
    return next;
}

void EpollFixture::accept_all() {
    for (;;) {
        Descriptor socket(
            ::accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        const auto number = static_cast<std::size_t>(socket.number());
        if (socket.number() < 0 || number >= connections_.size()) {
            return;
        }
        const auto host = host_of_connection(socket.number());
        if (host != no_host && host >= options_.hosts) {
            continue;  // an address that nobody was told of
        }
        const int on = 1;
        ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll_, socket.number());
        auto& made = connections_[number];
        made.socket = std::move(socket);
        made.host = host;
        if (host != no_host) {
            counters_.connection_opened(host);
            if (tls_) {
                made.tls = tls_->accept(made.socket.number());
            }
        }
    }
}

void EpollFixture::read_from(Connection& from) {
    static std::array<char, 16'384> buffer;
    const auto generation = from.generation;
    do {
        const auto count = read_some(from, buffer);
        if (!count) {
            return;
        }
        if (*count == 0) {
            close(from);
            return;
        }
        take_requests(from, std::string_view(buffer.data(), *count));
        // What an encrypted connection has read ahead, epoll does not tell of.
    } while (from.tls && from.generation == generation);
}

void EpollFixture::take_requests(Connection& from, std::string_view text) {
    constexpr std::string_view end_of_request = "\r\n\r\n";
    if (!from.begun.empty()) {
        from.begun.append(text);
        text = from.begun;
    }
    const auto generation = from.generation;
    std::size_t taken = 0;
    for (auto end = text.find(end_of_request); end != std::string_view::npos;
         end = text.find(end_of_request, taken)) {
        take_request(from, text.substr(taken, end - taken));
        if (from.generation != generation) {
            return;  // it was closed
        }
        taken = end + end_of_request.size();
    }
    from.begun = std::string(text.substr(taken));
}

void EpollFixture::take_request(Connection& from, std::string_view request) {
    if (from.host == no_host) {
        answer_counters(from, request);
        return;
    }
    counters_.request_began(from.host);
    ++from.requests_under_way;
    if (options_.reset.contains(from.host)) {
        reset_on_close(from.socket.number());
        close(from);
        return;
    }
    const auto line = request.substr(0, request.find('\r'));
    const bool missing =
        is_no_index(line) ||
        (!options_.missing.empty() && line.find(options_.missing) != std::string_view::npos);
    Due due{.when = {},
            .socket = from.socket.number(),
            .generation = from.generation,
            .text = missing ? missing_answer : ok_answer};
    if (options_.drip.contains(from.host)) {
        due.when = Clock::now() + drip_pause;
        drips_.push_back(due);
    } else if (options_.delay.count() > 0) {
        due.when = Clock::now() + options_.delay;
        answers_.push_back(due);
    } else {
        send(from, due);
    }
}

void EpollFixture::answer_counters(Connection& from, std::string_view request) {
    const auto text = counters_.json();
    if (request.starts_with("GET /reset ")) {
        counters_.reset();
    }
    const auto answer = fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        text.size(), text);
    if (::send(from.socket.number(), answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
        close(from);
    }
}

void EpollFixture::send_due(std::deque<Due>& queue) {
    const auto now = Clock::now();
    while (!queue.empty() && queue.front().when <= now) {
        const auto due = queue.front();
        queue.pop_front();
        auto& to = connections_.at(static_cast<std::size_t>(due.socket));
        if (to.generation == due.generation) {
            send(to, due);
        }
    }
}

void EpollFixture::send(Connection& to, const Due& due) {
    auto text = due.text;
    if (options_.drip.contains(to.host)) {
        text = text.substr(0, 1);
    }
    // An answer fits the buffer of every socket: one that does not take it is of
    // no use to a measurement.
    const bool sent = to.tls ? to.tls->write(text)
                             : ::send(due.socket, text.data(), text.size(), MSG_NOSIGNAL) ==
                                   static_cast<ssize_t>(text.size());
    if (!sent) {
        close(to);
    } else if (text.size() < due.text.size()) {
        drips_.push_back(Due{.when = Clock::now() + drip_pause,
                             .socket = due.socket,
                             .generation = due.generation,
                             .text = due.text.substr(text.size())});
    } else {
        --to.requests_under_way;
        counters_.request_ended(to.host);
    }
}

void EpollFixture::close(Connection& ended) {
    if (ended.host != no_host) {
        counters_.connection_closed(ended.host);
        for (; ended.requests_under_way > 0; --ended.requests_under_way) {
            counters_.request_ended(ended.host);
        }
    }
    ended = Connection{.socket = {},
                       .tls = {},
                       .host = no_host,
                       .generation = ended.generation + 1,
                       .requests_under_way = 0,
                       .begun = {}};
}

}  // namespace

std::unique_ptr<Fixture> open_fixture(FixtureOptions options) {
    return std::make_unique<EpollFixture>(std::move(options));
}

}  // namespace bench
