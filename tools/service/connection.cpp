#include "tools/service/connection.hpp"

#include "tools/service/negotiation.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace service {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t piece_bytes = std::size_t{64} << 10U;
constexpr std::size_t read_bytes = 4096;
/// The kernel would hold megabytes for each client that does not read.
constexpr int send_buffer_bytes = 128 << 10U;
/// After a refusal: what a client sends that has not heard of it yet.
constexpr std::size_t lingering_bytes_max = std::size_t{256} << 10U;
constexpr std::chrono::milliseconds lingering_time{1'000};

Response refusal_of(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return problem(431, "request header too large", "The request's fields are too long.");
    }
    if (error == http::error::body_limit) {
        return problem(413, "request too large", "The request's body is too long.");
    }
    if (error == http::error::bad_version) {
        return problem(505, "HTTP version not supported", "Ask in HTTP/1.1.");
    }
    return problem(400, "bad request", "This is no HTTP request: " + error.message() + ".");
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

}  // namespace

struct Connection::Parser {
    http::request_parser<http::string_body> http;

    /// As far as it was read.
    void copy_head(RequestHead& head) const {
        const auto& message = http.get();
        head.method = message.method_string();
        head.target = message.target();
        head.version = message.version();
        for (const auto& field : message) {
            head.fields.emplace_back(lower_case(field.name_string()), field.value());
        }
    }
};

Connection::Connection(asio::ip::tcp::socket socket, asio::ip::address peer,
                       const ConnectionContext& context)
    : socket_{std::move(socket)}, peer_{std::move(peer)}, context_{context} {}

void Connection::expect_within(std::chrono::milliseconds time) {
    deadline_ = std::chrono::steady_clock::now() + time;
    is_late_ = false;
}

void Connection::enforce_deadline(Time now) {
    if (deadline_ && now > *deadline_) {
        is_late_ = true;
        error_code ignored;
        socket_.cancel(ignored);
    }
}

void Connection::stop() {
    is_stopping_ = true;
    if (is_idle_) {
        cut();
    }
}

