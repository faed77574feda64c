#!/usr/bin/python3
"""A mirror comes back by what was judged, never by what could not be."""

import datetime
import unittest

from debian_catalog import debian, mirror
from handmade_archive import HandmadeArchive, stanza
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest

NOW = datetime.datetime.now(datetime.timezone.utc)
STRANGER = "stranger"


@on_each_database
class ReturnTest(ProbingTest):
    def setUp(self):
        super().setUp()
        self.archive = HandmadeArchive(self.folder)
        self.addCleanup(self.archive.close)
        self.archive.keys.make(STRANGER)
        self.entries = self.archive.put_index("bookworm", stanza("hello"))
        self.entries += self.archive.put_index("bookworm", "", path="main/source/Sources")
        self.keyring = self.folder / "keyring.gpg"
        self.keyring.write_bytes(self.archive.keyring.read_bytes())
        self.load(debian(keyring=str(self.keyring), pockets=["RELEASE"],
                         disable_when=["no-content", "bad-signature"])
                  + mirror("m1", self.archive.url))

    def probe(self, signer):
        release = self.archive.release("bookworm", NOW, self.entries)
        self.archive.put_release("bookworm", release, signer)
        report = self.json("probe", "--force")
        return report["mirrors"][0]["integrity"], report["disabled"], report["enabled"]

    def test_a_signature_that_cannot_be_checked_brings_no_mirror_back(self):
        self.assertEqual(self.probe(STRANGER), ("bad-signature", ["m1"], []))
        keys = self.keyring.read_bytes()
        mails = len(self.json("outbox", "list"))

        for trouble in (b"", None):
            with self.subTest("the keyring is not there" if trouble is None else "it is empty"):
                if trouble is None:
                    self.keyring.unlink()
                else:
                    self.keyring.write_bytes(trouble)
                self.assertEqual(self.probe(STRANGER), ("unknown", [], []))
                self.assertEqual(len(self.json("outbox", "list")), mails)

        self.keyring.write_bytes(keys)
        self.assertEqual(self.probe(STRANGER), ("bad-signature", [], []))
        self.assertEqual(self.probe("signer"), ("whole", [], ["m1"]))


if __name__ == "__main__":
    unittest.main()
