#include "prober/mail_sender.hpp"

#include "prober/testing/mail_fixture.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

using prober::MailOutcome;
using prober::MailServer;
using prober::send_mail;
using prober::StartTls;
using prober::testing::Certificate;
using prober::testing::SmtpServer;
using prober::testing::TemporaryFolder;

using namespace std::chrono_literals;

namespace {

const model::Timestamp date = std::chrono::sys_days{2026y / 11 / 21} + 5h + 9min;

MailServer server_at(const std::string& url) {
    return {.smtp_url = url,
            .from = {.name = "Mirrorwarden", .address = "mirrors@ubuntu.example"},
            .user = {},
            .password = {},
            .starttls = StartTls::never,
            .ca_bundle = {},
            .timeout = 20s};
}

model::Message message_to_foo_bar() {
    return {.to = {.name = "Foo Bar", .address = "foo.bar@canonical.com"},
            .subject = "Mirror x of Ubuntu was disabled",
            .body = "Hello Foo Bar,\n\nthe mirror x is gone.\n.\n..\n-- \nMirrorwarden\n",
            .mirror = "x",
            .message_id = "<disabled.1.1@prober.example>"};
}

/// Counts, and looks whether the server has something already.
struct LastWord {
    const SmtpServer* smtp = nullptr;
    int calls = 0;
    std::size_t kept_before = 0;

    std::function<void()> callback() {
        return [this] {
            ++calls;
            kept_before = smtp == nullptr ? 0 : smtp->mails().size();
        };
    }
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a mail arrives with its headers and its text", "[prober][mail_sender]") {
    SmtpServer smtp;
    LastWord last_word{.smtp = &smtp};

    const auto result =
        send_mail(server_at(smtp.url()), message_to_foo_bar(), date, last_word.callback());