void Connection::cut() {
    is_idle_ = false;
    error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<void> Connection::run() {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
    Next next = Next::request;
    while (next == Next::request && !is_stopping_) {
        if (!co_await wait_for_request()) {
            break;
        }
        next = co_await serve_request();
    }
    socket_.close(ignored);
}

/// Holds no buffer meanwhile: a client that says nothing costs next to nothing.
asio::awaitable<bool> Connection::wait_for_request() {
    if (!unread_.empty()) {
        co_return true;
    }
    unread_.shrink_to_fit();
    expect_within(context_.options.limits.idle_time);
    is_idle_ = true;
    error_code error;
    co_await socket_.async_wait(asio::ip::tcp::socket::wait_read,
                                asio::redirect_error(asio::use_awaitable, error));
    is_idle_ = false;
    co_return !error && !is_late_;
}

/// Adds to `unread_`. Where nothing comes: what to say to the client, if it is still there.
asio::awaitable<std::optional<Response>> Connection::read_more(const char* what) {
    const std::size_t known = unread_.size();
    unread_.resize(known + read_bytes);
    error_code error;
    std::size_t size = 0;
    if (!is_late_) {
        size = co_await socket_.async_read_some(asio::buffer(unread_.data() + known, read_bytes),
                                                asio::redirect_error(asio::use_awaitable, error));
    }
    unread_.resize(known + size);
    if (is_late_ && size == 0) {
        co_return problem(408, "request timeout", fmt::format("{} took too long.", what));
    }
    if (error) {
        has_left_ = true;
        co_return problem(400, "bad request", "The request is not whole.");
    }
    co_return std::nullopt;
}

asio::awaitable<std::optional<Response>> Connection::read_head(Parser& parser, RequestHead& head) {
    expect_within(context_.options.limits.header_time);
    parser.http.header_limit(static_cast<std::uint32_t>(context_.options.limits.header_bytes));
    parser.http.body_limit(context_.options.limits.body_bytes);
    while (!parser.http.is_header_done()) {
        error_code error = http::error::need_more;
        if (!unread_.empty()) {
            unread_.erase(0, parser.http.put(asio::buffer(unread_), error));
        }
        if (error == http::error::need_more) {
            if (auto refusal = co_await read_more("The request's header")) {
                co_return refusal;
            }
        } else if (error) {
            parser.copy_head(head);
            co_return refusal_of(error);
        }
    }
    parser.copy_head(head);
    co_return refuse_head(head);
}

asio::awaitable<std::optional<Response>> Connection::read_body(Parser& parser,
                                                               const RequestHead& head,
                                                               Request& request) {
    if (!parser.http.is_done() && lower_case(joined_fields(head, "expect")) == "100-continue") {
        if (!co_await write("HTTP/1.1 100 Continue\r\n\r\n", std::string_view())) {
            co_return problem(400, "bad request", "The request is not whole.");
        }
    }
    expect_within(context_.options.limits.body_time);
    while (!parser.http.is_done()) {
        error_code error = http::error::need_more;
        if (!unread_.empty()) {
            unread_.erase(0, parser.http.put(asio::buffer(unread_), error));
        }
        if (error == http::error::need_more) {
            if (auto refusal = co_await read_more("The request's body")) {
                co_return refusal;
            }
        } else if (error) {
            co_return refusal_of(error);
        }
    }
    request.body = std::move(parser.http.get().body());
    co_return std::nullopt;
}

asio::awaitable<Connection::Next> Connection::serve_request() {
    Parser parser;
    RequestHead head;
    began_ = std::chrono::steady_clock::now();
    client_ = peer_.to_string();
    if (auto refusal = co_await read_head(parser, head)) {
        co_return co_await refuse(head, std::move(*refusal));
    }
    const auto client =
        client_address(peer_, joined_fields(head, "x-forwarded-for"), context_.trusted);
    client_ = client.to_string();
    const bool may_stay = parser.http.keep_alive();
    const bool is_plain_read = (head.method == "GET" || head.method == "HEAD") &&
                               joined_fields(head, "cookie").empty() &&
                               joined_fields(head, "authorization").empty();
    const Coding coding =
        accepts_gzip(joined_fields(head, "accept-encoding")) ? Coding::gzip : Coding::identity;
    ReadyAnswer answer;
    const bool is_site = &context_.routes == &context_.options.routes;
    if (is_site && is_plain_read && parser.http.is_done()) {
        answer = context_.answerer.find_kept(head.target, coding);
    }
    if (answer == nullptr) {
        ReadRequest read = read_request(head, context_.options.base_path);
        read.request.origin = context_.options.origin;
        read.request.client_address = client_;
        read.request.client_key = client_key(client);
        if (auto refusal = co_await read_body(parser, head, read.request)) {
            co_return co_await refuse(head, std::move(*refusal));
        }
        deadline_.reset();
        if (read.refusal) {
            answer = std::make_shared<const ReadyResponse>(
                make_ready(*read.refusal, Coding::identity, Reader::anyone));
        } else {
            std::string target = is_site ? head.target : std::string();
            answer = co_await context_.answerer.answer(context_.routes, std::move(read.request),
                                                       std::move(target), coding);
        }
    }
    const bool stays = may_stay && !is_stopping_;
    co_return co_await send(std::move(answer), head, stays) && stays ? Next::request : Next::end;
}

/// Says what was wrong and hangs up: where the next request begins is not known.
asio::awaitable<Connection::Next> Connection::refuse(const RequestHead& head, Response response) {
    if (!has_left_) {
        const auto answer = std::make_shared<const ReadyResponse>(
            make_ready(response, Coding::identity, Reader::anyone));
        if (co_await send(answer, head, false)) {
            co_await linger();
        }
    }
    co_return Next::end;
}

asio::awaitable<bool> Connection::send(ReadyAnswer answer, const RequestHead& head,
                                       bool keeps_alive) {
    if (answer->problem != nullptr && prefers_html(joined_fields(head, "accept"))) {
        answer = context_.answerer.as_page(*answer->problem);
    }
    const std::string date = format_http_date(context_.options.now());
    const std::string known = joined_fields(head, "if-none-match");
    Sending sending;
    sending.keeps_alive = keeps_alive;
    sending.date = date;
    sending.stale_since = context_.answerer.stale_since();
    sending.is_not_modified = !known.empty() && !answer->entity_tag.empty() &&
                              names_entity_tag(known, answer->entity_tag);
    const bool has_body = head.method != "HEAD" && !sending.is_not_modified;
    const std::string_view body = has_body ? std::string_view(answer->body) : std::string_view();
    std::string text = write_head(*answer, sending);
    const bool is_sent = co_await write(std::move(text), body);
    log(head, sending.is_not_modified ? 304 : answer->status, body.size());
    co_return is_sent;
}

/// Each piece has its time: a slow client may take long for much, but not for ever for little.
asio::awaitable<bool> Connection::write(std::string head, std::string_view body) {
    error_code error;
    do {
        const auto piece = body.substr(0, piece_bytes);
        body.remove_prefix(piece.size());
        const std::array<asio::const_buffer, 2> buffers = {
            asio::buffer(head), asio::buffer(piece.data(), piece.size())};
        expect_within(context_.options.limits.write_time);
        co_await asio::async_write(socket_, buffers,
                                   asio::redirect_error(asio::use_awaitable, error));
        head.clear();
    } while (!body.empty() && !error && !is_late_);
    deadline_.reset();
    co_return !error;
}

/// Closing with something unread would reset the connection, and the client might never see
/// our answer.
asio::awaitable<void> Connection::linger() {
    error_code error;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    expect_within(std::min(lingering_time, context_.options.limits.header_time));
    unread_.resize(read_bytes);
    for (std::size_t read = 0; !error && !is_late_ && read < lingering_bytes_max;) {
        read += co_await socket_.async_read_some(asio::buffer(unread_.data(), read_bytes),
                                                 asio::redirect_error(asio::use_awaitable, error));
    }
}

void Connection::log(const RequestHead& head, int status, std::size_t bytes) const {
    if (!context_.options.say_request) {
        return;
    }
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began_);
    context_.options.say_request(fmt::format(
        "{} {} {} {} {} bytes {}.{:01} ms", client_, head.method.empty() ? "-" : head.method,
        head.target.empty() ? "-" : loggable_path(head.target), status, bytes, took.count() / 1000,
        took.count() % 1000 / 100));
}

}  // namespace service
