#!/usr/bin/python3
"""Text that owners, admins and mirrors wrote is text wherever it is shown, whatever is in it:
pages, feeds, JSON, badges, metrics, lists, mail and the terminal."""

import csv
import io
import json
import os
import pty
import re
import unicodedata
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

from html_page import Page
from http_service import serving
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import run, start
from probing_testing import ProbingTest

INJECTED = "injected"
# What a browser, a terminal, an XML parser or a reader of lines could obey.
HOSTILE = (f'<script id="{INJECTED}">alert(1)</script> "\' onmouseover=alert(2) `>'
           f'<img src=x id={INJECTED} onerror=alert(3)> &lt;b&gt; ]]> --> {{{{title}}}} \\n \u202etxet\u2066')
LONG = HOSTILE + "A" * 10_000
LINES = f"one\n\nSite: {INJECTED}.example.org\nType: {INJECTED}\n# EOF\n{HOSTILE}"
SECRET = "sEcReT"
PUBLIC_PAGES = ("/", "/debian", "/debian/mirrors", "/debian/countries", "/debian/disabled",
                "/mirror/broken", "/mirror/off", "/compare?a=broken&b=off", "/help")
TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def quoted(text):
    """As a string of TOML: JSON's escapes are those of TOML."""
    return json.dumps(text)


def catalog(primary, broken, off):
    about = f"""
description = {quoted(LINES)}
whiteboard = {quoted(SECRET + LINES)}
owner = {quoted('"' + SECRET + HOSTILE[:20].replace('"', "").replace("<", "(").replace(">", ")") + '" <secret@example.org>')}
display_name = {quoted(HOSTILE[:180])}
distribution = "debian"
official_candidate = true
status = "OFFICIAL"
"""
    return f"""
[[distribution]]
name = "debian"
title = {quoted(HOSTILE[:180])}
primary_url = "{primary}"
admins = ["{SECRET} <secret@example.org>"]

[[distribution.series]]
name = "bookworm"
version = "12"
components = ["main"]
architectures = ["amd64"]

[[mirror]]
name = "broken"
country = "DE"
http_url = "{broken}"
{about}
[[mirror]]
name = "off"
country = "BR"
http_url = "{off}"
{about}
"""


def strange_characters(text):
    """What a terminal may obey, and what turns the direction of writing."""
    return {repr(c) for c in text if c not in "\n\t" and (unicodedata.category(c) == "Cc" or c in TURNING)}


