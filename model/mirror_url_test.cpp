#include "model/mirror_url.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using model::default_mirror_name;
using model::host_of;
using model::is_valid_name;
using model::join_url;
using model::normalise_base_url;

TEST_CASE("a base URL has one spelling", "[model][mirror_url]") {
    const auto [why, scheme, text,
                expected] = GENERATE(table<std::string, std::string, std::string, std::string>({
        {"already so", "http", "http://foo.bar.com/pub/", "http://foo.bar.com/pub/"},
        {"a slash is added", "http", "http://foo.bar.com/pub", "http://foo.bar.com/pub/"},
        {"also without a path", "http", "http://foo.bar.com", "http://foo.bar.com/"},
        {"only one slash stays", "http", "http://foo.bar.com/pub///", "http://foo.bar.com/pub/"},
        {"scheme and host in lower case", "http", "HTTP://Foo.BAR.com/Pub/",
         "http://foo.bar.com/Pub/"},
        {"a port stays", "http", "http://localhost:11375/valid-mirror",
         "http://localhost:11375/valid-mirror/"},
        {"http's own port goes", "http", "http://m.example:80/", "http://m.example/"},
        {"https's own port goes", "https", "https://m.example:443/", "https://m.example/"},
        {"ftp's own port goes", "ftp", "ftp://m.example:21/", "ftp://m.example/"},
        {"rsync's own port goes", "rsync", "rsync://m.example:873/m", "rsync://m.example/m/"},
        {"another scheme's port stays", "https", "https://m.example:80/", "https://m.example:80/"},
        {"zeros before the port", "http", "http://m.example:0080/", "http://m.example/"},
        {"a colon without a port", "http", "http://m.example:/", "http://m.example/"},
        {"the largest port", "http", "http://m.example:65535/", "http://m.example:65535/"},
        {"an IPv4 address", "http", "http://127.0.0.2:8080/", "http://127.0.0.2:8080/"},
        {"an IPv6 literal", "http", "http://[2001:db8::1]/debian/", "http://[2001:db8::1]/debian/"},
        {"an IPv6 literal with a port", "http", "http://[::1]:8080/d", "http://[::1]:8080/d/"},
        {"another spelling of that address", "http", "http://[2001:0DB8:0:0:0:0:0:1]/",
         "http://[2001:db8::1]/"},
        {"an escape stays as it is", "http", "http://m.example/a%20b%2F/",
         "http://m.example/a%20b%2F/"},
        {"an underscore in a host", "http", "http://my_host/", "http://my_host/"},
    }));
    CAPTURE(why, text);

    const auto url = normalise_base_url(scheme, text);

    REQUIRE(url.has_value());
    CHECK(*url == expected);
    REQUIRE(normalise_base_url(scheme, *url).has_value());
    CHECK(*normalise_base_url(scheme, *url) == expected);
}

TEST_CASE("a wrong base URL is refused with what is wrong", "[model][mirror_url]") {
    const auto [why, text, fragment] = GENERATE(table<std::string, std::string, std::string>({
        {"empty", "", "empty"},
        {"another scheme", "https://m.example/", "scheme is \"https\", not http"},
        {"no scheme", "m.example/debian", "does not begin with http://"},
        {"no slashes", "http:m.example", "does not begin with http://"},
        {"no host", "http:///debian/", "no host"},
        {"a port and no host", "http://:80/", "no host"},
        {"a user", "http://me@m.example/", "user or password"},
        {"a password", "http://me:secret@m.example/", "user or password"},
        {"an empty user", "http://@m.example/", "user or password"},
        {"a query", "http://m.example/?a=b", "query"},
        {"an empty query", "http://m.example/?", "query"},
        {"a fragment", "http://m.example/#top", "fragment"},
        {"a blank", "http://m.example/a b", "blank"},
        {"a blank before", " http://m.example/", "blank"},
        {"a line break", "http://m.example/\r\nTo: x", "blank"},
        {"a line end", "http://m.example/\n", "control character"},
        {"delete", "http://m.example/\x7F", "control character"},
        {"beyond ASCII", "http://mirör.example/", "ASCII"},
        {"port 0", "http://m.example:0/", "port"},
        {"port 65536", "http://m.example:65536/", "port"},
        {"70000, which wraps below its first digits", "http://m.example:70000/", "port"},
        {"99999, which wraps above them", "http://m.example:99999/", "port"},
        {"80443, of an address", "http://127.0.0.1:80443/", "port"},
        {"six digits that wrap twice", "http://m.example:655361/", "port"},
        {"one that wraps, of an IPv6 literal", "http://[::1]:99999/", "port"},
        {"a port beyond all numbers", "http://m.example:99999999999999999999/", "port"},
        {"a port of letters", "http://m.example:http/", "malformed"},
        {"a port with a letter", "http://m.example:80x", "malformed"},
        {"text behind an IPv6 literal", "http://[::1]x/", "malformed"},
        {"a broken escape", "http://m.example/%zz", "malformed"},
        {"an escape in the host", "http://m%2eexample/", "neither a name nor an address"},
        {"a comma in the host", "http://a,b/", "neither a name nor an address"},
        {"an address of the future", "http://[v1.a]/", "neither a name nor an address"},
        {"half an IPv6 literal", "http://[::1/", "malformed"},
        {"a backslash", "http://m.example\\a/", "malformed"},
        {"too long", "http://m.example/" + std::string(1'000, 'a'), "1000 are the most"},
    }));
    CAPTURE(why, text);

    const auto url = normalise_base_url("http", text);

    REQUIRE(url.has_error());
    CAPTURE(url.error());
    CHECK(url.error().find(fragment) != std::string::npos);
}

TEST_CASE("a refused URL's password is not shown", "[model][mirror_url]") {
    const auto url = normalise_base_url("http", "http://me:secret@m.example/");

    REQUIRE(url.has_error());
    CHECK(url.error().find("secret") == std::string::npos);
}

TEST_CASE("the host of a URL is its name or address alone", "[model][mirror_url]") {
    const auto [why, url, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"a name", "http://foo.bar.com/pub/", "foo.bar.com"},
        {"in lower case, without port", "https://Foo.Bar.COM:8443/pub", "foo.bar.com"},
        {"without user", "ftp://me@m.example/", "m.example"},
        {"with a query", "http://m.example?x=1", "m.example"},
        {"an IPv4 address", "http://127.0.0.1:80/", "127.0.0.1"},
        {"an IPv6 address", "http://[2001:DB8::1]:80/", "2001:db8::1"},
        {"another spelling of it", "http://[2001:db8:0:0:0:0:0:1]/", "2001:db8::1"},
        {"a relative URL", "/debian/", ""},
        {"a word", "m.example", ""},
        {"empty", "", ""},
        {"nonsense", "http://[", ""},
        {"a port of letters", "http://m.example:http/", ""},
    }));
    CAPTURE(why, url);

    CHECK(host_of(url) == expected);
}

