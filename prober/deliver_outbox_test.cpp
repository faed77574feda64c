#include "prober/deliver_outbox.hpp"

#include "prober/testing/mail_fixture.hpp"
#include "prober/testing/memory_outbox.hpp"
#include "tools/cmake/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using model::DeliveryState;
using prober::deliver_outbox;
using prober::MailOutcome;
using prober::MailResult;
using prober::Round;
using prober::testing::MemoryOutbox;
using prober::testing::SmtpServer;

using namespace std::chrono_literals;

namespace {

const model::Timestamp now = std::chrono::sys_days{2026y / 11 / 21} + 5h;

void add(MemoryOutbox& outbox, const std::vector<std::string>& addresses) {
    std::vector<model::Message> messages;
    messages.reserve(addresses.size());
    for (const std::string& address : addresses) {
        messages.push_back({.to = {.name = {}, .address = address},
                            .subject = "gone",
                            .body = "Hello,\n",
                            .mirror = "x",
                            .message_id = "<" + address + ">"});
    }
    outbox.add_messages(messages, now - 1h);
}

/// Answers each message in turn; hands over where a server would have been told all.
struct ScriptedServer {
    std::vector<MailOutcome> outcomes;
    std::vector<std::string> addresses;  // of whom it was sent mail for

    prober::SendMessage sender() {
        return [this](const model::Message& message, model::Timestamp,
                      const std::function<void()>& before_last_word) {
            const MailOutcome outcome = outcomes.at(addresses.size());
            addresses.push_back(message.to.address);
            if (outcome == MailOutcome::sent || outcome == MailOutcome::uncertain) {
                before_last_word();
            }
            return MailResult{
                outcome, outcome == MailOutcome::sent ? "" : "no luck with " + message.to.address};
        };
    }
};

model::Timestamp clock_at_now() {
    return now;
}

bool never() {
    return false;
}

prober::MailServer server_at(const std::string& url) {
    return {.smtp_url = url,
            .from = {.name = {}, .address = "mirrors@ubuntu.example"},
            .user = {},
            .password = {},
            .starttls = prober::StartTls::never,
            .ca_bundle = {},
            .timeout = 20s};
}

constexpr auto sent = MailOutcome::sent;
constexpr auto rejected = MailOutcome::rejected;
constexpr auto unavailable = MailOutcome::unavailable;
constexpr auto uncertain = MailOutcome::uncertain;

}  // namespace

TEST_CASE("a round goes on after a refusal and ends with an outage", "[prober][deliver_outbox]") {
    struct Row {
        std::vector<MailOutcome> outcomes;  // of three messages, as far as it gets
        std::vector<std::size_t> counts;    // sent, failed, uncertain, left
        std::vector<DeliveryState> states;
        std::string trouble;
        std::string why;
    };
    constexpr auto was_sent = DeliveryState::sent;
    constexpr auto waits = DeliveryState::waiting;
    constexpr auto is_uncertain = DeliveryState::uncertain;
    const auto row = GENERATE(values<Row>({
        {{sent, sent, sent}, {3, 0, 0, 0}, {was_sent, was_sent, was_sent}, "", "all is well"},
        {{rejected, sent, sent},
         {2, 1, 0, 0},
         {waits, was_sent, was_sent},
         "no luck with a@x",
         "one refusal concerns one message"},
        {{unavailable},
         {0, 1, 0, 2},
         {waits, waits, waits},
         "no luck with a@x",
         "an outage concerns all"},
        {{sent, unavailable},
         {1, 1, 0, 1},
         {was_sent, waits, waits},
         "no luck with b@x",
         "an outage in between"},
        {{uncertain},
         {0, 0, 1, 2},
         {is_uncertain, waits, waits},
         "no luck with a@x",
         "the next must not become uncertain too"},
    }));
    CAPTURE(row.why);
    MemoryOutbox outbox;
    add(outbox, {"a@x", "b@x", "c@x"});
    ScriptedServer server{.outcomes = row.outcomes, .addresses = {}};

    const auto delivery = deliver_outbox(outbox, server.sender(), clock_at_now, never);

    CHECK(std::vector{delivery.sent, delivery.failed, delivery.uncertain, delivery.left} ==
          row.counts);
    CHECK(delivery.trouble == row.trouble);
    REQUIRE(outbox.entries.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CAPTURE(i);
        CHECK(outbox.entries[i].state == row.states[i]);
    }
}

