"""Mirrors whose Release files are signed wrongly, or attacked where the signature does not reach."""

import re

from archive import SIGNER
from broken_mirrors import LONG_AGO, Case, copied
from nginx import Site

MARK = b"-----BEGIN PGP SIGNED MESSAGE-----\n"
SIGNATURE = b"-----BEGIN PGP SIGNATURE-----\n"


def in_release(content):
    """The archive tide, whose InRelease is `content(world)`."""
    def make(world, folder):
        (copied(world.tide.root, folder) / "dists/tide/InRelease").write_bytes(content(world))
        return Site()
    return make


def signed_by(*names, **how):
    return in_release(lambda world: world.keys.in_release(world.tide_release(), *names, **how))


def good(world):
    return world.keys.in_release(world.tide_release(), SIGNER)


def attacked(change):
    """A good InRelease, with something added where the signature does not reach."""
    return in_release(lambda world: change(good(world)))


EVIL = b"Origin: Evil\nCodename: tide\n"


def text_in_headers(content):
    return content.replace(MARK, MARK + EVIL, 1)


def text_before_signature(content):
    return content.replace(SIGNATURE, EVIL + SIGNATURE, 1)


def two_files(files):
    """The archive tide with Release and Release.gpg, as `files(world)` returns them, and no InRelease."""
    def make(world, folder):
        suite = copied(world.tide.root, folder) / "dists/tide"
        release, signature = files(world)
        (suite / "Release").write_bytes(release)
        (suite / "Release.gpg").write_bytes(signature)
        return Site()
    return make


def good_pair(world):
    release = world.tide_release()
    return release, world.keys.release_gpg(release, SIGNER)


def pair_of_two_syncs(world):
    return world.tide_release(), world.keys.release_gpg(world.tide_release(Origin="Tide before"), SIGNER)


def by_revoked_key(world):
    content = world.keys.in_release(world.tide_release(), "revoked")
    world.keys.revoke("revoked")
    return content


def huge(world, folder):
    with open(copied(world.tide.root, folder) / "dists/tide/InRelease", "wb") as file:
        file.write(good(world))
        file.truncate(50_000_000)
    return Site()


def without_sha256(content):
    """The text of a Release that has SHA-512 alone, as some archives' tools write it."""
    return re.sub(rb"(?m)^(MD5Sum|SHA1|SHA256):\n(?: .*\n)*", b"", content)


def tide(name, what, make, apt, rule, *severity, **more):
    return Case(name, what, make, apt, rule, *severity, file="InRelease", suite="tide", **more)


# In the words of apt 2's gpgv and of apt 3's sqv.
BADSIG = "BADSIG|has been manipulated"
NO_PUBKEY = "NO_PUBKEY|Missing key"
CASES = (
    Case("two-files", "Nothing: Release and Release.gpg, no InRelease", two_files(good_pair), None, None,
         suite="tide", packages=("buoy",)),
    Case("two-signatures", "Nothing: two signatures, one of them by a key that we know",
         signed_by("stranger", SIGNER), None, None, suite="tide", packages=("buoy",)),
    Case("version-header", "Nothing: the signature has a Version header, as GnuPG 1 writes it",
         attacked(lambda content: content.replace(SIGNATURE, SIGNATURE + b"Version: GnuPG v1\n")),
         None, None, suite="tide", packages=("buoy",)),
    Case("line-ends", "Nothing that counts: InRelease came through a transfer as text, with carriage returns",
         attacked(lambda content: content.replace(b"\n", b"\r\n")),
         None, None, suite="tide", packages=("buoy",)),
    Case("sha-512-alone", "Nothing that counts: the Release names its indexes by SHA-512 alone",
         in_release(lambda world: world.keys.in_release(without_sha256(world.tide_release()), SIGNER)),
         None, "hashes-not-compared", "good", suite="tide", packages=("buoy",)),
    Case("pair-of-two-syncs", "Release.gpg belongs to another Release", two_files(pair_of_two_syncs), BADSIG,
         "bad-signature", file="Release", suite="tide"),
    tide("unsigned", "InRelease is not signed", in_release(lambda world: world.tide_release()),
         "Clearsigned file isn't valid", "unsigned"),
    tide("unknown-key", "InRelease is signed by a key that nobody knows", signed_by("stranger"), NO_PUBKEY,
         "unknown-key"),
    tide("expired-key", "InRelease is signed by a key that has expired", signed_by("expired", when=LONG_AGO),
         "EXPKEYSIG", "expired-key", signers=(SIGNER, "expired"),
         reason_of_apt_3="The sqv of apt 3 takes a signature that was made while its key was valid; the gpgv of apt 2 "
                         "does not, and there are users of both."),
    tide("revoked-key", "InRelease is signed by a key that was revoked", in_release(by_revoked_key), "REVKEYSIG|is revoked",
         "revoked-key", signers=(SIGNER, "revoked")),
    tide("sha-1", "InRelease is signed with SHA-1", signed_by("with-rsa", digest="SHA1"), "signatures were invalid|SHA1 is not considered secure",
         "weak-digest", signers=(SIGNER, "with-rsa")),
    tide("changed-text", "A mirror has changed the Origin in InRelease",
         attacked(lambda content: content.replace(b"Origin: Tide", b"Origin: Ours")), BADSIG, "bad-signature"),
    tide("text-before", "Text before the signed message", attacked(lambda content: EVIL + b"\n" + content),
         "NOSPLIT", "release-unreadable"),
    tide("text-after", "Text after the signature", attacked(lambda content: content + EVIL),
         "Splitting up", "release-unreadable"),
    tide("text-in-headers", "Text among the headers of the signed message", attacked(text_in_headers), None,
         "release-unreadable",
         reason="apt passes over headers that it does not know, and gpgv calls them invalid. No archive signs so: we "
                "accept nothing around the text that two programs could read in two ways."),
    tide("text-between", "Text between the signed text and the signature: within what was signed",
         attacked(text_before_signature), BADSIG, "bad-signature"),
    tide("two-messages", "Two signed messages in one file", attacked(lambda content: content + content),
         "Splitting up", "release-unreadable"),
    tide("text-between-messages", "Unsigned text between two signed messages",
         attacked(lambda content: content + EVIL + content), "Splitting up", "release-unreadable"),
    Case("huge", "InRelease has 50 MB", huge, "does not have a Release file", "release-unreadable", file="Release",
         suite="tide"),
)