TEST_CASE("a host may be followed by a port that there is", "[model][mirror_url]") {
    const auto [text, expected] = GENERATE(table<std::string, bool>({
        {"m.example", true},
        {"m.example:", true},
        {"m.example:1", true},
        {"m.example:65535", true},
        {"[2001:db8::1]", true},
        {"[2001:db8::1]:443", true},
        {"", true},
        {"m.example:0", false},
        {"m.example:65536", false},
        {"m.example:99999", false},
        {"m.example:80443", false},
        {"m.example:http", false},
        {"m.example:80x", false},
        {"m.example:-1", false},
        {"m.example:80:80", false},
        {"[::1]:99999", false},
        {"[::1", false},
    }));
    CAPTURE(text);

    CHECK(model::has_usable_port(text) == expected);
}

TEST_CASE("a base URL and a path are joined by one slash", "[model][mirror_url]") {
    CHECK(join_url("http://m.example/ubuntu/", "dists/x") == "http://m.example/ubuntu/dists/x");
    CHECK(join_url("http://m.example/ubuntu", "dists/x") == "http://m.example/ubuntu/dists/x");
    CHECK(join_url("http://m.example/", "/dists/x") == "http://m.example/dists/x");
    CHECK(join_url("http://m.example/a+b/", "pool/g++_1+b1.deb") ==
          "http://m.example/a+b/pool/g%2B%2B_1%2Bb1.deb");
}

TEST_CASE("a name begins with a small letter or digit", "[model][mirror_url]") {
    const auto [why, name, expected] = GENERATE(table<std::string, std::string, bool>({
        {"a mirror", "valid-mirror", true},
        {"a host", "ftp.de.debian.org-archive2", true},
        {"a plus", "a+b", true},
        {"one digit", "4", true},
        {"as long as may be", std::string(100, 'a'), true},
        {"too long", std::string(101, 'a'), false},
        {"empty", "", false},
        {"upper case", "Valid", false},
        {"upper case later", "vAlid", false},
        {"a dash first", "-a", false},
        {"a point first", ".a", false},
        {"an underscore", "a_b", false},
        {"a blank", "a b", false},
        {"a slash", "a/b", false},
        {"beyond ASCII", "é", false},
    }));
    CAPTURE(why);

    CHECK(is_valid_name(name) == expected);
}

TEST_CASE("a mirror without a name is called by its host and content", "[model][mirror_url]") {
    const auto [why, url, content,
                expected] = GENERATE(table<std::string, std::string, model::Content, std::string>({
        {"packages", "http://foo.bar.com/pub/", model::Content::archive, "foo.bar.com-archive"},
        {"CD images", "http://foo.bar.com/pub/", model::Content::release, "foo.bar.com-release"},
        {"an underscore cannot stay", "http://my_host/", model::Content::archive,
         "my-host-archive"},
        {"nor colons", "http://[2001:db8::1]/", model::Content::archive, "2001-db8--1-archive"},
        {"nor at the front", "http://[::1]/", model::Content::archive, "1-archive"},
        {"nothing is left", "http://[::]/", model::Content::archive, "mirror-archive"},
        {"a long host is cut", "http://" + std::string(200, 'a') + "/", model::Content::archive,
         std::string(85, 'a') + "-archive"},
    }));
    CAPTURE(why);
    model::Mirror mirror;
    mirror.http_url = url;
    mirror.content = content;

    CHECK(default_mirror_name(mirror) == expected);
    CHECK(is_valid_name(default_mirror_name(mirror)));
}

TEST_CASE("a mirror of rsync alone still has a name", "[model][mirror_url]") {
    model::Mirror mirror;
    CHECK(default_mirror_name(mirror) == "mirror-archive");

    mirror.rsync_url = "rsync://m.example/debian/";
    CHECK(default_mirror_name(mirror) == "m.example-archive");
}
