#include "model/rules.hpp"

#include "tools/cmake/catch.hpp"

#include <array>
#include <cstdio>
#include <set>
#include <string>

using model::Severity;

TEST_CASE("each rule says what it means and what mends it", "[model][rules]") {
    std::set<std::string_view> keys;
    for (const auto& rule : model::rules()) {
        CAPTURE(rule.key);
        CHECK(keys.insert(rule.key).second);
        CHECK(rule.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
              std::string_view::npos);
        CHECK_FALSE(rule.meaning.empty());
        CHECK_FALSE(rule.meaning.ends_with('.'));
        CHECK(rule.remedy.ends_with('.'));
        CHECK(model::find_rule(rule.key) == &rule);
    }
    CHECK(model::find_rule("torn") == nullptr);
    CHECK(model::find_rule("") == nullptr);
    CHECK(model::find_rule("zzz") == nullptr);
}

TEST_CASE("a finding is told on one line, whatever came from outside", "[model][rules]") {
    const auto finding = model::make_finding("torn-index", {.subject = "bookworm",
                                                            .summary = "it is\ntorn",
                                                            .request = "HEAD http://x/\r\nEvil: 1",
                                                            .answer = "200, 5 bytes",
                                                            .expected = "6 bytes",
                                                            .curl = "curl -sSIL http://x/"});

    CHECK(finding.severity == Severity::bad);
    CHECK_FALSE(finding.remedy.empty());
    CHECK(describe(finding) ==
          "bad torn-index bookworm: it is torn (HEAD http://x/  Evil: 1: 200, 5 bytes; expected 6 "
          "bytes)");
}

TEST_CASE("a finding without words of its own uses the rule's", "[model][rules]") {
    const auto finding = model::make_finding("unsigned", {});

    CHECK(finding.summary == "the Release is not signed");
    CHECK(describe(finding) == "bad unsigned: the Release is not signed");
}

TEST_CASE("findings are sorted by how bad they are", "[model][rules]") {
    std::vector<model::Finding> findings;
    for (const auto severity :
         {Severity::good, Severity::unknown, Severity::warning, Severity::bad, Severity::warning}) {
        findings.push_back(
            model::make_finding("behind", {.subject = std::to_string(findings.size())}, severity));
    }

    model::sort_findings(findings);

    std::string order;
    for (const auto& finding : findings) {
        order += finding.subject;
    }
    CHECK(order == "32410");
}

TEST_CASE("a shell reads a quoted text back as it was", "[model][rules]") {
    const auto [text, expected, why] = GENERATE(table<std::string, std::string, std::string>({
        {"http://a.example/b-c_d.gz", "http://a.example/b-c_d.gz", "nothing to quote"},
        {"", "''", "an empty word is a word"},
        {"a b", "'a b'", "a blank"},
        {"$(id)", "'$(id)'", "a command"},
        {"`id`", "'`id`'", "another"},
        {"it's", R"('it'\''s')", "a quotation mark"},
        {"a;b|c&d", "'a;b|c&d'", "what ends a command"},
        {"~root", "'~root'", "a home"},
        {"http://[2001:db8::1]/", "'http://[2001:db8::1]/'", "brackets are a pattern"},
        {"a\\b", "'a\\b'", "a backslash"},
        {"#a", "'#a'", "a comment"},
    }));
    CAPTURE(why);

    const auto quoted = model::shell_quoted(text);

    CHECK(quoted == expected);
    // The judge is the shell itself.
    const std::string command = "printf %s " + quoted;
    FILE* const shell = ::popen(command.c_str(), "r");
    REQUIRE(shell != nullptr);
    std::array<char, 200> heard{};
    const auto bytes = std::fread(heard.data(), 1, heard.size(), shell);
    ::pclose(shell);
    CHECK(std::string(heard.data(), bytes) == text);
}

TEST_CASE("the lines for a shell quote what they name", "[model][rules]") {
    CHECK(model::curl_head("http://x/a b") == "curl -sSIL 'http://x/a b'");
    CHECK(model::curl_size("http://x/a") == "curl -sSL http://x/a | wc -c");
    CHECK(model::curl_sha256("http://x/a") == "curl -sSL http://x/a | sha256sum");
    CHECK(model::curl_gpgv("http://x/dists/a/InRelease", "/usr/share/k.gpg") ==
          "curl -sSL http://x/dists/a/InRelease | gpgv --weak-digest SHA1 --keyring "
          "/usr/share/k.gpg -");
    CHECK(model::curl_gpgv("http://x/dists/a/InRelease", "") ==
          "curl -sSL http://x/dists/a/InRelease | gpg --weak-digest SHA1 --verify -");
    CHECK(model::curl_gpgv("http://x/dists/a/Release", "/my keys.gpg") ==
          "curl -sSL -o Release.gpg http://x/dists/a/Release.gpg && curl -sSL "
          "http://x/dists/a/Release | gpgv --weak-digest SHA1 --keyring '/my keys.gpg' Release.gpg "
          "-");
}

TEST_CASE("an answer is said as short as it can be", "[model][rules]") {
    using model::OutcomeKind;
    const auto text = [](OutcomeKind kind, int status, std::optional<std::uint64_t> size,
                         bool is_web_page) {
        return model::answer_text({.kind = kind, .status = status}, size, is_web_page);
    };

    CHECK(text(OutcomeKind::ok, 0, 11'832, false) == "200, 11832 bytes");
    CHECK(text(OutcomeKind::ok, 0, 1, true) == "200, a web page, 1 byte");
    CHECK(text(OutcomeKind::ok, 0, {}, false) == "200");
    CHECK(text(OutcomeKind::http_status, 404, 512, true) == "404");
    CHECK(text(OutcomeKind::reset, 0, {}, false) ==
          "reset: the server closed the connection before its answer was whole");
}
