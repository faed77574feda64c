#include "prober/mail_sender.hpp"

#include "model/mail_header.hpp"
#include "model/plain_text.hpp"
#include "prober/curl_lines.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace prober {
namespace {

using EasyHandle = std::unique_ptr<CURL, decltype([](CURL* easy) { curl_easy_cleanup(easy); })>;
using Mime = std::unique_ptr<curl_mime, decltype([](curl_mime* mime) { curl_mime_free(mime); })>;

/// Longer lines are legal up to 998 bytes; some servers cut or fold them earlier.
constexpr std::size_t plain_line_max = 900;
constexpr std::size_t reply_bytes_max = 65'536;

/// What libcurl's callbacks share while one message is sent.
struct Transfer {
    std::string body;
    std::size_t body_read = 0;
    const std::function<void()>* before_last_word = nullptr;
    bool handed_over = false;
    std::exception_ptr error;  // of before_last_word

    std::size_t reply_bytes = 0;
    int reply_code = 0;  // the last one; after the hand-over that is the verdict
    bool replied_after_hand_over = false;
    std::string reply;
};

std::size_t read_body(char* buffer, std::size_t size, std::size_t count, void* argument) {
    auto& transfer = *static_cast<Transfer*>(argument);
    const std::size_t wanted = std::min(size * count, transfer.body.size() - transfer.body_read);
    if (wanted == 0 && size * count > 0 && !transfer.handed_over) {
        try {
            (*transfer.before_last_word)();
            transfer.handed_over = true;
        } catch (...) {
            // libcurl is C: an exception must not pass through it.
            transfer.error = std::current_exception();
            return CURL_READFUNC_ABORT;
        }
    }
    transfer.body.copy(buffer, wanted, transfer.body_read);
    transfer.body_read += wanted;
    return wanted;
}

/// Keeps the server's last reply: libcurl's own words do not hold it.
std::size_t read_reply(char* data, std::size_t size, std::size_t count, void* argument) {
    auto& transfer = *static_cast<Transfer*>(argument);
    const std::size_t bytes = size * count;
    transfer.reply_bytes += bytes;
    if (transfer.reply_bytes > reply_bytes_max) {
        return 0;  // ends the transfer
    }
    std::string_view line{data, bytes};
    line = line.substr(0, line.find_last_not_of("\r\n") + 1);
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    const bool has_code = line.size() >= 3 && std::ranges::all_of(line.substr(0, 3), is_digit);
    // The first reply after the hand-over is the verdict, and what answers the
    // QUIT after a refusal would hide that.
    if (has_code && !transfer.replied_after_hand_over && !line.starts_with("221")) {
        transfer.reply_code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
        transfer.reply = model::one_line(line);
        transfer.replied_after_hand_over = transfer.handed_over;
    }
    return bytes;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy, option, value);
    if (code != CURLE_OK) {
        throw std::runtime_error(
            fmt::format("Could not set up sending mail: libcurl's option {}: "
                        "{}.",
                        static_cast<int>(option), curl_easy_strerror(code)));
    }
}

void require(CURLcode code) {
    if (code != CURLE_OK) {
        throw std::runtime_error(
            fmt::format("Could not make a mail: libcurl said: {}.", curl_easy_strerror(code)));
    }
}

CurlLines make_headers(const MailServer& server, const model::Message& message,
                       model::Timestamp date) {
    const std::array headers = {
        "From: " + model::encode_header_address(server.from),
        "To: " + model::encode_header_address(message.to),
        "Subject: " + model::encode_header_text(message.subject),
        "Date: " + model::format_mail_date(date),
        "Message-ID: " + model::encode_header_text(message.message_id),
        std::string{"Auto-Submitted: auto-generated"},
        std::string{"Precedence: bulk"},
        std::string{"MIME-Version: 1.0"},
    };
    CurlLines lines;
    for (const std::string& header : headers) {
        lines.append(model::fold_header(header));
    }
    return lines;
}

