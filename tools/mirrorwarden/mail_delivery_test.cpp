#include "tools/mirrorwarden/mail_delivery.hpp"

#include "tools/cmake/catch.hpp"

#include <optional>
#include <string>

using prober::StartTls;

TEST_CASE("mail is encrypted where it matters and can be", "[tools][mail_delivery]") {
    const auto [url, user, said, expected, why] =
        GENERATE(table<std::string, std::string, std::optional<bool>, StartTls, std::string>({
            {"smtp://mail.example.org", "", std::nullopt, StartTls::where_offered, "no secret"},
            {"smtp://mail.example.org", "me", std::nullopt, StartTls::required, "a password"},
            {"smtp://localhost:25", "", std::nullopt, StartTls::never, "the machine itself"},
            {"smtp://127.0.0.1", "me", std::nullopt, StartTls::never, "the machine itself"},
            {"smtp://[::1]:25", "", std::nullopt, StartTls::never, "the machine itself"},
            {"smtps://mail.example.org", "me", std::nullopt, StartTls::never, "TLS already"},
            {"smtp://localhost", "", true, StartTls::required, "said so"},
            {"smtp://mail.example.org", "me", false, StartTls::never, "said so"},
        }));
    CAPTURE(url, user, why);
    mirrorwarden::MailConfig mail;
    mail.smtp_url = url;
    mail.user = user;
    mail.starttls = said;

    CHECK(mirrorwarden::start_tls(mail) == expected);
}