    INFO(result.words);
    REQUIRE(result.outcome == MailOutcome::sent);
    CHECK(result.words.empty());
    CHECK(last_word.calls == 1);
    CHECK(last_word.kept_before == 0);
    REQUIRE(smtp.mails().size() == 1);
    const std::string mail = smtp.mails().front();
    INFO(mail);
    CHECK(
        mail.starts_with("X-Envelope-From: mirrors@ubuntu.example\r\n"
                         "X-Envelope-To: foo.bar@canonical.com\r\n"));
    for (const std::string header :
         {"From: Mirrorwarden <mirrors@ubuntu.example>", "To: Foo Bar <foo.bar@canonical.com>",
          "Subject: Mirror x of Ubuntu was disabled", "Date: Sat, 21 Nov 2026 05:09:00 +0000",
          "Message-ID: <disabled.1.1@prober.example>", "Auto-Submitted: auto-generated",
          "Precedence: bulk", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
          "Content-Transfer-Encoding: 7bit"}) {
        CAPTURE(header);
        CHECK(contains(mail, "\r\n" + header + "\r\n"));
    }
    CHECK(contains(mail,
                   "\r\n\r\nHello Foo Bar,\r\n\r\nthe mirror x is gone.\r\n.\r\n..\r\n"
                   "-- \r\nMirrorwarden\r\n"));
}

TEST_CASE("text outside ASCII and long lines are quoted-printable", "[prober][mail_sender]") {
    SmtpServer smtp;
    auto message = message_to_foo_bar();
    message.to.name = "J\xC3\xB6rg";
    message.subject = "Spiegel in Z\xC3\xBCrich, und dann noch viele, viele Worte mehr im Betreff";
    message.body =
        "Gr\xC3\xBC\xC3\x9F"
        "e\n" +
        std::string(2000, 'x') + "\n";

    const auto result = send_mail(server_at(smtp.url()), message, date, [] {});

    INFO(result.words);
    REQUIRE(result.outcome == MailOutcome::sent);
    REQUIRE(smtp.mails().size() == 1);
    const std::string mail = smtp.mails().front();
    INFO(mail);
    CHECK(contains(mail, "\r\nTo: =?UTF-8?B?SsO2cmc=?= <foo.bar@canonical.com>\r\n"));
    CHECK(contains(mail, "\r\nSubject: =?UTF-8?B?"));
    CHECK(contains(mail, "?=\r\n =?UTF-8?B?"));
    CHECK(contains(mail, "\r\nContent-Transfer-Encoding: quoted-printable\r\n"));
    CHECK(contains(mail, "\r\n\r\nGr=C3=BC=C3=9Fe\r\nxxxx"));
    auto line_start = mail.find("\r\n\r\nGr=") + 4;  // libcurl's own headers may be longer
    while (line_start < mail.size()) {
        const auto line_end = mail.find("\r\n", line_start);
        REQUIRE(line_end != std::string::npos);
        CHECK(line_end - line_start <= 76);
        line_start = line_end + 2;
    }
}

TEST_CASE("a long mail is handed over once, and whole", "[prober][mail_sender]") {
    SmtpServer smtp;
    LastWord last_word{.smtp = &smtp};
    auto message = message_to_foo_bar();
    message.body.clear();
    for (int line = 0; line < 30'000; ++line) {
        message.body += "line " + std::to_string(line) + " of a very long mail\n";
    }

    const auto result = send_mail(server_at(smtp.url()), message, date, last_word.callback());

    INFO(result.words);
    REQUIRE(result.outcome == MailOutcome::sent);
    CHECK(last_word.calls == 1);
    CHECK(last_word.kept_before == 0);
    REQUIRE(smtp.mails().size() == 1);
    CHECK(contains(smtp.mails().front(), "line 0 of a very long mail\r\n"));
    CHECK(contains(smtp.mails().front(), "line 29999 of a very long mail\r\n"));
}

TEST_CASE("where the last word may not be said, nothing arrives", "[prober][mail_sender]") {
    SmtpServer smtp;
    const auto refuse = [] { throw std::domain_error("the database is gone"); };

    CHECK_THROWS_AS(send_mail(server_at(smtp.url()), message_to_foo_bar(), date, refuse),
                    std::domain_error);

    // The next mail comes after whatever the server still made of the first.
    const auto result = send_mail(server_at(smtp.url()), message_to_foo_bar(), date, [] {});
    CHECK(result.outcome == MailOutcome::sent);
    CHECK(smtp.mails().size() == 1);
}

TEST_CASE("what a server refuses is told apart", "[prober][mail_sender]") {
    struct Row {
        std::vector<std::string> options;
        MailOutcome outcome;
        int calls;
        std::string words;
        std::string why;
    };
    const auto row = GENERATE(values<Row>({
        {{"--reject-sender", "550"}, MailOutcome::rejected, 0, "550 no mail from", "the sender"},
        {{"--reject-sender", "451"}, MailOutcome::rejected, 0, "451 no mail from", "for now"},
        {{"--reject-sender", "421"}, MailOutcome::unavailable, 0, "421 no mail from", "to all"},
        {{"--reject-recipient", "550"},
         MailOutcome::rejected,
         0,
         "550 no mail for foo.bar@canonical.com",
         "no such user"},
        {{"--reject-recipient", "451"}, MailOutcome::rejected, 0, "451 no mail", "greylisted"},
        {{"--reject-recipient", "421"}, MailOutcome::unavailable, 0, "421 no mail", "it closes"},
        {{"--reject", "554"}, MailOutcome::rejected, 1, "554 no such message wanted", "as spam"},
        {{"--reject", "452"}, MailOutcome::rejected, 1, "452 no such", "no room for this one"},
        {{"--reject", "421"}, MailOutcome::unavailable, 1, "421 no such", "it goes down"},
        {{"--greet", "554"}, MailOutcome::unavailable, 0, "554 mail.example", "it wants no mail"},
        {{"--greet", "421"}, MailOutcome::unavailable, 0, "421 mail.example", "it is too busy"},
        {{"--close-after-data"}, MailOutcome::uncertain, 1, "may or may not arrive", "no word"},
    }));
    CAPTURE(row.why);
    SmtpServer smtp{row.options};
    LastWord last_word;

    const auto result =
        send_mail(server_at(smtp.url()), message_to_foo_bar(), date, last_word.callback());

    INFO(result.words);
    CHECK(result.outcome == row.outcome);
    CHECK(last_word.calls == row.calls);
    CHECK(contains(result.words, "Could not mail foo.bar@canonical.com through smtp://127.0.0.1:"));
    CHECK(contains(result.words, row.words));
}

TEST_CASE("a server that falls silent after the message leaves it uncertain",
          "[prober][mail_sender]") {
    SmtpServer smtp{{"--hang-after-data"}};
    LastWord last_word;
    MailServer server = server_at(smtp.url());
    server.timeout = 1s;

    const auto result = send_mail(server, message_to_foo_bar(), date, last_word.callback());

    CHECK(result.outcome == MailOutcome::uncertain);
    CHECK(last_word.calls == 1);
}

TEST_CASE("where nobody listens, mail is unavailable", "[prober][mail_sender]") {
    SmtpServer smtp;
    smtp.stop();
    LastWord last_word;

    const auto result =
        send_mail(server_at(smtp.url()), message_to_foo_bar(), date, last_word.callback());

    INFO(result.words);
    CHECK(result.outcome == MailOutcome::unavailable);
    CHECK(last_word.calls == 0);
    CHECK_FALSE(result.words.empty());
}

TEST_CASE("TLS is verified", "[prober][mail_sender]") {
    const TemporaryFolder folder;
    const Certificate certificate(folder.path());
    struct Row {
        std::string option;  // of the server
        std::string scheme;
        StartTls starttls;
        bool is_trusted;
        MailOutcome outcome;
        std::string why;
    };
    constexpr auto sent = MailOutcome::sent;
    constexpr auto unavailable = MailOutcome::unavailable;
    const auto row = GENERATE_COPY(values<Row>({
        {"--starttls", "smtp", StartTls::required, true, sent, "asked for and offered"},
        {"--starttls", "smtp", StartTls::required, false, unavailable, "unknown certificate"},
        {"--starttls", "smtp", StartTls::where_offered, true, sent, "offered"},
        {"--starttls", "smtp", StartTls::where_offered, false, unavailable, "offered, but false"},
        {"--starttls", "smtp", StartTls::never, false, sent, "not wanted"},
        {"", "smtp", StartTls::required, true, unavailable, "not offered"},
        {"", "smtp", StartTls::where_offered, true, sent, "not offered, and not required"},
        {"--tls", "smtps", StartTls::never, true, sent, "from the first byte"},
        {"--tls", "smtps", StartTls::never, false, unavailable, "from the first byte, but false"},
    }));
    CAPTURE(row.why);
    std::vector<std::string> options;
    if (!row.option.empty()) {
        options = {row.option, certificate.certificate_path, certificate.key_path};
    }
    SmtpServer smtp{options};
    MailServer server = server_at(smtp.url(row.scheme));
    server.starttls = row.starttls;
    server.ca_bundle = row.is_trusted ? certificate.certificate_path : "";
    LastWord last_word;

    const auto result = send_mail(server, message_to_foo_bar(), date, last_word.callback());

    INFO(result.words);
    CHECK(result.outcome == row.outcome);
    CHECK(last_word.calls == (row.outcome == sent ? 1 : 0));
    CHECK(smtp.mails().size() == (row.outcome == sent ? 1 : 0));
}

TEST_CASE("a login is used, and its password never told", "[prober][mail_sender]") {
    SmtpServer smtp{{"--login", "warden", "open sesame"}};
    MailServer server = server_at(smtp.url());

    SECTION("right") {
        server.user = "warden";
        server.password = "open sesame";
        const auto result = send_mail(server, message_to_foo_bar(), date, [] {});
        INFO(result.words);
        CHECK(result.outcome == MailOutcome::sent);
    }
    SECTION("wrong") {
        server.user = "warden";
        server.password = "close sesame";
        const auto result = send_mail(server, message_to_foo_bar(), date, [] {});
        INFO(result.words);
        CHECK(result.outcome == MailOutcome::unavailable);
        CHECK_FALSE(contains(result.words, "sesame"));
    }
    SECTION("none") {
        const auto result = send_mail(server, message_to_foo_bar(), date, [] {});
        INFO(result.words);
        CHECK(result.outcome == MailOutcome::unavailable);
    }
    SECTION("in the URL of a server that is gone") {
        server.smtp_url = "smtp://warden:sesame@" + smtp.url().substr(7) + "/";
        smtp.stop();
        const auto result = send_mail(server, message_to_foo_bar(), date, [] {});
        INFO(result.words);
        CHECK(result.outcome == MailOutcome::unavailable);
        CHECK_FALSE(contains(result.words, "sesame"));
    }
}

TEST_CASE("a mail server's URL has a host, and a port that there is", "[prober][mail_sender]") {
    const auto [url, is_good] = GENERATE(table<std::string, bool>({
        {"smtp://localhost:25", true},
        {"smtp://localhost", true},
        {"smtps://mail.example.org:465", true},
        {"smtps://mail.example.org/", true},
        {"smtp://[::1]:65535", true},
        {"smtp://mail.example.org/our-name", true},  // what libcurl says to EHLO
        {"smtp://localhost:99999", false},
        {"smtp://localhost:65536", false},
        {"smtp://localhost:0", false},
        {"smtp://localhost:smtp", false},
        {"smtp://:25", false},
        {"smtp://", false},
        {"smtp://a b", false},
        {"http://localhost:25", false},
        {"localhost:25", false},
        {"", false},
    }));
    CAPTURE(url);

    CHECK(prober::smtp_url_fault(url).empty() == is_good);
}

TEST_CASE("an address cannot speak to the server", "[prober][mail_sender]") {
    const auto [address, why] = GENERATE(table<std::string, std::string>({
        {"a@b.org>\r\nRCPT TO:<victim@example.org", "a second recipient"},
        {"a@b.org\r\nDATA", "another command"},
        {"a@b.org\n", "half a line break"},
        {"a@b.org> SIZE=1", "a parameter"},
        {"a b@b.org", "a blank"},
        {std::string("a\0@b.org", 8), "NUL"},
        {"", "nothing"},
    }));
    CAPTURE(why);
    SmtpServer smtp;
    LastWord last_word;
    auto message = message_to_foo_bar();
    auto server = server_at(smtp.url());

    SECTION("of the recipient") {
        message.to.address = address;
        const auto result = send_mail(server, message, date, last_word.callback());
        CHECK(result.outcome == MailOutcome::rejected);
        CHECK_FALSE(result.words.empty());
    }
    SECTION("of the sender") {
        server.from.address = address;
        const auto result = send_mail(server, message, date, last_word.callback());
        CHECK(result.outcome == MailOutcome::unavailable);
    }
    CHECK(last_word.calls == 0);
    CHECK(smtp.mails().empty());
}

TEST_CASE("names and subjects cannot add headers", "[prober][mail_sender]") {
    SmtpServer smtp;
    auto message = message_to_foo_bar();
    message.to.name = "Foo\r\nBcc: victim@example.org";
    message.subject = "gone\r\nBcc: victim@example.org\r\n\r\nand a text";
    message.message_id = "<1@x>\r\nBcc: victim@example.org";

    const auto result = send_mail(server_at(smtp.url()), message, date, [] {});

    INFO(result.words);
    REQUIRE(result.outcome == MailOutcome::sent);
    REQUIRE(smtp.mails().size() == 1);
    INFO(smtp.mails().front());
    CHECK_FALSE(contains(smtp.mails().front(), "\nBcc:"));
    CHECK(contains(smtp.mails().front(), "\r\nAuto-Submitted: auto-generated\r\n"));
}
