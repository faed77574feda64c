"""What tests share that log in to the service: some mirrors that were probed, secrets that strangers
never see, and a page that is checked as it is read."""

import datetime
import re

from debian_catalog import debian, mirror
from loopback_mirrors import Answer, LoopbackMirrors
from probing_testing import ProbingTest

SECRET = "sEcReT"
HOSTILE = '<script id="injected">alert(1)</script>"\'& \u202e'
NAMES = ("fine", "gone", "other")


class PrivatePagesTest(ProbingTest):
    """A ProbingTest of the mirrors `NAMES`, of which "gone" has nothing."""

    def setUp(self):
        super().setUp()
        hosts = {name: f"127.0.10.{number}" for number, name in enumerate(NAMES, 1)}
        self.server = LoopbackMirrors(self.respond, list(hosts.values()))
        self.addCleanup(self.server.close)
        statuses = {"fine": "OFFICIAL", "gone": "PENDING_REVIEW", "other": "PENDING_REVIEW"}
        self.write("c.toml", debian(admins=[f"{SECRET} Carol <carol@example.org>"]) + "".join(
            mirror(name, self.server.url("/", hosts[name]), status=statuses[name], whiteboard=f"{SECRET} {HOSTILE}",
                   owner=f"{SECRET} Olga <olga-{name}@example.org>") for name in NAMES))
        self.run_ok("catalog", "load", "c.toml")
        self.run_ok("probe", "--no-owner-notification")

    def respond(self, host, _method, path):
        return Answer(200 if host != "127.0.10.2" and path.startswith("/dists/") else 404)

    def token(self, kind="admin", name="alice"):
        return self.run_ok("token", "create", "--for", kind, name, "--expires", "30d").out.strip()

    def shown(self, name):
        return self.json("mirror", "show", name)

    def audit(self, name):
        return [(line["who"], line["what"], line["why"]) for line in self.shown(name)["audit"]]

    def check(self, browser, path=None):
        """A page that is whole, runs nothing that somebody wrote, and is kept by nobody."""
        page = browser.open(path) if path else browser.page
        self.assertEqual(browser.status, 200, browser.answer.body[:2000])
        self.assertEqual(browser.answer.fields["cache-control"], "no-store", path)
        self.assertNotIn("injected", page.ids, path)
        self.assertEqual(page.tags.count("h1"), 1, path)
        self.assertNotIn("style", page.attributes, path)
        for form in page.forms:
            if form.method == "post":
                self.assertTrue(dict(form.fields).get("csrf") or form.action.endswith("/login"), (path, form.action))
        return page

    def now_says(self, browser, words):
        """The page that a form led to shows what the form changed."""
        self.assertIn(words, re.sub(r"\s+", " ", browser.page.text))
        return browser.page

    def soon(self):
        return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