/// With the line breaks of mail.
std::string with_crlf(std::string_view text) {
    std::string result;
    result.reserve(text.size() + text.size() / 16);
    for (const char letter : text) {
        if (letter != '\r') {
            result += letter == '\n' ? "\r\n" : std::string_view{&letter, 1};
        }
    }
    return result;
}

const char* encoding_of(std::string_view body) {
    std::size_t column = 0;
    for (const char letter : body) {
        column = letter == '\n' ? 0 : column + 1;
        if (static_cast<unsigned char>(letter) >= 0x80 || letter == '\0' ||
            column > plain_line_max) {
            return "quoted-printable";
        }
    }
    return "7bit";
}

Mime make_body(CURL* easy, Transfer& transfer) {
    Mime mime(curl_mime_init(easy));
    curl_mimepart* const part = mime ? curl_mime_addpart(mime.get()) : nullptr;
    if (part == nullptr) {
        throw std::bad_alloc();
    }
    require(curl_mime_type(part, "text/plain; charset=utf-8"));
    require(curl_mime_encoder(part, encoding_of(transfer.body)));
    // Of unknown size, so that libcurl asks until it is told of the end.
    require(curl_mime_data_cb(part, -1, &read_body, nullptr, nullptr, &transfer));
    return mime;
}

void set_server(CURL* easy, const MailServer& server) {
    set(easy, CURLOPT_URL, server.smtp_url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(easy, CURLOPT_PROXY, "");  // a proxy for the web does not carry mail
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout.count()));
    // The total does not cover the good-bye: libcurl would wait 2 minutes for its answer.
    const auto reply_timeout = std::chrono::ceil<std::chrono::seconds>(server.timeout);
    set(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(reply_timeout.count()));
    if (!server.user.empty()) {
        set(easy, CURLOPT_USERNAME, server.user.c_str());
        set(easy, CURLOPT_PASSWORD, server.password.c_str());
    }
    // A long, whatever the words are: an enum in libcurl 7, numbers since 8.13.
    const long use = server.starttls == StartTls::required        ? CURLUSESSL_ALL
                     : server.starttls == StartTls::where_offered ? CURLUSESSL_TRY
                                                                  : CURLUSESSL_NONE;
    set(easy, CURLOPT_USE_SSL, use);
    // The default folder of certificates costs 19 ms a handshake; the bundle holds the same.
    set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    if (!server.ca_bundle.empty()) {
        set(easy, CURLOPT_CAINFO, server.ca_bundle.c_str());
    }
}

/// libcurl puts an address between angle brackets and sends it as it is.
bool is_writable(const std::string& address) noexcept {
    return !address.empty() && std::ranges::none_of(address, [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte <= ' ' || byte == 0x7F || letter == '<' || letter == '>';
    });
}

/// The URL without a password that somebody put into it.
std::string without_login(const std::string& url) {
    const auto host = url.find("://");
    const auto start = host == std::string::npos ? 0 : host + 3;
    const auto at = url.substr(0, url.find('/', start)).rfind('@');
    if (at == std::string::npos || at < start) {
        return url;
    }
    return url.substr(0, start) + url.substr(at + 1);
}

/// Whether a reply is a refusal of the one message that was spoken of. Source: RFC 5321, 4.2.3:
/// 421 closes the connection; RFC 4954, 6: 530 wants a login first.
bool refuses_message(int reply_code) noexcept {
    constexpr int closing = 421;
    constexpr int login_required = 530;
    return (reply_code / 100 == 4 || reply_code / 100 == 5) && reply_code != closing &&
           reply_code != login_required;
}

