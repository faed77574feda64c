#include "model/clear_signed.hpp"

#include "tools/cmake/catch.hpp"

#include <string>

using namespace std::string_literals;
using model::as_signed_text;
using model::signed_text;

namespace {

const std::string head = "-----BEGIN PGP SIGNED MESSAGE-----\n";
const std::string hash = "Hash: SHA256\n\n";
const std::string body = "Origin: Debian\nSuite: stable\n";
const std::string signature =
    "-----BEGIN PGP SIGNATURE-----\n\niHUEARYKAB0WIQR\n=AfjX\n-----END PGP SIGNATURE-----\n";
const std::string whole = head + hash + body + signature;

}  // namespace

TEST_CASE("the signed text is what stands between header and signature", "[model][clear_signed]") {
    const auto [file, text, why] = GENERATE(table<std::string, std::string, std::string>({
        {whole, body, "as gpg writes it"},
        {whole.substr(0, whole.size() - 1), body, "without the last line end"},
        {head + "\n" + body + signature, body, "without a Hash, as RFC 9580 has it"},
        {head + "Hash: SHA256\nHash: SHA512\n\n" + body + signature, body, "two headers"},
        {head + "Hash: SHA256,SHA512\n\n" + body + signature, body, "two in one header"},
        {head + hash + body + signature + signature, body, "two signatures"},
        {head + hash + signature, "", "no text"},
        {head + hash + "\n\n" + signature, "\n\n", "empty lines are signed"},
        {head + hash + "- -dash\n- plain\n- \n" + signature, "-dash\nplain\n\n", "escaped lines"},
        {head + hash + "a \t \nb\n" + signature, "a\nb\n", "blanks at a line's end are not signed"},
        {head + hash + " a\tb\n" + signature, " a\tb\n", "other blanks are"},
        {head + hash +
             "Gr\xC3\xBC\xC3\x9F"
             "e\n" +
             signature,
         "Gr\xC3\xBC\xC3\x9F"
         "e\n",
         "UTF-8"},
    }));
    INFO(why);

    const auto signed_part = signed_text(file);

    REQUIRE(signed_part.has_value());
    CHECK(*signed_part == text);
}

TEST_CASE("line ends of the network change nothing", "[model][clear_signed]") {
    auto file = whole;
    for (std::size_t at = 0; (at = file.find('\n', at)) != std::string::npos; at += 2) {
        file.replace(at, 1, "\r\n");
    }

    const auto parts = model::split_clear_signed(file);

    REQUIRE(parts.has_value());
    CHECK(parts->text == body);
    CHECK(parts->signatures == signature);
}

TEST_CASE("all signatures are kept, and nothing else of the file", "[model][clear_signed]") {
    const auto parts = model::split_clear_signed(whole + signature);

    REQUIRE(parts.has_value());
    CHECK(parts->signatures == signature + signature);
}

TEST_CASE("whatever two readers could understand differently is refused", "[model][clear_signed]") {
    const auto [file, line, what,
                why] = GENERATE(table<std::string, int, std::string, std::string>({
        {"", 0, "the text does not begin with -----BEGIN PGP SIGNED MESSAGE-----", "nothing"},
        {body, 1, "the text does not begin with -----BEGIN PGP SIGNED MESSAGE-----", "unsigned"},
        {"Suite: mine\n" + whole, 1,
         "the text does not begin with -----BEGIN PGP SIGNED MESSAGE-----", "text before"},
        {"\n" + whole, 1, "the text does not begin with -----BEGIN PGP SIGNED MESSAGE-----",
         "an empty line before"},
        {" " + whole, 1, "the text does not begin with -----BEGIN PGP SIGNED MESSAGE-----",
         "a blank before"},
        {"\xEF\xBB\xBF" + whole, 1,
         "the text does not begin with -----BEGIN PGP SIGNED MESSAGE-----", "a byte order mark"},
        {whole + "Suite: mine\n", 11, "\"Suite: mine\" follows the signature, and is not signed",
         "text after"},
        {whole + "\n", 11, "an empty line follows the signature, and is not signed",
         "an empty line after: apt refuses it too"},
        {whole + whole, 11,
         "\"-----BEGIN PGP SIGNED MESSAGE-----\" follows the signature, and is not signed",
         "two messages"},
        {whole + "Suite: mine\n" + signature, 11,
         "\"Suite: mine\" follows the signature, and is not signed", "text between signatures"},
        {head + "Suite: mine\n\n" + body + signature, 2,
         "\"Suite: mine\" is neither a Hash header nor the empty line after it",
         "text among the headers"},
        {head + "Hash: SHA256\nComment: x\n\n" + body + signature, 3,
         "\"Comment: x\" is neither a Hash header nor the empty line after it", "a comment"},
        {head + "NotDashEscaped: GnuPG\n\n" + body + signature, 2,
         "\"NotDashEscaped: GnuPG\" is neither a Hash header nor the empty line after it",
         "GnuPG's own header, under which dashes mean something else"},
        {head + "Hash: \xC3\xA4\n\n" + body + signature, 2,
         "\"Hash: \xC3\xA4\" is neither a Hash header nor the empty line after it", "no hash"},
        {head + "Hash: SHA256\n \n" + body + signature, 3,
         "\"\" is neither a Hash header nor the empty line after it",
         "a line of blanks, which is empty for some readers only"},
        {head + hash + "-dash\n" + signature, 4,
         "the line \"-dash\" begins with a dash that is not escaped", "a dash"},
        {head + hash + body + "-----BEGIN PGP SIGNED MESSAGE-----\n" + hash + body + signature, 6,
         "the line \"-----BEGIN PGP SIGNED MESSAGE-----\" begins with a dash that is not escaped",
         "a message within"},
        {head + hash + body + "-----BEGIN PGP SIGNATURE----\n" + signature, 6,
         "the line \"-----BEGIN PGP SIGNATURE----\" begins with a dash that is not escaped",
         "almost a signature"},
        {head + hash + body, 5, "the text ends without a signature", "no signature"},
        {head + "Hash: SHA256\n", 2, "the text ends within the headers of the message", "cut off"},
        {head + hash + body + "-----BEGIN PGP SIGNATURE-----\n\niHUE\n", 8,
         "the text ends without -----END PGP SIGNATURE-----", "no end"},
        {head + hash + body + "-----BEGIN PGP SIGNATURE-----\n" + signature, 7,
         "the line \"-----BEGIN PGP SIGNATURE-----\" within a signature begins with a dash",
         "a signature within a signature"},
        {head + hash + "Suite: a\0b\n"s + signature, 4, "there is a NUL byte",
         "a byte at which some readers stop"},
        {head + hash + "Suite: a\rSuite: b\n" + signature, 4,
         "there is a carriage return inside a line", "a line end for some readers only"},
        {head + hash + "a\r\r\n" + signature, 4, "there is a carriage return inside a line",
         "two of them"},
        {head + hash + "a\f\n" + signature, 4, "there is a control character",
         "a blank for some readers only"},
    }));
    INFO(why);

    const auto signed_part = signed_text(file);

    REQUIRE(signed_part.has_error());
    CHECK(signed_part.error().what == what);
    CHECK(signed_part.error().line == line);
}

TEST_CASE("a Release and the InRelease beside it give one text", "[model][clear_signed]") {
    CHECK(as_signed_text(body) == body);
    CHECK(as_signed_text("Origin: Debian \r\nSuite: stable") == body);
    CHECK(as_signed_text("").empty());
    CHECK(as_signed_text(body) == *signed_text(whole));
}
