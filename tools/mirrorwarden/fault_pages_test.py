#!/usr/bin/python3
"""What the service refuses: a page for who takes HTML, a problem document for who does not."""

import pathlib
import unittest

from html_page import Page
from http_service import serving
from mirrorwarden_testing import ProgramTest

CATALOG = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance" / "catalog.toml"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
BASE = "/branch1/ubuntu"


class FaultPages(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_ok("catalog", "load", CATALOG)

    def serving(self, *flags):
        return serving(self.folder, self.database, *flags)

    def check_page(self, answer, status, base=""):
        self.assertEqual(answer.status, status)
        self.assertEqual(answer.fields["content-type"], "text/html; charset=utf-8")
        self.assertEqual(answer.fields["cache-control"], "no-store")
        self.assertIn("Accept", answer.fields["vary"].split(", "))
        page = Page(answer.body)
        self.assertIn("main", page.tags)
        self.assertIn(base + "/", page.links)
        for address in page.loaded:
            self.assertTrue(address.startswith(base + "/assets/"), address)
        return page

    def check_problem(self, answer, status):
        self.assertEqual(answer.status, status)
        self.assertEqual(answer.fields["content-type"], "application/problem+json")
        self.assertEqual(answer.json()["status"], status)
        self.assertIn("Accept", answer.fields["vary"].split(", "))

    def test_a_browser_sees_a_page_where_a_script_reads_a_problem(self):
        cases = [("no route", "GET", "/a/b/c/d", 404), ("of the API", "GET", "/api/v1/nothing", 404),
                 ("one of the API's own", "GET", "/api/v1/mirrors/nothing", 404),
                 ("a method", "DELETE", "/help", 405), ("a bad escape", "GET", "/%zz", 400),
                 ("leads out", "GET", "/../etc/passwd", 400)]
        with self.serving() as service, service.client() as client:
            for why, method, path, status in cases:
                with self.subTest(why):
                    self.check_page(client.ask(path, method, Accept=BROWSER), status)
                    self.check_problem(client.ask(path, method, Accept="*/*"), status)
                    self.check_problem(client.ask(path, method), status)
            refused = client.ask("/help", "DELETE", Accept=BROWSER)
            self.assertEqual(refused.fields["allow"], "GET, HEAD, OPTIONS")

    def test_what_was_asked_for_is_text_on_the_page(self):
        with self.serving() as service:
            answer = service.ask("/a/b/%3Cscript%3Ealert(1)%3C/script%3E/%22%27%3E", Accept=BROWSER)
            page = self.check_page(answer, 404)
            self.assertNotIn("script", page.tags)
            self.assertIn("<script>alert(1)</script>/\"'>", page.text)

    def test_what_cannot_be_read_is_refused_with_a_page(self):
        accept = f"Accept: {BROWSER}\r\n"
        cases = [("a long body", f"POST /help HTTP/1.1\r\nHost: a\r\n{accept}Content-Length: 1001\r\n\r\n", 413),
                 ("two lengths", f"POST /help HTTP/1.1\r\nHost: a\r\n{accept}Content-Length: 1\r\n"
                                 "Content-Length: 2\r\n\r\n", 400),
                 ("a slow body", f"POST /help HTTP/1.1\r\nHost: a\r\n{accept}Content-Length: 5\r\n\r\n", 408)]
        with self.serving("--max-body-bytes", 1000, "--body-timeout", 0.3) as service:
            for why, request, status in cases:
                with self.subTest(why), service.client() as client:
                    answer = client.send(request).answer()
                    self.check_page(answer, status)
                    self.assertEqual(answer.fields["connection"], "close")

    def test_below_a_base_path_the_way_back_stays_there(self):
        with self.serving("--base-path", BASE) as service:
            for path in (BASE + "/a/b/c/d", "/elsewhere", BASE + "/%zz"):
                answer = service.ask(path, Accept=BROWSER)
                self.check_page(answer, answer.status, BASE)

    def test_head_is_without_the_page(self):
        with self.serving() as service, service.client() as client:
            self.assertEqual(client.ask("/a/b/c/d", "HEAD", Accept=BROWSER).status, 404)
            self.assertEqual(client.ask("/healthz").status, 200)

    def test_a_name_of_a_page_is_refused_to_a_distribution(self):
        for name in ("help", "compare", "mirror", "assets", "api", "admin", "login", "mirrors.txt"):
            path = self.write("c.toml", f'[[distribution]]\nname = "{name}"\n')
            refused = self.run_program("catalog", "load", path)
            self.assertEqual(refused.status, 2, name)
            self.assertIn(f'cannot be called "{name}"', refused.err)


if __name__ == "__main__":
    unittest.main()