TEST_CASE("pauses grow with each failure", "[prober][deliver_outbox]") {
    MemoryOutbox outbox;
    add(outbox, {"a@x"});
    model::Timestamp time = now;
    const auto clock = [&time] { return time; };
    for (const auto pause : {5min, 10min, 20min}) {
        ScriptedServer server{.outcomes = {unavailable}, .addresses = {}};

        deliver_outbox(outbox, server.sender(), clock, never);

        CHECK(outbox.entries[0].next_attempt == time + pause);
        CHECK(outbox.entries[0].last_error == "no luck with a@x");
        time = outbox.entries[0].next_attempt - 1us;
        const auto early = deliver_outbox(outbox, server.sender(), clock, never);
        CHECK(early.failed + early.left == 0);
        time += 1us;
    }
    CHECK(outbox.entries[0].attempts == 3);
}

TEST_CASE("a round of all waits for no pause", "[prober][deliver_outbox]") {
    MemoryOutbox outbox;
    add(outbox, {"a@x", "b@x"});
    ScriptedServer server{.outcomes = {rejected, uncertain, sent}, .addresses = {}};
    deliver_outbox(outbox, server.sender(), clock_at_now, never);

    const auto again = deliver_outbox(outbox, server.sender(), clock_at_now, never, Round::of_all);

    CHECK(again.sent == 1);
    CHECK(server.addresses == std::vector<std::string>{"a@x", "b@x", "a@x"});
}

TEST_CASE("nothing is sent twice", "[prober][deliver_outbox]") {
    MemoryOutbox outbox;
    add(outbox, {"a@x", "b@x"});
    ScriptedServer server{.outcomes = {sent, uncertain}, .addresses = {}};
    deliver_outbox(outbox, server.sender(), clock_at_now, never);

    const auto again = deliver_outbox(
        outbox, server.sender(), [] { return now + 999h; }, never);

    CHECK(again.sent + again.failed + again.uncertain + again.left == 0);
    CHECK(server.addresses == std::vector<std::string>{"a@x", "b@x"});
}

TEST_CASE("a stopped round leaves the rest untouched", "[prober][deliver_outbox]") {
    MemoryOutbox outbox;
    add(outbox, {"a@x", "b@x", "c@x"});
    ScriptedServer server{.outcomes = {sent, sent, sent}, .addresses = {}};
    const auto after_the_first = [&server] { return server.addresses.size() == 1; };

    const auto delivery = deliver_outbox(outbox, server.sender(), clock_at_now, after_the_first);

    CHECK(delivery.sent == 1);
    CHECK(delivery.left == 2);
    CHECK(outbox.entries[1].attempts == 0);
}

TEST_CASE("an outbox reaches a real server", "[prober][deliver_outbox]") {
    SmtpServer smtp;
    MemoryOutbox outbox;
    add(outbox, {"a@x.org", "b@x.org"});

    const auto delivery =
        deliver_outbox(outbox, server_at(smtp.url()), clock_at_now, never, Round::of_due);

    INFO(delivery.trouble);
    CHECK(delivery.sent == 2);
    REQUIRE(smtp.mails().size() == 2);
    CHECK(smtp.mails()[0].find("X-Envelope-To: a@x.org\r\n") != std::string::npos);
    CHECK(smtp.mails()[0].find("Date: Sat, 21 Nov 2026 04:00:00 +0000\r\n") != std::string::npos);
    CHECK(smtp.mails()[1].find("X-Envelope-To: b@x.org\r\n") != std::string::npos);
}

