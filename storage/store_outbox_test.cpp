#include "storage/testing/backends.hpp"
#include "storage/testing/samples.hpp"
#include "tools/cmake/catch.hpp"

using namespace storage::testing;
using namespace std::chrono_literals;
using model::DeliveryState;
using model::MessageId;
using model::Refusal;

TEST_CASE("a message waits, is handed over and is sent", "[storage][outbox]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    const std::vector<model::Message> mail = {message("<1@host>"), message("<2@host>")};

    store->add_messages(mail, new_year);

    const auto waiting = store->outbox(false);
    REQUIRE(waiting.size() == 2);
    const MessageId id = waiting[0].id;
    CHECK(waiting[0] == model::OutboxEntry{.id = id,
                                           .message = mail[0],
                                           .created = new_year,
                                           .state = DeliveryState::waiting,
                                           .attempts = 0,
                                           .next_attempt = new_year,
                                           .last_error = ""});
    CHECK(store->due_messages(new_year - 1us, 9).empty());
    CHECK(store->due_messages(new_year, 9) == waiting);
    CHECK(store->due_messages(new_year, 1) == std::vector{waiting[0]});

    CHECK(store->message_handed_over(id));
    CHECK_FALSE(store->message_handed_over(id));  // by another, who must not send it as well
    CHECK(store->outbox(false)[0].state == DeliveryState::uncertain);
    CHECK(store->outbox(false)[0].attempts == 1);
    CHECK(store->due_messages(new_year + 24h, 9) == std::vector{waiting[1]});

    store->message_sent(id, new_year + 1h);
    CHECK(store->outbox(false) == std::vector{waiting[1]});
    REQUIRE(store->outbox(true).size() == 2);
    CHECK(store->outbox(true)[0].state == DeliveryState::sent);
    CHECK(store->outbox(true)[0].attempts == 1);
}

TEST_CASE("a message that failed waits for its next attempt", "[storage][outbox]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    store->add_messages(std::vector{message("<1@host>")}, new_year);
    const MessageId id = store->outbox(false)[0].id;
    const bool is_handed_over = GENERATE(false, true);  // it counts once either way

    if (is_handed_over) {
        store->message_handed_over(id);
    }
    store->message_failed(id, "451 try \xff later\r\n", new_year + 5min);

    const auto entry = store->outbox(false)[0];
    CHECK(entry.state == DeliveryState::waiting);
    CHECK(entry.attempts == 1);
    CHECK(entry.next_attempt == new_year + 5min);
    CHECK(entry.last_error == "451 try ? later??");
    CHECK(store->due_messages(new_year + 4min, 9).empty());
    CHECK(store->due_messages(new_year + 5min, 9).size() == 1);

    // A clock that was ahead must not keep a mail back until then: no pause is so long.
    store->message_failed(id, "later", new_year + 12h + 5min);
    CHECK(store->due_messages(new_year, 9).empty());
    store->message_failed(id, "later", new_year + 9000h);
    CHECK(store->due_messages(new_year, 9).size() == 1);

    store->message_sent(id, new_year + 6min);
    store->message_failed(id, "too late", new_year + 7min);
    CHECK_FALSE(store->message_handed_over(id));
    CHECK(store->outbox(true)[0].state == DeliveryState::sent);
    CHECK(store->outbox(true)[0].attempts == 4);  // three that failed, and the one that arrived
    CHECK(store->outbox(true)[0].last_error.empty());
}

TEST_CASE("only an uncertain message can be sent again by hand", "[storage][outbox]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    store->add_messages(std::vector{message("<1@host>")}, new_year);
    const MessageId id = store->outbox(false)[0].id;

    const auto waiting = store->retry_message(id, new_year);
    REQUIRE(waiting.has_error());
    CHECK(waiting.error().kind == Refusal::Kind::already_so);
    const auto unknown = store->retry_message(MessageId{4711}, new_year);
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().kind == Refusal::Kind::no_such_message);

    store->message_handed_over(id);
    REQUIRE(store->retry_message(id, new_year + 1h).has_value());

    CHECK(store->due_messages(new_year + 1h, 9).size() == 1);
    CHECK(store->due_messages(new_year, 9).empty());
    store->message_sent(id, new_year + 2h);
    CHECK(store->retry_message(id, new_year + 3h).has_error());
}

TEST_CASE("a message that was not sent can be discarded", "[storage][outbox]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();
    store->add_messages(std::vector{message("<1@host>"), message("<2@host>")}, new_year);
    const MessageId waiting = store->outbox(false)[0].id;
    const MessageId sent = store->outbox(false)[1].id;
    store->message_handed_over(sent);
    store->message_sent(sent, new_year);

    CHECK(store->discard_message(waiting).has_value());
    const auto gone = store->discard_message(waiting);
    REQUIRE(gone.has_error());
    CHECK(gone.error().kind == Refusal::Kind::no_such_message);
    CHECK_FALSE(store->message_handed_over(waiting));
    const auto refused = store->discard_message(sent);
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == Refusal::Kind::already_so);
    CHECK(store->outbox(true).size() == 1);
}

TEST_CASE("a message with a known Message-ID is not added again", "[storage][outbox]") {
    const auto database = make_database(GENERATE(from_range(backends())));
    const auto store = database->open();

    store->add_messages(std::vector{message("<1@host>"), message("<1@host>")}, new_year);
    store->add_messages(std::vector{message("<1@host>")}, new_year + 1h);

    CHECK(store->outbox(true).size() == 1);
}