MailOutcome judge(CURLcode code, const Transfer& transfer) {
    const bool is_verdict = !transfer.handed_over || transfer.replied_after_hand_over;
    if (!is_verdict) {
        return MailOutcome::uncertain;
    }
    if (transfer.handed_over && transfer.reply_code / 100 == 2) {
        return MailOutcome::sent;  // whatever went wrong after that
    }
    // Before the hand-over libcurl says SEND_ERROR where the sender, the recipient
    // or DATA was refused; other refusals (greeting, login) concern every message.
    const bool is_about_message = transfer.handed_over || code == CURLE_SEND_ERROR;
    return is_about_message && refuses_message(transfer.reply_code) ? MailOutcome::rejected
                                                                    : MailOutcome::unavailable;
}

std::string explain(MailOutcome outcome, CURLcode code, const char* detail,
                    const Transfer& transfer) {
    std::string words = *detail != '\0' ? detail : curl_easy_strerror(code);
    if (outcome == MailOutcome::uncertain) {
        words += " after the whole message was handed over; it may or may not arrive";
    } else if (transfer.reply_code >= 400) {
        words += fmt::format("; the server's last words: {}", transfer.reply);
    }
    return words;
}

}  // namespace

std::string smtp_url_fault(const std::string& smtp_url) {
    const std::unique_ptr<CURLU, decltype([](CURLU* url) { curl_url_cleanup(url); })> url(
        curl_url());
    if (!url) {
        throw std::bad_alloc();
    }
    const bool is_smtp = smtp_url.starts_with("smtp://") || smtp_url.starts_with("smtps://");
    char* port = nullptr;
    if (is_smtp && curl_url_set(url.get(), CURLUPART_URL, smtp_url.c_str(), 0) == CURLUE_OK) {
        curl_url_get(url.get(), CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
    }
    const bool has_port = port != nullptr && port != std::string_view("0");
    curl_free(port);
    return has_port ? ""
                    : "this must be smtp:// or smtps://, a host and perhaps a port from 1 to "
                      "65535, such as "
                      "smtp://localhost:25";
}

MailResult send_mail(const MailServer& server, const model::Message& message, model::Timestamp date,
                     const std::function<void()>& before_last_word) {
    const std::string what =
        fmt::format("Could not mail {} through {}: ", model::one_line(message.to.address),
                    without_login(server.smtp_url));
    if (!is_writable(message.to.address)) {
        return {MailOutcome::rejected, what + "this is no mail address."};
    }
    if (!is_writable(server.from.address)) {
        return {MailOutcome::unavailable,
                what + "the sender's address, [mail] from, is no mail address."};
    }
    Transfer transfer;
    transfer.body = with_crlf(message.body);
    transfer.before_last_word = &before_last_word;
    const CurlLines headers = make_headers(server, message, date);
    CurlLines recipients;
    recipients.append(message.to.address);
    std::array<char, CURL_ERROR_SIZE> detail{};
    const EasyHandle easy(curl_easy_init());
    if (!easy) {
        throw std::bad_alloc();
    }
    const Mime body = make_body(easy.get(), transfer);
    set_server(easy.get(), server);
    set(easy.get(), CURLOPT_MAIL_FROM, server.from.address.c_str());
    set(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
    set(easy.get(), CURLOPT_HTTPHEADER, headers.get());
    set(easy.get(), CURLOPT_MIMEPOST, body.get());
    set(easy.get(), CURLOPT_HEADERFUNCTION, &read_reply);
    set(easy.get(), CURLOPT_HEADERDATA, &transfer);
    set(easy.get(), CURLOPT_ERRORBUFFER, detail.data());

    const CURLcode code = curl_easy_perform(easy.get());

    if (transfer.error) {
        std::rethrow_exception(transfer.error);
    }
    if (code == CURLE_OK) {
        return {MailOutcome::sent, {}};
    }
    const MailOutcome outcome = judge(code, transfer);
    if (outcome == MailOutcome::sent) {
        return {outcome, {}};
    }
    return {outcome, what + explain(outcome, code, detail.data(), transfer) + '.'};
}

}  // namespace prober
