#!/usr/bin/python3
"""The pages as a browser without scripts meets them: every link leads somewhere."""

import pathlib
import unittest
import urllib.parse

from html_page import Page
from http_service import serving
from mirrorwarden_testing import ProgramTest
from site_crawler import crawl

CATALOG = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance" / "catalog.toml"
HOSTILE = "<script>alert(1)</script>\"'&\u202e" + "A" * 10_000


class Pages(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_ok("catalog", "load", CATALOG)

    def crawl(self, service, base):
        """Every page that is found from the first one, by its path."""
        with service.client() as client:
            return {path: page for path, (_, page) in crawl(client, base + "/").items()}

    def check(self, pages, base):
        for path, page in pages.items():
            self.assertTrue(path.startswith(base + "/"), path)
            if page is None:
                continue
            with self.subTest(path):
                self.assertNotIn("script", page.tags)
                self.assertNotIn("style", page.tags)
                self.assertNotIn("style", page.attributes)
                self.assertEqual([tag for tag in page.tags if tag in ("main", "h1")],
                                 ["main", "h1"])
                for address in page.loaded:
                    self.assertTrue(address.startswith(base + "/assets/"), address)
                for link in page.links:
                    name = urllib.parse.urldefrag(link).fragment
                    there = pages.get(urllib.parse.urldefrag(urllib.parse.urljoin(path, link)).url)
                    if name and there:
                        self.assertIn(name, there.ids, link)

    def test_every_link_leads_to_an_answer(self):
        with self.serving() as service:
            pages = self.crawl(service, "")
        self.check(pages, "")
        self.assertTrue(any("/mirror/" in path for path in pages))
        self.assertTrue(any(path.endswith("/mirrors") for path in pages))

    def test_every_link_stays_below_the_base_path(self):
        base = "/branch1/ubuntu"
        with self.serving("--base-path", base) as service:
            self.check(self.crawl(service, base), base)

    def test_a_reason_is_text_whatever_is_in_it(self):
        name = "valid-mirror"
        self.run_ok("mirror", "disable", name, "--reason", HOSTILE)
        with self.serving() as service:
            for path in (f"/mirror/{name}", "/ubuntu/disabled", "/ubuntu"):
                page = Page(service.ask(path).body)
                self.assertNotIn("script", page.tags, path)
                self.assertIn("<script>alert(1)</script>\"'&", page.text, path)

    def test_a_page_is_refused_in_words(self):
        with self.serving() as service:
            for path, status in (("/nothing", 404), ("/mirror/nothing", 404),
                                 ("/ubuntu/mirrors?sort=beauty", 400),
                                 ("/mirror/nothing/log/1", 404)):
                answer = service.ask(path)
                self.assertEqual(answer.status, status, path)
                self.assertEqual(answer.fields["content-type"], "text/html; charset=utf-8")
                self.assertIn("h1", Page(answer.body).tags)

    def serving(self, *flags):
        return serving(self.folder, self.database, *flags)


if __name__ == "__main__":
    unittest.main()
