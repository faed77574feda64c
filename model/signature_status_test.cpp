#include "model/signature_status.hpp"

#include "tools/cmake/catch.hpp"

#include <string>
#include <vector>

using model::judge_signature;
using model::SignatureKind;
using model::SignatureVerdict;

namespace {

// Lines as gpgv 2.2.40 wrote them for keys made for this test.
const std::string ours = "7129767669304977B52CA86289AE9AB729D474BE";
const std::string considered = "[GNUPG:] KEY_CONSIDERED " + ours + " 0\n";

/// All that gpgv says of one signature by our key.
std::string signature(const std::string& keyword, const std::string& digest = "10",
                      const std::string& expires = "0") {
    return "[GNUPG:] NEWSIG ours@x\n" + considered +
           "[GNUPG:] SIG_ID ULF26lXAHjcD+rkzx9fqcFYbf88 2026-11-21 1795251456\n" + considered +
           "[GNUPG:] " + keyword + " 89AE9AB729D474BE Ours <ours@x>\n[GNUPG:] VALIDSIG " + ours +
           " 2026-11-21 1795251456 " + expires + " 4 0 1 " + digest + " 01 " + ours + "\n";
}

const std::string good = signature("GOODSIG");
const std::string bad = "[GNUPG:] NEWSIG ours@x\n" + considered + considered +
                        "[GNUPG:] BADSIG 89AE9AB729D474BE Ours <ours@x>\n";
const std::string unknown =
    "[GNUPG:] NEWSIG other@x\n"
    "[GNUPG:] ERRSIG C1120A840FCD7C1D 22 8 01 1795251456 9 "
    "329A845DED5B4507DDC811BDC1120A840FCD7C1D\n"
    "[GNUPG:] NO_PUBKEY C1120A840FCD7C1D\n";
// A signature with SHA-256 below a header "Hash: SHA512".
const std::string unchecked =
    "[GNUPG:] NEWSIG other@x\n"
    "[GNUPG:] ERRSIG C1120A840FCD7C1D 22 8 01 1795257156 1 "
    "329A845DED5B4507DDC811BDC1120A840FCD7C1D\n";
const std::string md5 =
    "[GNUPG:] NEWSIG ours@x\n"
    "[GNUPG:] ERRSIG 89AE9AB729D474BE 1 1 01 1795251456 1 " +
    ours + "\n";

}  // namespace

TEST_CASE("a signature is judged as apt judges it", "[model][signature_status]") {
    const auto [lines, kind, why] = GENERATE_COPY(table<std::string, SignatureKind, std::string>({
        {good, SignatureKind::good, "one signature, by our key"},
        {good + unknown, SignatureKind::good, "two, of which one is ours"},
        {unknown + good, SignatureKind::good, "in the other order"},
        {signature("EXPKEYSIG") + good, SignatureKind::good, "an old key beside a new one"},
        {signature("GOODSIG", "8"), SignatureKind::good, "SHA-256"},
        {signature("GOODSIG", "11"), SignatureKind::good, "SHA-224, which apt takes"},
        {signature("GOODSIG", "1"), SignatureKind::weak_digest, "MD5"},
        {signature("GOODSIG", "2"), SignatureKind::weak_digest, "SHA-1"},
        {signature("GOODSIG", "3"), SignatureKind::weak_digest, "RIPEMD-160"},
        {signature("GOODSIG", "0"), SignatureKind::weak_digest, "no digest that we know"},
        {signature("GOODSIG", ""), SignatureKind::weak_digest, "no digest at all"},
        {md5, SignatureKind::weak_digest, "MD5, which gpgv does not even check"},
        {bad, SignatureKind::bad, "the text is another"},
        {good + bad, SignatureKind::bad, "one bad signature is one too many for apt"},
        {unchecked, SignatureKind::bad, "a signature that gpgv could not check"},
        {good + unchecked, SignatureKind::good, "which does not harm another one, for apt either"},
        {signature("EXPKEYSIG"), SignatureKind::expired_key, "VALIDSIG follows EXPKEYSIG too"},
        {"[GNUPG:] KEYEXPIRED 1580428800\n" + good, SignatureKind::good, "a subkey's end"},
        {signature("REVKEYSIG"), SignatureKind::revoked_key, "VALIDSIG follows REVKEYSIG too"},
        {signature("EXPSIG", "10", "1795251458"), SignatureKind::expired_signature,
         "VALIDSIG follows EXPSIG too"},
        {unknown, SignatureKind::unknown_key, "not by a key of the keyring"},
        {signature("EXPKEYSIG") + unknown, SignatureKind::expired_key,
         "our own key's fault is what our people can mend"},
        {"[GNUPG:] NODATA 1\n[GNUPG:] NODATA 2\n", SignatureKind::no_signature, "unsigned"},
        {"", SignatureKind::no_signature, "gpgv said nothing"},
        {"gpgv: Good signature from \"Ours <ours@x>\"\n" + good.substr(good.find("GOODSIG")),
         SignatureKind::no_signature, "only its status lines count"},
        {"[GNUPG:] GOODSIG 89AE9AB729D474BE Ours <ours@x>\n", SignatureKind::no_signature,
         "cut off before VALIDSIG"},
        {good.substr(good.find("[GNUPG:] VALIDSIG")), SignatureKind::no_signature,
         "VALIDSIG alone says nothing of the key"},
        {"[GNUPG:] GOODSIG 89AE9AB729D474BE x\n[GNUPG:] NEWSIG\n" +
             good.substr(good.find("[GNUPG:] VALIDSIG")),
         SignatureKind::no_signature, "each signature is judged by its own lines"},
    }));
    INFO(why);

    const auto verdict = judge_signature(lines);

    CHECK(static_cast<int>(verdict.kind) == static_cast<int>(kind));
    CHECK(verdict.fingerprints.empty() == (kind != SignatureKind::good));
}

TEST_CASE("the keys of good signatures are named by their primary key",
          "[model][signature_status]") {
    // As gpgv says of Debian's own InRelease, which subkeys sign.
    const std::string subkey =
        "[GNUPG:] NEWSIG\n"
        "[GNUPG:] GOODSIG 6ED0E7B82643E131 Debian Archive Automatic Signing Key (12/bookworm)\n"
        "[GNUPG:] VALIDSIG 4CB50190207B4758A3F73A796ED0E7B82643E131 2026-07-11 1783765001 0 4 0 1 "
        "8 01 B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8\n";

    CHECK(
        judge_signature(subkey + good) ==
        SignatureVerdict{SignatureKind::good, {"B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8", ours}});
}
