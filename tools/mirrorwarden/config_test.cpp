#include "tools/mirrorwarden/config.hpp"

#include "tools/cmake/catch.hpp"

using namespace std::chrono_literals;
using mirrorwarden::parse_config;
using mirrorwarden::ProbeSettings;
using mirrorwarden::resolve;

TEST_CASE("a configuration says what its keys say", "[tools][config]") {
    const auto config = parse_config(R"(
database = "sqlite:/tmp/x"
[mail]
smtp_url = "smtps://mail.example.org:465"
from = "Mirror Admin <mirrors@example.org>"
starttls = false
[probe]
max_parallel = 7
timeout = 1.5
no_owner_notification = true
)");

    REQUIRE(config.has_value());
    CHECK(config->database == "sqlite:/tmp/x");
    CHECK(config->mail.from.address == "mirrors@example.org");
    CHECK(config->mail.starttls == false);
    CHECK(config->probe.max_parallel == 7U);
    CHECK(config->probe.timeout == 1500ms);
    CHECK_FALSE(config->probe.connect_timeout.has_value());
}

TEST_CASE("a configuration says where a worker reports", "[tools][config]") {
    const auto config = parse_config(
        "[report]\nservice = \"https://status.example.org\"\ntoken_file = \"token\"\n"
        "spool = \"/var/spool/reports\"\nca_bundle = \"/etc/ca.pem\"\n");

    REQUIRE(config.has_value());
    CHECK(config->report.service == "https://status.example.org");
    CHECK(config->report.token_file == "token");
    CHECK(config->report.spool == "/var/spool/reports");
    CHECK(config->report.ca_bundle == "/etc/ca.pem");
}

TEST_CASE("a configuration says how jobs are watched", "[tools][config]") {
    const auto config =
        parse_config("[jobs]\ncontrol_file = \"jobs.ini\"\nstatsd = \"[::1]:8125\"\n");

    REQUIRE(config.has_value());
    CHECK(config->jobs.control_file == "jobs.ini");
    CHECK(config->jobs.statsd == "[::1]:8125");

    const auto wrong = parse_config("[jobs]\nstatsd = \"nowhere\"\ncontrol = 1\n");

    REQUIRE(wrong.has_error());
    REQUIRE(wrong.error().size() == 2);
    CHECK(wrong.error().at(0).line == 2);
    CHECK(wrong.error().at(1).line == 3);
}

TEST_CASE("a control file is a path or a URL of the web", "[tools][config]") {
    const auto [text, is_url, why] = GENERATE(table<std::string, bool, std::string>({
        {"https://example.org/jobs.ini", true, "a URL"},
        {"http://example.org/jobs.ini", true, "without TLS"},
        {"/etc/mirrorwarden/jobs.ini", false, "a path"},
        {"http.ini", false, "a path that begins like one"},
        {"", false, "none"},
    }));
    CAPTURE(why);

    CHECK(mirrorwarden::is_control_url(text) == is_url);
}

TEST_CASE("an empty configuration says nothing", "[tools][config]") {
    const auto config = parse_config("");

    REQUIRE(config.has_value());
    CHECK(config->database.empty());
    CHECK_FALSE(config->mail.starttls.has_value());
}

TEST_CASE("all that is wrong in a configuration is told, by line", "[tools][config]") {
    const auto config = parse_config("databse = \"x\"\n[probe]\ntimeout = 0\n[mail]\nfrom = 1\n");

    REQUIRE(config.has_error());
    REQUIRE(config.error().size() == 3);
    CHECK(config.error().at(0).line == 1);
    CHECK(config.error().at(1).line == 3);
    CHECK(config.error().at(2).line == 5);
}

TEST_CASE("a flag wins over the configuration, and that over the default", "[tools][config]") {
    ProbeSettings flags;
    flags.max_parallel = 1;
    ProbeSettings configuration;
    configuration.max_parallel = 2;
    configuration.timeout = 5s;
    configuration.no_owner_notification = true;

    const auto options = resolve(flags, configuration);

    CHECK(options.requests_max == 1);
    CHECK(options.timeout == 5s);
    CHECK(options.connect_timeout == 10s);
    CHECK(options.requests_per_host_max == 2);
    CHECK_FALSE(options.notify_owners);
}