TEST_CASE("mail for one whom the server puts off holds up nobody else's",
          "[prober][deliver_outbox]") {
    SmtpServer smtp{{"--reject-recipient", "451", "grey@x.org"}};
    MemoryOutbox outbox;
    add(outbox, {"grey@x.org", "a@x.org", "grey@x.org", "b@x.org"});

    const auto delivery =
        deliver_outbox(outbox, server_at(smtp.url()), clock_at_now, never, Round::of_due);

    CHECK(delivery.sent == 2);
    CHECK(delivery.failed == 2);
    CHECK(delivery.left == 0);
    CHECK(delivery.trouble.find("451 no mail for grey@x.org") != std::string::npos);
    CHECK(outbox.entries[0].state == DeliveryState::waiting);
    CHECK(outbox.entries[0].attempts == 1);
    CHECK(outbox.entries[0].next_attempt == now + 5min);
    CHECK(outbox.entries[1].state == DeliveryState::sent);
    CHECK(outbox.entries[2].state == DeliveryState::waiting);
    CHECK(outbox.entries[3].state == DeliveryState::sent);

    // What was sent is not sent again with what was not.
    deliver_outbox(outbox, server_at(smtp.url()), clock_at_now, never, Round::of_all);
    REQUIRE(smtp.mails().size() == 2);
    CHECK(smtp.mails()[0].find("X-Envelope-To: a@x.org\r\n") != std::string::npos);
    CHECK(smtp.mails()[1].find("X-Envelope-To: b@x.org\r\n") != std::string::npos);
}

TEST_CASE("a server that is going down is left alone", "[prober][deliver_outbox]") {
    SmtpServer smtp{{"--reject-recipient", "421", "a@x.org"}};
    MemoryOutbox outbox;
    add(outbox, {"a@x.org", "b@x.org"});

    const auto delivery =
        deliver_outbox(outbox, server_at(smtp.url()), clock_at_now, never, Round::of_due);

    CHECK(delivery.failed == 1);
    CHECK(delivery.left == 1);
    CHECK(outbox.entries[1].attempts == 0);
}

TEST_CASE("a message that was refused at last waits again", "[prober][deliver_outbox]") {
    SmtpServer smtp{{"--reject", "554"}};
    MemoryOutbox outbox;
    add(outbox, {"a@x.org"});

    const auto delivery =
        deliver_outbox(outbox, server_at(smtp.url()), clock_at_now, never, Round::of_due);

    CHECK(delivery.failed == 1);
    CHECK(outbox.entries[0].state == DeliveryState::waiting);
    CHECK(outbox.entries[0].attempts == 1);
    CHECK(outbox.entries[0].last_error.find("554") != std::string::npos);
}

TEST_CASE("what is discarded, or sent by another, in the middle of a round is not sent",
          "[prober][deliver_outbox]") {
    SmtpServer smtp;
    MemoryOutbox outbox;
    add(outbox, {"a@x.org", "b@x.org", "c@x.org", "d@x.org"});
    const auto meanwhile = [&outbox]() -> bool {  // asked before each message
        if (outbox.entries[0].state == DeliveryState::sent && outbox.entries.size() == 4) {
            outbox.entries[1].state = DeliveryState::sent;
            outbox.entries.erase(outbox.entries.begin() + 2);
        }
        return false;
    };

    const auto delivery =
        deliver_outbox(outbox, server_at(smtp.url()), clock_at_now, meanwhile, Round::of_due);

    CHECK(std::vector{delivery.sent, delivery.failed, delivery.uncertain, delivery.left} ==
          std::vector<std::size_t>{2, 0, 0, 0});
    CHECK(delivery.trouble.empty());
    REQUIRE(smtp.mails().size() == 2);
    CHECK(smtp.mails()[0].find("X-Envelope-To: a@x.org\r\n") != std::string::npos);
    CHECK(smtp.mails()[1].find("X-Envelope-To: d@x.org\r\n") != std::string::npos);
}

TEST_CASE("nothing is sent that the database did not note", "[prober][deliver_outbox]") {
    SmtpServer smtp;
    MemoryOutbox outbox;
    add(outbox, {"a@x.org"});
    outbox.is_broken = true;

    CHECK_THROWS_AS(
        deliver_outbox(outbox, server_at(smtp.url()), clock_at_now, never, Round::of_due),
        model::StorageError);
    CHECK(smtp.mails().empty());
    CHECK(outbox.entries[0].state == DeliveryState::waiting);

    outbox.is_broken = false;
    deliver_outbox(outbox, server_at(smtp.url()), clock_at_now, never, Round::of_due);
    CHECK(smtp.mails().size() == 1);
}
