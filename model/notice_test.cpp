#include "model/notice.hpp"

#include "tools/cmake/catch.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

using model::Content;
using model::Message;
using model::NoticeFacts;

namespace {

using namespace std::chrono_literals;

/// The user's mirror that answers 404, as its owner and one admin know it.
NoticeFacts archive_404_mirror() {
    NoticeFacts facts;
    facts.mirror.name = "archive-404-mirror";
    facts.mirror.display_name = "Archive 404";
    facts.mirror.distribution = "ubuntu";
    facts.mirror.owners = {{.name = "Foo Bar", .address = "foo.bar@canonical.com"}};
    facts.mirror.country = "IO";
    facts.mirror.http_url = "http://localhost:11375/archive-mirror/";
    facts.distribution.name = "ubuntu";
    facts.distribution.title = "Ubuntu";
    facts.distribution.admins = {{.name = "", .address = "mirrors@ubuntu.example"}};
    facts.record.started = std::chrono::sys_days{2026y / 11 / 21} + 5h + 9min + 123456us;
    facts.record.finished = facts.record.started + 12s;
    facts.record.verdict = model::ProbeVerdict::failed;
    facts.record.requests = 160;
    facts.record.expected = 160;
    facts.record.found = 0;
    facts.record.outcomes = {{"http-status 404", 159}, {"timeout-response", 1}};
    facts.log_head =
        "2026-11-21T05:09:00.301Z  http-status 404  "
        "http://localhost:11375/archive-mirror/dists/hoary/main/binary-i386/Packages.gz  no row\n"
        "2026-11-21T05:09:00.304Z  http-status 404  "
        "http://localhost:11375/archive-mirror/dists/hoary/main/source/Sources.gz  no row\n";
    facts.identity = "20261121T050900.4";
    facts.id_host = "prober.ubuntu.example";
    return facts;
}

/// A golden file's form: three headers, a blank line, the body.
std::string as_text(const Message& message) {
    std::string text = "To: " + message.to.name + " <" + message.to.address + ">\n";
    text += "Subject: " + message.subject + "\n";
    text += "Message-ID: " + message.message_id + "\n\n";
    return text + message.body;
}

std::string golden(const std::string& name) {
    std::ifstream file(std::string{MIRROR_TESTDATA} + "/mails/" + name + ".txt");
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("whole mails read as they were written down", "[model][notice]") {
    const NoticeFacts facts = archive_404_mirror();

    SECTION("to the owner of a mirror that has nothing") {
        const auto messages = disabled_by_prober_notice(facts);
        REQUIRE(messages.size() == 2);
        CHECK(as_text(messages.front()) == golden("disabled-404"));
    }
    SECTION("to an admin of the distribution") {
        const auto messages = disabled_by_prober_notice(facts);
        REQUIRE(messages.size() == 2);
        CHECK(as_text(messages.back()) == golden("disabled-404-to-admin"));
    }
    SECTION("to the owner of CD images behind an expired certificate") {
        NoticeFacts images = facts;
        images.mirror.content = Content::release;
        images.mirror.https_url = "https://cd.example/";
        images.record.expected = 4;
        images.record.found = 1;
        images.record.outcomes = {{"ok", 3}, {"skipped", 8}, {"tls-expired", 2}};
        images.log_head = "2026-11-21T05:09:00.301Z  tls-expired  https://cd.example/hoary.iso\n";

        CHECK(as_text(disabled_by_prober_notice(images).front()) == golden("disabled-tls-images"));
    }
    SECTION("to the owner of a mirror that came back") {
        NoticeFacts good = facts;
        good.record.verdict = model::ProbeVerdict::passed;
        good.record.found = 152;
        good.record.requests = 190;
        good.record.outcomes = {{"http-status 404", 8}, {"ok", 182}};
        good.log_head =
            "2026-11-21T05:09:00.301Z  ok  http://localhost:11375/archive-mirror/dists/hoary/main/"
            "binary-i386/Packages.gz  row ensured\n";

        CHECK(as_text(enabled_by_prober_notice(good).front()) == golden("enabled"));
    }
    SECTION("to the owner of a mirror that an admin switched off") {
        const std::string reason =
            "The host is moving.\nPlease write to us when the new one serves all four "
            "architectures again, and not before the next release is out.";

        CHECK(as_text(disabled_by_admin_notice(facts, reason).front()) ==
              golden("disabled-by-admin"));
    }
    SECTION("to the admins after a doubtful run") {
        const auto messages = doubtful_run_notice(
            facts.distribution, "6 of the 8 enabled mirrors that were probed would be disabled.",
            {"a-archive", "b-archive"}, "20261121T050900", "prober.ubuntu.example");

        REQUIRE(messages.size() == 1);
        CHECK(as_text(messages.front()) == golden("doubtful-run"));
    }
}

TEST_CASE("a mail says after how many good probes the mirror returns", "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.distribution.successes_before_enable = 3;

    std::string body = disabled_by_prober_notice(facts).front().body;

    std::ranges::replace(body, '\n', ' ');
    CHECK(body.find("after 3 good probes in a row it is listed again by itself") !=
          std::string::npos);
    CHECK(body.find("first good probe") == std::string::npos);
}

TEST_CASE("every address gets one message with an id of its own", "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.mirror.owners = {{.name = "A", .address = "a@x.org"},
                           {.name = "B", .address = "b@x.org"},
                           {.name = "A again", .address = "A@X.org"}};
    facts.distribution.admins = {{.name = "B", .address = "b@x.org"},
                                 {.name = "C", .address = "c@x.org"}};

    const auto messages =
        GENERATE_COPY(disabled_by_prober_notice(facts), enabled_by_prober_notice(facts),
                      disabled_by_admin_notice(facts, "moving"));

    std::vector<std::string> addresses;
    std::set<std::string> ids;
    for (const Message& message : messages) {
        addresses.push_back(message.to.address);
        ids.insert(message.message_id);
        CHECK(message.mirror == "archive-404-mirror");
    }
    CHECK(addresses == std::vector<std::string>{"a@x.org", "b@x.org", "c@x.org"});
    CHECK(ids.size() == 3);
    CHECK(messages[1].body.find("as an owner of this mirror") != std::string::npos);
    CHECK(messages[2].body.find("an admin of the mirrors of Ubuntu") != std::string::npos);
}

TEST_CASE("without owner or admins there is nobody to write to", "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.mirror.owners.clear();
    facts.distribution.admins.clear();

    CHECK(disabled_by_prober_notice(facts).empty());
    CHECK(enabled_by_prober_notice(facts).empty());
    CHECK(disabled_by_admin_notice(facts, "x").empty());
    CHECK(doubtful_run_notice(facts.distribution, "x", {}, "1", "h").empty());
}

TEST_CASE("names and answers with line breaks stay on their line", "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    const std::string evil = "x\r\nBcc: victim@example.org\r\n\r\n";
    facts.mirror.owners = {{.name = evil, .address = "a@x.org"}};
    facts.mirror.display_name = evil;
    facts.mirror.http_url = "http://m/" + evil;
    facts.distribution.title = evil;
    facts.log_head = "2026-11-21T05:09:00.301Z  ok  \r\x1B[2J\n";
    facts.record.outcomes = {{evil, 3}};

    std::vector<Message> all;
    for (const auto& messages : {disabled_by_prober_notice(facts), enabled_by_prober_notice(facts),
                                 disabled_by_admin_notice(facts, evil),
                                 doubtful_run_notice(facts.distribution, evil, {evil}, "1", "h")}) {
        all.insert(all.end(), messages.begin(), messages.end());
    }

    REQUIRE(all.size() == 7);
    for (const Message& message : all) {
        CHECK(message.subject.find_first_of("\r\n") == std::string::npos);
        CHECK(message.message_id.find_first_of("\r\n") == std::string::npos);
        CHECK(message.body.find_first_of("\r\x1B") == std::string::npos);
        CHECK(message.body.find("\nBcc:") == std::string::npos);
    }
}

TEST_CASE("a mail shows 20 lines of the log", "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.log_head.clear();
    for (int line = 1; line <= 25; ++line) {
        facts.log_head += "line " + std::to_string(line) + " of the log\n";
    }

    const std::string body = disabled_by_prober_notice(facts).front().body;

    CHECK(body.find("  line 1 of the log\n") != std::string::npos);
    CHECK(body.find("  line 20 of the log\n") != std::string::npos);
    CHECK(body.find("line 21 of the log") == std::string::npos);
}

TEST_CASE("what was looked for is said in good English", "[model][notice]") {
    struct Row {
        Content content;
        std::uint32_t expected;
        std::uint32_t found;
        std::string text;
    };
    const auto row = GENERATE(values<Row>({
        {Content::archive, 160, 0, "160 indexes: none was found"},
        {Content::archive, 160, 1, "160 indexes: 1 was found"},
        {Content::archive, 160, 159, "160 indexes: 159 were found"},
        {Content::archive, 160, 160, "160 indexes: all were found"},
        {Content::archive, 1, 0, "1 index: it was not found"},
        {Content::archive, 1, 1, "1 index: it was found"},
        {Content::release, 4, 3, "4 sets of CD images: 3 were found"},
        {Content::release, 1, 0, "1 set of CD images: it was not found"},
    }));
    CAPTURE(row.text);
    NoticeFacts facts = archive_404_mirror();
    facts.mirror.content = row.content;
    facts.record.expected = row.expected;
    facts.record.found = row.found;

    const std::string body = disabled_by_prober_notice(facts).front().body;

    CHECK(body.find("Looked for:    " + row.text + "\n") != std::string::npos);
}

TEST_CASE("a long list of doubted mirrors is cut", "[model][notice]") {
    const std::vector<std::string> mirrors(53, "some-archive");

    const auto messages =
        doubtful_run_notice(archive_404_mirror().distribution, "Too many.", mirrors, "1", "h");

    CHECK(messages.front().body.find("  * and 3 more\n") != std::string::npos);
}

namespace {

model::Finding torn_index() {
    model::Finding finding;
    finding.rule = "torn-index";
    finding.severity = model::Severity::bad;
    finding.subject = "bookworm";
    finding.summary = "main/binary-amd64/Packages.gz is not the one that the Release there names";
    finding.request = "HEAD http://localhost:11375/dists/bookworm/main/binary-amd64/Packages.gz";
    finding.answer = "200, 11832 bytes";
    finding.expected = "11790 bytes";
    finding.curl = "curl -sSIL http://localhost:11375/dists/bookworm/main/binary-amd64/Packages.gz";
    finding.remedy = "Sync in two stages, as ftpsync does: first pool/, then dists/.";
    return finding;
}

std::string unwrapped(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a mail names the rule, the evidence, the line for a shell and the remedy",
          "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.record.found = 160;
    facts.why = {"torn: bookworm is torn"};
    model::Finding lag = torn_index();
    lag.rule = "behind";
    lag.severity = model::Severity::good;
    facts.findings = {torn_index(), lag};

    const std::string body = disabled_by_prober_notice(facts).front().body;

    CHECK(has(body, "when it was probed, it was not as the mirrors of Ubuntu have to be."));
    CHECK(has(body, "  * torn: bookworm is torn\n"));
    CHECK(has(body, "  * bookworm: main/binary-amd64/Packages.gz is not the one"));
    CHECK(has(body, "    Rule:     torn-index\n"));
    CHECK(has(body, "    Answered: 200, 11832 bytes\n"));
    CHECK(has(body, "    Expected: 11790 bytes\n"));
    // On one line, whatever its length: it is to be copied.
    CHECK(has(body, "    See it:   " + torn_index().curl + "\n"));
    CHECK(has(body, "    Mend it:  Sync in two stages"));
    // What is good, and the advice for mirrors that have nothing, would only distract.
    CHECK_FALSE(has(body, "behind"));
    CHECK_FALSE(has(body, "still lead to the"));
}

TEST_CASE("a mirror that has nothing is told so, whatever else is wrong", "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.why = {"no-content", "torn: bookworm is torn"};

    const std::string body = disabled_by_prober_notice(facts).front().body;

    CHECK(has(unwrapped(body), "it had none of the indexes that it should have."));
    CHECK(has(body, "still lead to the"));
    CHECK(has(body, "  * torn: bookworm is torn\n"));
    CHECK_FALSE(has(body, "* no-content"));
}

TEST_CASE("a mail tells ten findings and counts the rest", "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.findings.assign(13, torn_index());

    const std::string body = disabled_by_prober_notice(facts).front().body;

    std::size_t told = 0;
    for (auto at = body.find("Rule: "); at != std::string::npos; at = body.find("Rule: ", at + 1)) {
        ++told;
    }
    CHECK(told == 10);
    CHECK(has(body, "  * and 3 more\n"));
}

TEST_CASE("a state of its own is told to the owners alone, and never as down", "[model][notice]") {
    using model::Watched;
    const auto [what, begins, subject, sentence] =
        GENERATE(table<Watched, bool, std::string, std::string>({
            {Watched::ipv6, true, "does not answer over IPv6", "answers over IPv4, but not over"},
            {Watched::ipv6, false, "answers over IPv6 again", "answers over IPv6 again"},
            {Watched::ipv4, true, "does not answer over IPv4", "answers over IPv6, but not over"},
            {Watched::certificate, true, "needs a new certificate soon", "ends soon"},
        }));
    NoticeFacts facts = archive_404_mirror();
    model::Finding finding = torn_index();
    finding.rule = what == Watched::ipv6   ? "ipv6-dead"
                   : what == Watched::ipv4 ? "ipv4-dead"
                                           : "certificate-ends-soon";
    if (begins) {
        facts.findings = {torn_index(), finding};
    }

    const auto messages = state_notice(facts, {.what = what, .begins = begins});

    REQUIRE(messages.size() == 1);
    const auto& message = messages.front();
    CHECK(message.to.address == "foo.bar@canonical.com");
    CHECK(message.subject == "Mirror archive-404-mirror of Ubuntu " + subject);
    CHECK(has(unwrapped(message.body), sentence));
    CHECK(has(message.body, "    Rule:     " + finding.rule + "\n") == begins);
    CHECK_FALSE(has(message.body, "torn-index"));
    CHECK_FALSE(has(message.body, "no longer listed"));
    CHECK_FALSE(has(message.body, "down"));
}

TEST_CASE("that a mirror was kept is told to the admins alone", "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.distribution.never_below = 2;
    facts.why = {"no-content"};

    const auto messages = kept_notice(facts);

    REQUIRE(messages.size() == 1);
    CHECK(messages.front().to.address == "mirrors@ubuntu.example");
    CHECK(messages.front().subject ==
          "Mirror archive-404-mirror of Ubuntu has failed, but stays enabled");
    CHECK(has(messages.front().body, "mirrorwarden mirror disable archive-404-mirror --reason"));
}

TEST_CASE("the link of a mirror's owners is on a line of its own, and told to no admin",
          "[model][notice]") {
    NoticeFacts facts = archive_404_mirror();
    facts.owner_link = "https://status.example.org/owner/archive-404-mirror?expires=1&proof=" +
                       std::string(64, 'a');
    const std::string line = "\n  " + facts.owner_link + "\n";
    const auto has_link = [&](const Message& message) {
        return message.body.find(line) != std::string::npos;
    };

    for (const auto& messages :
         {disabled_by_prober_notice(facts), enabled_by_prober_notice(facts)}) {
        REQUIRE(messages.size() == 2);
        CHECK(has_link(messages[0]));
        CHECK(messages[1].to.address == "mirrors@ubuntu.example");
        CHECK(messages[1].body.find("proof=") == std::string::npos);
    }
    CHECK(has_link(
        state_notice(facts, {.what = model::Watched::certificate, .begins = true}).front()));
    CHECK(kept_notice(facts).front().body.find("proof=") == std::string::npos);
}