class HostileText(ProbingTest):
    def setUp(self):
        super().setUp()
        hosts = ["127.0.9.1", "127.0.9.2", "127.0.9.3"]
        self.server = LoopbackMirrors(self.respond, hosts)
        self.addCleanup(self.server.close)
        urls = [self.server.url("/", host) for host in hosts]
        self.write("c.toml", catalog(urls[2], urls[0], urls[1]))
        self.run_ok("catalog", "load", "c.toml")
        self.run_ok("probe", "--no-owner-notification")
        self.run_program("mirror", "enable", "broken")
        self.run_ok("mirror", "disable", "off", "--reason", LONG, "--no-owner-notification")

    def respond(self, host, _method, path):
        """The first mirror says hostile things wherever it is asked."""
        if host != "127.0.9.1":
            return Answer(404 if host == "127.0.9.2" or not path.startswith("/dists/") else 200)
        if "project/trace" in path and path.endswith("/"):
            name = urllib.parse.quote(HOSTILE[:60])
            return Answer(200, body=f'<a href="{name}">{name}</a><a href="broken">broken</a>'.encode())
        if "project/trace" in path:
            return Answer(200, body=f"Sat Jan 10 12:00:00 UTC 2026\nUpstream-mirror: {HOSTILE}\n"
                                    f"Used ftpsync version: \x1b[31m{HOSTILE}\n".encode())
        if path.endswith("InRelease"):
            return Answer(200, body=f"Origin: {HOSTILE}\nSuite: {HOSTILE}\nCodename: {HOSTILE}\nDate: {HOSTILE}\n".encode())
        if path.endswith("/Release"):
            return Answer(200, body=f"Suite: \x1b]0;{HOSTILE}\x07\n".encode())
        if path.endswith("Packages.gz"):
            return Answer(302, (("Location", f"http://127.0.9.1:9/\x1b[31m{HOSTILE}".encode("utf-8").decode("latin-1")),))
        if path.endswith("Sources.gz"):
            return Answer(302, (("Location", "/\u202e<script>".encode().decode("latin-1")),))
        return Answer(404, (("Server", "x\x1b[31m<script>"),), body=LONG.encode())

    def serving(self):
        return serving(self.folder, self.database)

    def check_page(self, answer, path):
        self.assertEqual(answer.status, 200, path)
        page = Page(answer.body)
        self.assertNotIn(INJECTED, page.ids, path)
        self.assertNotIn("img", page.tags, path)
        for tag, attributes in page.elements:
            self.assertFalse([name for name in attributes if name.startswith("on")], (path, tag))
            if tag == "script":
                self.assertTrue(attributes.get("src", "").startswith("/assets/"), path)
        self.assertEqual(page.tags.count("h1"), 1, path)
        self.assertEqual(strange_characters(page.text) - {repr(c) for c in TURNING}, set(), path)
        return page

    def test_on_pages_it_is_text(self):
        with self.serving() as service:
            log = service.ask("/api/v1/mirrors/broken/probes").json()["probes"][0]["id"]
            for path in (*PUBLIC_PAGES, f"/mirror/broken/log/{log}"):
                self.check_page(service.ask(path), path)
            page = Page(service.ask("/mirror/off").body)
            self.assertIn(HOSTILE, page.text)
            # It is cut: a page stays a page.
            self.assertNotIn("A" * 5_000, page.text)

    def test_text_that_turns_its_direction_stays_in_its_place(self):
        """Each stands in an element of its own, where it ends."""
        with self.serving() as service:
            for path in PUBLIC_PAGES:
                body = service.ask(path).body.decode()
                for place in re.finditer("\u202e", body):
                    opened = re.findall(r"<(\w+)[^<>]*>[^<>]*$", body[:place.start()])
                    # A bdi, an element that is a block, a title or an attribute's value.
                    attribute = re.search(r'="[^"<>]*$', body[:place.start()])
                    self.assertTrue(attribute or (opened and opened[0] in
                                    ("bdi", "td", "th", "pre", "title", "h1", "dd", "option", "code", "p", "caption", "h2")),
                                    (path, body[place.start() - 150:place.start() + 5]))

    def test_in_feeds_and_badges_it_is_text(self):
        with self.serving() as service:
            for path in ("/feeds/all.atom", "/feeds/distribution/debian.atom", "/feeds/mirror/off.atom",
                         "/feeds/country/BR.atom", "/badge/broken.svg", "/badge/off.svg",
                         "/metalink?file=dists/bookworm/InRelease"):
                answer = service.ask(path)
                if answer.status == 404 and "metalink" in path:
                    continue  # nothing is known of the file
                self.assertEqual(answer.status, 200, path)
                root = ElementTree.fromstring(answer.body)
                tags = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
                self.assertFalse(tags & {"script", "img"}, path)
                self.assertNotIn(INJECTED, {element.get("id") for element in root.iter()}, path)
            self.assertIn("alert(1)", "".join(ElementTree.fromstring(service.ask("/feeds/all.atom").body).itertext()))

    def test_in_json_it_is_text(self):
        with self.serving() as service:
            for path in ("/api/v1/distributions", "/api/v1/distributions/debian", "/api/v1/mirrors", "/api/v1/events",
                         "/api/v1/mirrors/broken", "/api/v1/mirrors/off", "/api/v1/mirrors/off/events",
                         "/api/v1/mirrors/broken/history", "/api/v1/mirrors/broken/probes", "/mirrors/status/json"):
                answer = service.ask(path)
                self.assertEqual(answer.status, 200, path)
                answer.json()
            reasons = [event["reason"] for event in service.ask("/api/v1/events").json()["events"]]
            self.assertIn(LONG, reasons)
            self.assertEqual(service.ask("/api/v1/mirrors/off").json()["disabled_reason"], LONG)

    def test_in_lists_it_adds_no_line(self):
        with self.serving() as service:
            urls = {self.server.url("/", host) for host in ("127.0.9.1", "127.0.9.2", "127.0.9.3")}
            for path in ("/mirrors.txt", "/mirrors/DE.txt", "/mirrors/BR.txt"):
                lines = set(service.ask(path).body.decode().split())
                self.assertLessEqual(lines, urls, path)
            table = list(csv.DictReader(io.StringIO(service.ask("/mirrors.csv").body.decode(), newline="")))
            self.assertEqual([row["name"] for row in table], ["broken", "off"])
            self.assertEqual([row["display_name"] for row in table], [HOSTILE[:180]] * 2)
            self.assertIn("alert(1)", table[1]["disabled_reason"])
            for line in service.ask("/mirrorlist").body.decode().splitlines():
                self.assertIn(line.split("\t")[0], urls)
            sites = re.findall(r"(?m)^Site: (.*)$", service.ask("/Mirrors.masterlist").body.decode())
            self.assertNotIn(f"{INJECTED}.example.org", sites)
            for line in service.ask("/mirmon.state").body.decode().splitlines():
                self.assertIn(line.split(" ")[0], urls)

    def test_in_metrics_it_is_a_label(self):
        sample = re.compile(r'\w+(\{(\w+="([^"\\\n]|\\["\\n])*",?)*\})? \S+( \S+)?')
        with self.serving() as service:
            lines = service.ask("/metrics").body.decode().split("\n")
            self.assertEqual(lines[-2:], ["# EOF", ""])
            self.assertEqual(lines.count("# EOF"), 1)
            for line in lines[:-2]:
                self.assertTrue(line.startswith("# ") or sample.fullmatch(line), line)

    def test_what_is_private_is_shown_to_nobody(self):
        with self.serving() as service:
            for path in (*PUBLIC_PAGES, "/api/v1/mirrors", "/api/v1/mirrors/off", "/api/v1/distributions/debian",
                         "/api/v1/events", "/feeds/all.atom", "/metrics", "/Mirrors.masterlist",
                         "/mirmon.state", "/mirrors/status/json", "/mirrors.csv"):
                body = service.ask(path).body
                self.assertNotIn(SECRET.encode(), body, path)
                self.assertNotIn(b"secret@example.org", body, path)

    def test_a_terminal_is_not_told_what_to_do(self):
        commands = [("mirror", "list"), ("mirror", "show", "broken"), ("mirror", "show", "off"), ("log", "broken"),
                    ("log", "broken", "--list"), ("outbox", "list"), ("catalog", "show", "debian"),
                    ("policy", "replay", "debian")]
        for command in commands:
            with self.subTest(command):
                result = self.run_program(*command)
                self.assertIn(result.status, (0, 2), result.err)
                self.assertEqual(strange_characters(result.out + result.err), set())
        for command in (("mirror", "show", "broken"), ("log", "broken")):
            with self.subTest(command):
                # Our colours are all that is left.
                shown = re.sub(r"\x1b\[[0-9;]*m", "", self.on_a_terminal(*command)).replace("\r\n", "\n")
                self.assertEqual(strange_characters(shown), set())

    def on_a_terminal(self, *command):
        """What the program prints where its output is a terminal."""
        controller, terminal = pty.openpty()
        process = start(command, self.folder, self.database, env={"TERM": "xterm"}, stdout=terminal, stderr=terminal)
        os.close(terminal)
        shown = b""
        try:
            while data := os.read(controller, 65536):
                shown += data
        except OSError:
            pass  # the terminal's other end was closed
        os.close(controller)
        process.wait(30)
        return shown.decode("utf-8")

    def test_json_for_scripts_says_it_as_it_is(self):
        shown = json.loads(self.run_ok("mirror", "show", "off", "--json").out)
        self.assertEqual(shown["disabled_reason"], LONG)
        self.assertEqual(shown["whiteboard"], SECRET + LINES)
        for command in (("mirror", "list", "--json"), ("mirror", "show", "broken", "--json"),
                        ("log", "broken", "--list", "--json"), ("outbox", "list", "--json")):
            json.loads(self.run_ok(*command).out)

    def test_a_mail_has_no_line_that_it_should_not(self):
        for message in json.loads(self.run_ok("outbox", "list", "--json").out):
            self.assertNotIn("\n", message["subject"])
            self.assertEqual(strange_characters(message["body"]) - {repr(c) for c in TURNING}, set())


if __name__ == "__main__":
    unittest.main()
