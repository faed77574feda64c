#!/usr/bin/python3
"""The pages of admins, as a browser without scripts uses them: look, fill in forms, send them."""

import re
import threading
import unittest
import urllib.parse

from form_browser import Browser
from http_service import serving
from loopback_mirrors import Answer
from mirrorwarden_testing import on_each_database
from private_pages import HOSTILE, SECRET, PrivatePagesTest


@on_each_database
class AdminPages(PrivatePagesTest):
    def test_every_page_is_for_admins_alone(self):
        paths = ["/admin", "/admin/reviews", "/admin/mirrors", "/admin/runs", "/admin/outbox", "/admin/audit",
                 "/admin/tokens"]
        with serving(self.folder, self.database) as service:
            stranger = Browser(service)
            owner = Browser(service)
            owner.log_in(self.token("mirror", "fine"))
            admin = Browser(service)
            admin.log_in(self.token())
            for path in paths:
                with self.subTest(path):
                    stranger.open(path)
                    self.assertTrue(stranger.path.startswith("/login?next="), stranger.path)
                    self.assertNotIn(SECRET.encode(), stranger.answer.body)
                    owner.open(path)
                    self.assertEqual(owner.status, 403)
                    self.assertIn("Only an admin", owner.page.text)
                    self.check(admin, path)
                    for link in admin.page.links:
                        self.assertTrue(link.startswith(("/", "#", "http://127.0.10.")), link)
            for path, fields in (("/admin/tokens", "scope=admin&holder=eve&days=9"), ("/admin/mirrors/preview", "action=disable"),
                                 ("/admin/mirrors/confirm", "action=enable&seen="), ("/admin/outbox/1/discard", "")):
                with self.subTest(path):
                    stranger.send("POST", path, fields)
                    self.assertEqual(stranger.status, 401)
                    admin.send("POST", path, fields)  # without the key of the session's forms
                    self.assertEqual(admin.status, 403)
            self.assertEqual([token["name"] for token in self.json("token", "list")], ["fine", "alice"])

    def test_every_link_of_an_admin_leads_to_a_page(self):
        with serving(self.folder, self.database, "--base-path", "/branch1/ubuntu") as service:
            admin = Browser(service, "/branch1/ubuntu")
            admin.log_in(self.token())
            self.assertEqual(admin.path, "/branch1/ubuntu/admin")
            waiting, seen = {"/branch1/ubuntu/admin"}, set()
            while waiting:
                path = waiting.pop()
                seen.add(path)
                page = admin.open(path)
                if page is None:
                    continue
                self.assertEqual(admin.status, 200, path)
                for link in page.links:
                    there = urllib.parse.urldefrag(urllib.parse.urljoin(path, link)).url
                    if there.startswith("/"):
                        self.assertTrue(there.startswith("/branch1/ubuntu"), (path, there))
                        posted = [form.action for form in page.forms if form.method == "post"]
                        if "/admin" in there and there not in posted:
                            waiting |= {there} - seen
            self.assertGreater(len(seen), 8)

    def test_a_review_is_made_where_the_evidence_is(self):
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            page = self.check(admin, "/admin/reviews")
            self.assertIn(HOSTILE, page.text)  # the notes
            self.assertIn("olga-other@example.org", page.text)
            self.assertIn("found 0 of 2", page.text)
            admin.submit(page.form("/mirror/other/review"), button="OFFICIAL", reason="looks well")
            self.assertEqual(admin.path, "/admin/reviews")
            page = self.now_says(admin, "1 mirror to look at")
            self.assertNotIn("/mirror/other", page.links)
            self.assertEqual(self.shown("other")["status"], "OFFICIAL")
            self.assertIn(("alice", "status OFFICIAL", "looks well"), self.audit("other"))
            admin.submit(page.form("/mirror/gone/review"), button="BROKEN", reason=HOSTILE)
            self.now_says(admin, "No mirror waits")
            self.assertEqual(self.shown("gone")["status"], "BROKEN")

    def test_many_are_changed_after_a_look_at_what_would_happen(self):
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            page = self.check(admin, "/admin/mirrors?state=enabled")
            self.assertIn("/mirror/fine", page.links)
            self.assertNotIn("/mirror/gone", page.links)
            page = self.check(admin, "/admin/mirrors")
            admin.submit(page.form("/preview"), mirror=["fine", "other", "gone"], action="disable", reason=HOSTILE,
                         notify_owner="true")
            page = self.check(admin)
            self.assertIn("3 mirrors would change, and 6 mails would be written", page.text)
            self.assertIn("olga-fine@example.org", page.text)
            self.assertIn("Nothing was changed yet", page.text)
            self.assertTrue(self.shown("fine")["enabled"])
            # Somebody else is quicker with one of them.
            self.run_ok("mirror", "maintenance", "other", "--until", self.soon(), "--reason", "new disks")
            confirmed = page.form("/confirm").filled()
            admin.send("POST", "/admin/mirrors/confirm", confirmed)
            page = self.check(admin)
            self.assertIn("It changed meanwhile", page.text)
            self.assertTrue(self.shown("other")["enabled"])
            for name in ("fine", "gone"):
                self.assertFalse(self.shown(name)["enabled"])
                self.assertIn(("alice", "disabled", HOSTILE), self.audit(name))
            self.assertIn("olga-fine@example.org", [mail["to"]["address"] for mail in self.json("outbox", "list")])

            # Sent again, as by a reload: nothing happens twice.
            before = self.audit("fine")
            admin.send("POST", "/admin/mirrors/confirm", confirmed)
            self.assertEqual(self.audit("fine"), before)

    def test_what_cannot_be_done_is_told_on_the_page_of_the_form(self):
        cases = [("no mirror", {"action": "enable"}, "Choose at least one"),
                 ("no action", {"mirror": ["fine"]}, "Say what is to be done"),
                 ("no reason", {"mirror": ["fine"], "action": "disable"}, "Say why"),
                 ("no status", {"mirror": ["fine"], "action": "review"}, "Say what the review came to"),
                 ("a past time", {"mirror": ["fine"], "action": "maintenance", "until": "2020-01-01T00:00"}, "in the future"),
                 ("a long reason", {"mirror": ["fine"], "action": "disable", "reason": "A" * 60_000}, "longer than")]
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            for why, fields, words in cases:
                with self.subTest(why):
                    page = admin.open("/admin/mirrors")
                    admin.submit(page.form("/preview"), **fields)
                    self.assertEqual(admin.status, 422)
                    self.assertIn(words, admin.page.text)
            self.assertTrue(self.shown("fine")["enabled"])

    def test_each_action_does_what_its_preview_says(self):
        until = self.soon()[:16]
        cases = [({"action": "maintenance", "until": until, "reason": "new disks"}, "is in maintenance until", "maintenance until"),
                 ({"action": "end-maintenance"}, "is judged by its probes again", "maintenance ended"),
                 ({"action": "probe"}, "is probed by the next run", "probe requested"),
                 ({"action": "review", "status": "UNOFFICIAL"}, "is UNOFFICIAL from now on", "status UNOFFICIAL"),
                 ({"action": "disable", "reason": "moves"}, "is switched off", "disabled"),
                 ({"action": "enable"}, "is listed and probed again", "enabled")]
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            for fields, effect, entry in cases:
                with self.subTest(fields["action"]):
                    page = admin.open("/admin/mirrors?name=fin")
                    admin.submit(page.form("/preview"), all="true", **fields)
                    self.assertIn(effect, self.check(admin).text)
                    self.assertIn("1 mirror would change", admin.page.text)
                    admin.submit(admin.page.form("/confirm"))
                    self.assertIn("done", self.check(admin).text)
                    self.assertTrue(self.audit("fine")[-1][1].startswith(entry), self.audit("fine"))

    def test_the_audit_of_all_mirrors_is_filtered_and_turned_over(self):
        for number in range(60):
            self.run_ok("mirror", "disable", "fine", "--reason", f"reason {number}", "--no-owner-notification")
            self.run_ok("mirror", "enable", "fine", "--reason", HOSTILE)
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            page = self.check(admin, "/admin/audit")
            rows = []
            while True:
                rows += re.findall(r"reason \d+", page.text)
                older = [link for link in page.links if "cursor=" in link]
                if not older:
                    break
                page = self.check(admin, older[0])
            self.assertEqual(rows, [f"reason {number}" for number in reversed(range(60))])
            page = self.check(admin, "/admin/audit?who=prober")
            self.assertNotIn("reason", page.text.replace("reason,", ""))
            self.assertIn("/mirror/gone", page.links)
            self.check(admin, "/admin/audit?mirror=fine&who=&since=2020-01-01&until=2020-01-02")
            self.assertIn("Nothing is like that", admin.page.text)
            for bad in ("since=yesterday", "cursor=zz", "colour=red"):
                admin.open("/admin/audit?" + bad)
                self.assertEqual(admin.status, 400)

    def test_a_token_is_made_shown_once_used_and_revoked(self):
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            page = self.check(admin, "/admin/tokens")
            admin.submit(page.form("/admin/tokens"), scope="mirror", holder="fine", days="7")
            token = re.search(r"mw_\d+_[0-9a-f]{64}", self.check(admin).text)[0]
            self.assertNotIn(token, self.check(admin, "/admin/tokens").text)
            owner = Browser(service)
            owner.log_in(token)
            self.assertEqual(owner.path, "/mirror/fine")
            self.assertIn("For you, its owner", owner.page.text)

            number = token.split("_")[1]
            admin.submit(admin.page.form(f"/admin/tokens/{number}/revoke"))
            self.assertEqual(admin.path, "/admin/tokens")
            self.assertNotIn(f"/admin/tokens/{number}/revoke", admin.page.links)
            self.assertNotIn("For you, its owner", owner.open("/mirror/fine").text)
            for fields in ({"scope": "mirror", "holder": "nowhere", "days": "7"}, {"scope": "admin", "holder": "prober", "days": "7"},
                           {"scope": "admin", "holder": HOSTILE, "days": "7"}, {"scope": "admin", "holder": "bob", "days": "367"},
                           {"scope": "admin", "holder": "bob", "days": "0"}):
                admin.submit(admin.page.form("/admin/tokens"), **fields)
                self.assertEqual(admin.status, 422, fields)
                self.assertNotIn("injected", admin.page.ids)
            self.assertEqual(len(self.json("token", "list", "--all")), 2)

            for scope, holder, said in (("branch.report script.record", "puller-1", "the worker puller-1: branch.report, script.record"),
                                        ("mirror.sync", "fine", "the sync script of fine")):
                admin.submit(admin.page.form("/admin/tokens"), scope=scope, holder=holder, days="7")
                self.assertEqual(admin.status, 200)
                worker = Browser(service)
                worker.log_in(re.search(r"mw_\d+_[0-9a-f]{64}", admin.page.text)[0])
                self.assertEqual((worker.status, worker.path), (403, "/login"))
                self.assertIn("opens no page", worker.page.text)
                self.assertIn(said, self.check(admin, "/admin/tokens").text)
            for scope in ("", "owner", "admin script.record", "mirror.sync branch.report"):
                admin.submit(admin.page.form("/admin/tokens"), scope=scope, holder="fine", days="7")
                self.assertEqual(admin.status, 422, scope)
            self.assertEqual(len(self.json("token", "list", "--all")), 4)

    def test_mails_are_read_and_discarded(self):
        self.run_ok("mirror", "disable", "fine", "--reason", HOSTILE)
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            page = self.check(admin, "/admin/outbox")
            mails = self.json("outbox", "list")
            number = mails[-1]["id"]
            read = self.check(admin, f"/admin/outbox/{number}")
            self.assertIn(mails[-1]["body"].strip(), read.text)
            admin.submit(page.form(f"/admin/outbox/{number}/discard"))
            self.assertEqual(admin.path, "/admin/outbox")
            self.assertEqual([mail["id"] for mail in self.json("outbox", "list")], [mail["id"] for mail in mails[:-1]])
            admin.submit(page.form(f"/admin/outbox/{number}/discard"))
            self.assertEqual(admin.status, 404)
            for path in ("/admin/outbox/999", "/admin/outbox/x"):
                admin.open(path)
                self.assertEqual(admin.status, 404)

    def test_runs_say_how_far_they_are(self):
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            page = self.check(admin, "/admin/runs")
            self.assertIn("3 of 3", page.text)
            self.assertIn("No run is under way", page.text)
            self.assertNotIn("refresh", admin.answer.fields)

    def test_a_run_under_way_is_watched_without_scripts(self):
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            self.server.respond = lambda host, method, path: (
                Answer(never=True) if host == "127.0.10.3" else self.respond(host, method, path))
            run = self.start("probe", "--force")
            try:
                page = self.wait_for(admin, "/admin/runs", "under way, begun")
                self.assertEqual(admin.answer.fields["refresh"], "2")
                self.assertIn("progress", page.tags)
                self.assertIn("of 3 mirrors", page.text)
                self.check(admin, "/admin/runs?refresh=no")
                self.assertNotIn("refresh", admin.answer.fields)
                run.terminate()
                run.wait(30)
                page = self.wait_for(admin, "/admin/runs", "No run is under way")
                self.assertIn("interrupted", page.text)
            finally:
                run.kill()
                run.wait(30)

    def wait_for(self, browser, path, words):
        pause = threading.Event()
        for _ in range(600):
            page = browser.open(path)
            if words in re.sub(r"\s+", " ", page.text):
                return page
            pause.wait(0.05)
        raise AssertionError(page.text)


if __name__ == "__main__":
    unittest.main()
