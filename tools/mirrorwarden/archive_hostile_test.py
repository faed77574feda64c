#!/usr/bin/python3
"""What a primary archive, or somebody in its place, may serve: each has a reason of its own,
nothing of it is stored, and memory stays flat."""

import datetime
import gzip
import subprocess
import sys
import unittest

from handmade_archive import SIGNER, HandmadeArchive, release_line, rfc_date, stanza
from mirrorwarden_testing import PROGRAM, on_each_database
from probing_testing import ProbingTest

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
MEGABYTE = 1 << 20
INDEX = "main/binary-amd64/Packages"


class HostileArchive(ProbingTest):
    def setUp(self):
        super().setUp()
        self.archive = HandmadeArchive(self.folder)
        self.addCleanup(self.archive.close)
        self.keys = self.archive.keys
        # The suite as it is known: of two days ago.
        entries = self.archive.put_index("harbour", stanza("hello"))
        self.first = self.archive.put_release("harbour", self.archive.release("harbour", NOW - 2 * DAY, entries))
        self.run_ok("archive", "add", self.archive.url, "--suite", "harbour", "--signed-by", self.archive.keyring,
                    "--name", "harbour")
        self.known = self.stored()

    def stored(self):
        """All that is kept of the suite, but for when it was asked."""
        shown = self.json("archive", "show")["distributions"][0]["suites"][0]
        del shown["checked"]
        return shown

    def refresh(self):
        result = self.run_program("archive", "refresh", "--json")
        return result, result.json()["distributions"][0]["suites"][0]

    def newer(self, package="tugboat", **fields):
        """The text of a Release of today whose index has one package more."""
        entries = self.archive.put_index("harbour", stanza("hello") + stanza(package))
        return self.archive.release("harbour", NOW, entries, **fields)

    def refused(self, reason, told=""):
        result, suite = self.refresh()
        self.assertEqual((result.status, suite["result"], suite["reason"]), (1, "faulty", reason), result.err)
        self.assertIn("WARNING harbour harbour: ", result.err)
        self.assertIn(told, suite["message"])
        self.assertEqual(self.stored(), self.known)
        return suite

    def taken_in(self):
        result, suite = self.refresh()
        self.assertEqual((result.status, suite["result"], suite["published"]), (0, "changed", 1), result.err)

    # Signatures.

    def test_a_newer_release_is_taken_in(self):
        self.archive.put_release("harbour", self.newer())
        self.taken_in()

    def test_an_unsigned_release_is_refused(self):
        text = self.newer()
        self.archive.files["dists/harbour/InRelease"] = text
        self.refused("no-signature", "not signed")
        del self.archive.files["dists/harbour/InRelease"]
        self.archive.files["dists/harbour/Release"] = text
        self.refused("no-signature", "neither InRelease nor Release.gpg")

    def test_a_release_with_a_detached_signature_is_taken_in(self):
        text = self.newer()
        del self.archive.files["dists/harbour/InRelease"]
        self.archive.files["dists/harbour/Release"] = text
        self.archive.files["dists/harbour/Release.gpg"] = self.keys.release_gpg(text, SIGNER)
        self.taken_in()

    def test_a_changed_text_is_a_bad_signature(self):
        signed = self.archive.put_release("harbour", self.newer())
        self.archive.files["dists/harbour/InRelease"] = signed.replace(b"Origin: Harbour", b"Origin: Hardour")
        self.refused("bad-signature", "changed after it was signed")

    def test_a_detached_signature_of_another_text_is_bad(self):
        text = self.newer()
        del self.archive.files["dists/harbour/InRelease"]
        self.archive.files["dists/harbour/Release"] = text
        self.archive.files["dists/harbour/Release.gpg"] = self.keys.release_gpg(text + b"\n", SIGNER)
        self.refused("bad-signature")

    def test_a_strangers_signature_is_refused_and_beside_ours_it_does_no_harm(self):
        self.keys.make("stranger")
        self.archive.put_release("harbour", self.newer(), "stranger")
        self.refused("unknown-key", str(self.archive.keyring))
        self.archive.put_release("harbour", self.newer(), "stranger", SIGNER)
        self.taken_in()

    def test_a_key_that_expired_and_one_that_was_revoked_are_told_apart(self):
        self.keys.make("old", created=NOW - 20 * DAY, lifetime="5d")
        self.keys.make("lost", created=NOW - 20 * DAY, lifetime="90d")
        text = self.newer()
        expired = self.keys.in_release(text, "old", when=NOW - 18 * DAY)
        revoked = self.keys.in_release(text, "lost")
        self.keys.revoke("lost")
        self.keys.keyring(self.archive.keyring, SIGNER, "old", "lost")
        for signed, reason in ((expired, "expired-key"), (revoked, "revoked-key")):
            with self.subTest(reason):
                self.archive.files["dists/harbour/InRelease"] = signed
                self.refused(reason)

    def test_a_hash_that_can_be_forged_is_refused(self):
        self.keys.make("weak", algorithm="rsa2048")
        self.keys.keyring(self.archive.keyring, SIGNER, "weak")
        self.archive.put_release("harbour", self.newer(), "weak", digest="SHA1")
        self.refused("weak-digest", "SHA-1")

    def test_what_is_wrapped_around_a_signed_text_is_never_read(self):
        signed = self.archive.put_release("harbour", self.newer())
        evil = self.archive.release("harbour", NOW, release_line(b"", INDEX))
        begin, end = b"-----BEGIN PGP SIGNATURE-----", b"-----END PGP SIGNATURE-----"
        header = b"-----BEGIN PGP SIGNED MESSAGE-----"
        attacks = {
            "text before": evil + b"\n" + signed,
            "an empty line before": b"\n" + signed,
            "text after": signed + evil,
            "text between": signed.replace(begin, begin + b"\n\n" + end + b"\n" + evil + b"\n" + begin),
            "another message before, not signed": header + b"\nHash: SHA512\n\n" + evil + signed,
            "two messages": signed + signed,
            "a header that hides text": signed.replace(b"\n\n", b"\nNotDashEscaped: Origin: Evil\n\n", 1),
            "no end": signed.partition(end)[0],
        }
        for why, attack in attacks.items():
            with self.subTest(why):
                self.archive.files["dists/harbour/InRelease"] = attack
                result, suite = self.refresh()
                self.assertEqual((result.status, suite["result"]), (1, "faulty"), result.err)
                self.assertIn(suite["reason"], ("wrapped-text", "no-signature", "bad-signature"))
                self.assertEqual(self.stored(), self.known)

    # What is signed.

    def test_an_older_release_is_a_replay(self):
        self.archive.put_release("harbour", self.newer())
        self.taken_in()
        self.known = self.stored()
        self.archive.files["dists/harbour/InRelease"] = self.first
        self.refused("older", "replays")

    def test_a_release_whose_time_has_passed_is_refused(self):
        self.archive.put_release("harbour", self.newer(valid_until=NOW - datetime.timedelta(seconds=1)))
        self.refused("expired", "valid until")

    def test_a_release_of_the_future_is_refused(self):
        entries = self.archive.put_index("harbour", stanza("hello"))
        self.archive.put_release("harbour", self.archive.release("harbour", NOW + DAY, entries))
        self.refused("not-yet-valid", "future")

    def test_another_suites_release_is_refused(self):
        text = self.newer(Suite="quay", Codename="quay")
        self.archive.put_release("harbour", text)
        self.refused("foreign", '"quay"')

    def test_a_signed_text_that_is_no_release_is_refused(self):
        for text in (b"Hello!\n", b"Origin: Harbour\nCodename: harbour\n", b"Date: yesterday\nSHA256:\n"):
            with self.subTest(text):
                self.archive.put_release("harbour", text)
                self.refused("unreadable", "no Release file")

    def test_a_suite_that_has_gone_is_told(self):
        self.archive.files.clear()
        self.refused("no-release", "neither InRelease nor Release")

    # Sizes and indexes.

    def test_an_endless_inrelease_is_too_large(self):
        self.archive.files["dists/harbour/InRelease"] = b"Origin: x\n" * (5 * MEGABYTE)
        suite = self.refused("too-large", "larger than 16777216 bytes")
        self.assertLess(suite["bytes"], 20 * MEGABYTE)
        self.assertLess(self.peak_mb(), 100)

    def test_what_is_wrong_with_an_index_has_a_name(self):
        good = (stanza("hello") + stanza("tugboat")).encode()
        packed = gzip.compress(good, mtime=0)
        changed = bytearray(packed)
        changed[-5] ^= 1
        cases = {
            "truncated": (packed[:-9], None, "truncated"),
            "trailing garbage": (packed + b"garbage", None, "garbage"),
            "not gzip": (b"<html>hello</html>", None, "it is not gzip"),
            "corrupt": (bytes(changed), None, "corrupt"),
            "no field": (gzip.compress(b"hello\n"), b"hello\n", "line 1"),
            "no package": (gzip.compress(b"Package: x\n\n"), b"Package: x\n\n", "no field Version"),
            "out of the archive": (None, stanza("x", Filename="../../etc/passwd").encode(), "Filename"),
            "inflates to something else": (gzip.compress(stanza("hello").encode()), good, "inflates"),
        }
        for why, (sent, plain, told) in cases.items():
            with self.subTest(why):
                entries = self.archive.put_index("harbour", plain or good, packed=sent)
                self.archive.put_release("harbour", self.archive.release("harbour", NOW, entries))
                suite = self.refused("wrong-index", told)
                self.assertIn(f"{INDEX}.gz: ", suite["message"])

    def test_an_index_that_is_not_what_its_release_says_is_refused(self):
        path = f"dists/harbour/{INDEX}.gz"
        self.archive.put_release("harbour", self.newer())
        right = self.archive.files[path]
        other = gzip.compress((stanza("hello") + stanza("gigboat")).encode(), mtime=0)
        self.assertEqual(len(other), len(right))
        cases = {"shorter": (right[:-1], "bytes; its Release says"), "longer": (right + b"x", "bytes; its Release says"),
                 "as long": (other, "SHA-256"), "not there": (None, "does not have it")}
        for why, (content, told) in cases.items():
            with self.subTest(why):
                self.archive.files.pop(path, None)
                if content is not None:
                    self.archive.files[path] = content
                self.refused("wrong-index", told)

    def test_bombs_and_endless_texts_are_named_and_cost_no_memory(self):
        one = stanza("hello").encode()
        bomb = gzip.compress(b"x" * (300 * MEGABYTE), 9)
        large = one[:-1] + b"Description: x\n" + b" a line that goes on and on and on\n" * (3 * MEGABYTE)
        endless = one[:-1] + b"Description: " + bytes(range(97, 123)) * (4 * MEGABYTE)
        cases = {
            "a bomb": (bomb, b"", "", "it is a bomb"),
            "a stanza of 100 MB": (None, large, ".gz", ""),
            "a field without end": (None, endless, ".gz", ""),
            "a stanza of 100 MB, not packed": (None, large, "", ""),
        }
        for why, (packed, plain, packing, told) in cases.items():
            with self.subTest(why):
                self.archive.files.pop(f"dists/harbour/{INDEX}.gz", None)
                if packed is not None:
                    self.archive.files[f"dists/harbour/{INDEX}.gz"] = packed
                    entries = release_line(packed, f"{INDEX}.gz")
                elif packing:
                    # Not so small that it would be a bomb.
                    sent = gzip.compress(plain, 0)
                    self.archive.files[f"dists/harbour/{INDEX}.gz"] = sent
                    entries = release_line(sent, f"{INDEX}.gz")
                else:
                    self.archive.files[f"dists/harbour/{INDEX}"] = plain
                    entries = release_line(plain, INDEX)
                self.archive.put_release("harbour", self.archive.release("harbour", NOW, entries))
                suite = self.refused("wrong-index", told)
                self.assertLess(suite["bytes"], 40 * MEGABYTE)
                self.assertLess(self.peak_mb(), 80)

    def test_a_release_that_names_a_gigantic_index_is_not_followed(self):
        digest = "0" * 64
        self.archive.put_release("harbour", self.archive.release("harbour", NOW, f" {digest} {1 << 40} {INDEX}.gz\n"))
        self.refused("wrong-index", "more than the")
        self.archive.asked()
        self.run_program("archive", "refresh")
        self.assertNotIn(f"dists/harbour/{INDEX}.gz", self.archive.asked())

    def peak_mb(self):
        """Of one more refresh. A process of its own measures: the kernel keeps only the largest of all children."""
        measure = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, stderr=-3, timeout=120); "
                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        words = [PROGRAM, "--database", self.database, "archive", "refresh"]
        done = subprocess.run([sys.executable, "-c", measure, *words], capture_output=True, text=True, check=True)
        return int(done.stdout) / 1024

    # Others.

    def test_one_suites_fault_does_not_stop_the_others(self):
        for suite in ("alpha", "beta", "gamma"):
            entries = self.archive.put_index(suite, stanza("hello"))
            self.archive.put_release(suite, self.archive.release(suite, NOW - DAY, entries))
        self.run_ok("archive", "add", self.archive.url, "--suite", "alpha", "--suite", "beta", "--suite", "gamma",
                    "--signed-by", self.archive.keyring, "--name", "greek")
        for suite in ("alpha", "beta", "gamma"):
            entries = self.archive.put_index(suite, stanza("hello") + stanza("tugboat"))
            self.archive.put_release(suite, self.archive.release(suite, NOW, entries))
        self.archive.files["dists/beta/InRelease"] = b"gone"

        result = self.run_program("archive", "refresh", "greek", "--json")

        self.assertEqual(result.status, 1)
        suites = {suite["suite"]: suite["result"] for suite in result.json()["distributions"][0]["suites"]}
        self.assertEqual(suites, {"alpha": "changed", "beta": "faulty", "gamma": "changed"})

    def test_a_distribution_with_no_gpgv_on_the_machine_is_told_which_package_has_it(self):
        self.archive.put_release("harbour", self.newer())
        result = self.run_program("archive", "refresh", "--json", env={"PATH": str(self.folder)})
        self.assertEqual(result.status, 1)
        self.assertIn("install the package gpgv", result.err)
        self.assertEqual(self.stored(), self.known)

    def test_a_keyring_that_has_gone_is_named(self):
        self.archive.put_release("harbour", self.newer())
        self.archive.keyring.unlink()
        suite = self.refused("no-keyring", str(self.archive.keyring))
        self.assertIn("No such file", suite["message"])

    def test_a_second_run_at_the_same_time_says_so(self):
        reached = []
        respond = self.archive.server.respond

        def hang(host, method, path):
            reached.append(path)
            answer = respond(host, method, path)
            answer.never = True
            return answer

        self.archive.server.respond = hang
        first = self.start("archive", "refresh")
        try:
            while not reached and first.poll() is None:
                first_wait(first)
            second = self.refused_status(4, "archive", "refresh")
            self.assertIn("another `mirrorwarden archive` is running", second.err)
        finally:
            first.terminate()
            self.assertEqual(first.wait(20), 1)
        self.assertEqual(self.stored(), self.known)

    def refused_status(self, status, *words):
        result = self.run_program(*words)
        self.assertEqual(result.status, status, result.err)
        return result


@on_each_database
class HostileFields(ProbingTest):
    def test_validators_that_are_no_text_are_not_kept(self):
        archive = HandmadeArchive(self.folder)
        self.addCleanup(archive.close)
        entries = archive.put_index("harbour", stanza("hello"))
        archive.put_release("harbour", archive.release("harbour", NOW, entries))
        respond = archive.server.respond

        def answer(host, method, path):
            plain = respond(host, method, path)
            if plain.status == 200:
                plain.raw = (b"HTTP/1.1 200 OK\r\nETag: \"caf\xe9\"\r\nLast-Modified: \xff\r\n"
                             b"Content-Length: %d\r\n\r\n%s" % (len(plain.body), plain.body))
            return plain

        archive.server.respond = answer
        self.run_ok("archive", "add", archive.url, "--name", "harbour", "--suite", "harbour",
                    "--signed-by", archive.keyring)
        self.run_ok("archive", "refresh")
        suite = self.json("archive", "show")["distributions"][0]["suites"][0]
        self.assertEqual(suite["snapshots"], 1)


def first_wait(process):
    """A moment in which it may end: there is no event to wait for."""
    try:
        process.wait(0.02)
    except subprocess.TimeoutExpired:
        pass


if __name__ == "__main__":
    unittest.main()
