#!/usr/bin/python3
"""Changes over HTTP as those who make them meet them: admins, owners, browsers, and the others."""

import datetime
import html
import re
import signal
import unittest
import urllib.parse

from asker import Asker, FORM
from debian_catalog import debian, mirror
from html_page import Page
from http_service import serving, Service
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest

API = "/api/v1/mirrors/fine"


def hidden(page, name):
    """The value of a hidden field of a page."""
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.body.decode())[1])


@on_each_database
class Changes(ProbingTest):
    def setUp(self):
        super().setUp()
        self.answers = True
        self.server = LoopbackMirrors(self.respond, ["127.0.9.1", "127.0.9.2"])
        self.addCleanup(self.server.close)
        self.write("c.toml", debian(admins=["Carol <carol@example.org>"]) + mirror("fine", self.server.url("/", "127.0.9.1"))
                   + mirror("other", self.server.url("/", "127.0.9.2")))
        self.run_ok("catalog", "load", "c.toml")
        self.run_ok("probe")

    def respond(self, _host, _method, path):
        return Answer(200 if self.answers and path.startswith("/dists/") else 404)

    def token(self, kind="admin", name="alice", expires="1w"):
        return self.run_ok("token", "create", "--for", kind, name, "--expires", expires).out.strip()

    def bearer(self, service, *of):
        return Asker(service, Authorization=f"Bearer {self.token(*of)}")

    def shown(self, name="fine"):
        return self.json("mirror", "show", name)

    def audit(self, name="fine"):
        return [(line["who"], line["what"], line["why"] or "") for line in self.shown(name)["audit"]]

    def check_problem(self, answer, status, part):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.fields["content-type"], "application/problem+json")
        self.assertIn(part, answer.json()["detail"])

    def check_schemas(self, service, path, sent, answer):
        """What was sent and what came back are as the OpenAPI document says."""
        try:
            import jsonschema
        except ImportError:
            return
        document = service.ask("/api/v1/openapi.json").json()
        post = document["paths"][path]["post"]

        def check(value, content):
            schema = {**content["schema"], "components": document["components"]}
            jsonschema.Draft202012Validator(schema).validate(value)

        if answer.status < 300:
            check(sent, post["requestBody"]["content"]["application/json"])
        check(answer.json(), post["responses"][str(answer.status)]["content"][answer.fields["content-type"]])

    def test_an_admin_changes_everything_and_the_next_answer_shows_it(self):
        with serving(self.folder, self.database, "--no-access-log") as service:
            alice = self.bearer(service)
            steps = [
                ("disable", {"reason": "moves house"}, 200, {"enabled": False, "disabled_reason": "moves house"}),
                ("disable", {"reason": "again"}, 200, {"enabled": False, "disabled_reason": "moves house"}),
                ("enable", {"reason": "moved"}, 200, {"enabled": True}),
                ("enable", {}, 200, {"enabled": True}),
                ("edit", {"official_candidate": True, "speed": "10G", "country": "FR"}, 200, {"speed": "10G"}),
                ("review", {"status": "OFFICIAL", "reason": "fast"}, 200, {"official": True}),
                ("review", {"status": "OFFICIAL"}, 200, {"official": True}),
                ("maintenance", {"until": None}, 200, {"maintenance_until": None}),
                ("probe", {}, 202, {}),
                ("probe", {}, 200, {}),
            ]
            changed = []
            for name, fields, status, expected in steps:
                answer = alice.post(f"{API}/{name}", fields)
                self.assertEqual(answer.status, status, answer)
                self.check_schemas(service, "/api/v1/mirrors/{name}/" + name, fields, answer)
                self.assertEqual(answer.json()["mirror"], "fine")
                changed.append(answer.json()["changed"])
                details = service.ask(API).json()  # at once: nothing is waited for here
                self.assertEqual({key: details[key] for key in expected}, expected, name)
            self.assertEqual(changed, [True, False, True, False, True, True, False, False, True, False])
        self.assertEqual(self.audit()[1:], [
            ("alice", "disabled", "moves house"), ("alice", "enabled", "moved"),
            ("alice", "changed country, speed, official_candidate", ""), ("alice", "status OFFICIAL", "fast"),
            ("alice", "probe requested", "")])

    def test_owners_and_admins_are_mailed_of_a_disabling_unless_told_not_to(self):
        with serving(self.folder, self.database, "--no-access-log") as service:
            alice = self.bearer(service)
            self.assertEqual(alice.post(f"{API}/disable", {"reason": "no <TLS>"}).json()["mails"], 2)
            alice.post("/api/v1/mirrors/other/disable", {"reason": "x", "notify_owner": False})
        mails = self.json("outbox", "list")
        self.assertEqual([(mail["mirror"], mail["to"]["address"]) for mail in mails],
                         [("fine", "olga@fine.example.org"), ("fine", "carol@example.org"), ("other", "carol@example.org")])
        self.assertIn("> no <TLS>", mails[0]["body"])

    def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing(self):
        with serving(self.folder, self.database, "--no-access-log") as service:
            alice = self.bearer(service)
            before = self.shown(), self.json("outbox", "list")
            for name, fields, status, part in [
                ("disable", {}, 422, '"reason" should be why'),
                ("disable", {"reason": " \n"}, 422, '"reason" should be why'),
                ("disable", {"reason": 7}, 422, '"reason" should be one text'),
                ("disable", {"reason": "x\u0000"}, 422, "no plain UTF-8 text"),
                ("disable", {"reason": "x", "notify": False}, 422, 'no field "notify" here'),
                ("disable", {"reason": "x", "notify_owner": "no"}, 422, "true or false"),
                ("review", {}, 422, "PENDING_REVIEW, UNOFFICIAL, OFFICIAL, BROKEN"),
                ("review", {"status": "GOOD"}, 422, "PENDING_REVIEW"),
                ("maintenance", {}, 422, "when it is over"),
                ("maintenance", {"until": "2020-01-01T00:00:00Z"}, 422, "in the future"),
                ("maintenance", {"until": "2999-01-01T00:00:00Z"}, 422, "a year away at most"),
                ("maintenance", {"until": "tomorrow"}, 422, "a time such as"),
                ("edit", {}, 422, "Nothing is said"),
                ("edit", {"http_url": "ftp://x.example.org/"}, 422, "http_url: "),
                ("edit", {"http_url": ""}, 422, "a mirror needs a URL"),
                ("edit", {"country": "XX"}, 422, 'country: "XX" is no country'),
                ("edit", {"speed": "3M"}, 422, "one of 128K"),
                ("edit", {"owners": []}, 422, "Nothing is said"),
                ("edit", {"owners": ["nobody"]}, 422, "owner: "),
                ("edit", {"status": "OFFICIAL"}, 422, 'no field "status" here'),
                ("edit", {"http_url": self.server.url("/", "127.0.9.2")}, 409, "other"),
            ]:
                with self.subTest(name=name, fields=fields):
                    answer = alice.post(f"{API}/{name}", fields)
                    self.check_problem(answer, status, part)
                    self.check_schemas(service, "/api/v1/mirrors/{name}/" + name, fields, answer)
            self.check_problem(alice.post("/api/v1/mirrors/nobody/enable"), 404, '"nobody"')
            self.check_problem(alice.send("POST", f"{API}/enable", "{", Content_Type="application/json"), 400, "JSON")
            self.check_problem(alice.send("POST", f"{API}/enable", "[]", Content_Type="application/json"), 400, "JSON")
            deep = '{"reason":' + "[" * 5000 + "]" * 5000 + "}"
            self.check_problem(alice.send("POST", f"{API}/enable", deep, Content_Type="application/json"), 400, "JSON")
            self.check_problem(alice.submit(f"{API}/enable", {"reason": "x"}), 415, "application/json")
            self.assertEqual(alice.get(f"{API}/enable").status, 405)
            self.assertEqual((self.shown(), self.json("outbox", "list")), before)

    def test_an_owner_may_do_what_owners_may_and_nothing_else(self):
        with serving(self.folder, self.database, "--no-access-log") as service:
            owner = self.bearer(service, "mirror", "fine")
            for name in ("enable", "disable", "review"):
                self.check_problem(owner.post(f"{API}/{name}", {"reason": "x"}), 403, "Only an admin")
            self.check_problem(owner.post("/api/v1/mirrors/other/probe"), 403, "for the mirror fine")
            for fields in ({"whiteboard": "x"}, {"http_url": "http://127.0.9.9/"}, {"owners": ["a@example.org"]},
                           {"content": "RELEASE"}):
                self.check_problem(owner.post(f"{API}/edit", fields), 403, "An owner may change these fields")
            self.assertEqual(owner.post(f"{API}/edit", {"speed": "1G", "display_name": "Fine"}).status, 200)
            self.assertEqual(owner.post(f"{API}/probe").status, 202)
            again = owner.post(f"{API}/probe")
            self.check_problem(again, 429, "ask again after")
            self.assertTrue(3500 < int(again.fields["retry-after"]) <= 3600, again.fields)
        number = self.json("token", "list")[0]["id"]
        self.assertEqual(self.audit()[1:], [(f"owner with token {number}", "changed display_name, speed", ""),
                                            (f"owner with token {number}", "probe requested", "")])
        self.assertEqual(self.shown()["display_name"], "Fine")

    def test_no_token_or_a_bad_one_is_refused_and_told_without_its_secret(self):
        with serving(self.folder, self.database) as service:
            nobody = Asker(service)
            self.check_problem(nobody.post(f"{API}/enable"), 401, "Authorization: Bearer")
            text = self.token()
            alice = Asker(service, Authorization=f"Bearer {text}")
            self.assertEqual(alice.post(f"{API}/enable").status, 200)
            self.run_ok("token", "revoke", 1)
            self.check_problem(alice.post(f"{API}/enable"), 401, "was revoked")  # at once
            wrong = text[:-8] + "00000000"
            self.check_problem(Asker(service, Authorization=f"Bearer {wrong}").post(f"{API}/enable"), 401, "no such token")
            service.wait_for_line("log-in from 127.0.0.1 refused: There is no such token.")
            for line in service.errors:
                self.assertNotIn(text[5:], line)
                self.assertNotIn(wrong[5:], line)
        self.assertEqual([token["state"] for token in self.json("token", "list", "--all")], ["revoked"])
        self.assertIsNotNone(self.json("token", "list", "--all")[0]["last_used"])

    def test_failed_log_ins_are_slowed(self):
        with serving(self.folder, self.database, "--no-access-log") as service:
            good = self.token()
            bad = Asker(service, Authorization="Bearer mw_1_x").text("POST", f"{API}/enable")
            then = Asker(service, Authorization=f"Bearer {good}").text("POST", f"{API}/enable")
            form = Asker(service).text("POST", "/login", f"token={good}", Content_Type=FORM)
            with service.client() as client:  # in one go: the first pause is a second long
                client.send(5 * bad + then + form)
                failed = [client.answer("POST").status for _ in range(5)]
                slowed, page = client.answer("POST"), client.answer("POST")
        self.assertEqual(failed, [401] * 5)
        self.check_problem(slowed, 429, "failed to log in too often")
        self.assertEqual(slowed.fields["retry-after"], "1")
        self.assertEqual(page.status, 429)
        self.assertNotIn("set-cookie", page.fields)

    def test_only_a_hash_is_kept_of_what_was_printed_once(self):
        text = self.token()
        secret = text.split("_")[2]
        self.assertRegex(text, r"^mw_1_[0-9a-f]{64}$")
        self.assertNotIn(secret, self.run_ok("token", "list", "--all").out)
        self.assertNotIn(secret, self.run_ok("token", "list", "--all", "--json").out)
        if self.database.startswith("sqlite:"):
            with open(self.database.partition(":")[2], "rb") as file:
                content = file.read()
            self.assertNotIn(secret.encode(), content)
            self.assertNotIn(bytes.fromhex(secret), content)

    def test_a_browser_logs_in_changes_by_forms_and_logs_out(self):
        with serving(self.folder, self.database, "--base-path", "/b", "--no-access-log") as service:
            page = Asker(service).get("/b/login?next=/mirror/fine")
            self.assertEqual(page.fields["cache-control"], "no-store")
            self.assertEqual(hidden(page, "next"), "/mirror/fine")
            answer = Asker(service).submit("/b/login", {"token": f" {self.token()}\n", "next": "/mirror/fine"})
            self.assertEqual((answer.status, answer.fields["location"]), (303, "/b/mirror/fine"))
            self.assertNotIn("access-control-allow-origin", answer.fields)
            cookie, *rest = answer.fields["set-cookie"].split("; ")
            self.assertEqual(set(rest), {"Path=/b", "Max-Age=43200", "HttpOnly", "SameSite=Strict"})
            browser = Asker(service, Cookie=cookie, Sec_Fetch_Site="same-origin")
            page = browser.get("/b/login")
            self.assertIn("the admin alice", page.body.decode())
            key = hidden(page, "csrf")
            fields = {"reason": "moves", "csrf": key}

            self.assertEqual(browser.submit("/b/mirror/fine/disable", {"reason": "moves"}).status, 403)
            self.assertEqual(browser.submit("/b/mirror/fine/disable", {**fields, "csrf": "0" * 64}).status, 403)
            self.assertEqual(browser.submit("/b/mirror/fine/disable", fields, Sec_Fetch_Site="cross-site").status, 403)
            self.assertEqual(browser.send("POST", "/b/mirror/fine/disable", "{}", Content_Type="text/plain").status, 415)
            self.assertTrue(self.shown()["enabled"])
            answer = browser.submit("/b/mirror/fine/disable", fields)
            self.assertEqual((answer.status, answer.fields["location"]), (303, "/b/mirror/fine"))
            self.assertIn("moves", browser.get("/b/mirror/fine").body.decode())
            self.assertIn("moves", Asker(service).get("/b/mirror/fine").body.decode())
            answer = browser.submit("/b/mirror/fine/enable", {"csrf": key, "next": "//evil.example.org/"})
            self.assertEqual(answer.fields["location"], "/b/")
            fault = browser.submit("/b/mirror/fine/disable", {"csrf": key})
            self.assertEqual((fault.status, fault.fields["content-type"]), (422, "text/html; charset=utf-8"))

            self.assertEqual(browser.submit("/b/logout", {"csrf": key}).status, 303)
            self.assertEqual(browser.submit("/b/mirror/fine/disable", fields).status, 401)

    def test_a_session_ends_with_its_token(self):
        with serving(self.folder, self.database, "--no-access-log") as service:
            cookie = Asker(service).submit("/login", {"token": self.token()}).fields["set-cookie"].split(";")[0]
            browser = Asker(service, Cookie=cookie)
            self.assertIn("the admin alice", browser.get("/login").body.decode())
            self.run_ok("token", "revoke", 1)
            self.assertNotIn("alice", browser.get("/login").body.decode())

    def test_a_change_that_was_answered_is_there_after_the_service_was_killed(self):
        service = Service(self.folder, self.database, "--no-access-log")
        self.addCleanup(service.kill)
        alice = self.bearer(service)
        self.assertEqual(alice.post(f"{API}/disable", {"reason": "x"}).status, 200)
        service.stop(signal.SIGKILL)
        self.assertFalse(self.shown()["enabled"])
        self.assertEqual(len(self.json("outbox", "list")), 2)
        self.assertEqual(self.audit()[-1], ("alice", "disabled", "x"))

    def test_a_probe_that_was_asked_for_is_made_by_the_next_run_and_once(self):
        self.assertEqual(self.run_ok("probe", "--requested").err, "")
        with serving(self.folder, self.database, "--no-access-log") as service:
            self.bearer(service).post("/api/v1/mirrors/other/probe")
        self.assertIn("Probed 1 mirror.", self.run_ok("probe", "--requested").err)
        self.assertEqual(len(self.shown("other")["probes"]), 2)
        self.assertEqual(len(self.shown("fine")["probes"]), 1)
        self.assertEqual(self.run_ok("probe", "--requested").err, "")

    def lose_everything(self, config):
        """`fine` has lost everything: its owner is told."""
        self.answers = False
        self.run_program("probe", "--mirror", "fine", "--force", env={"MIRRORWARDEN_CONFIG": config})
        self.answers = True
        return {mail["to"]["address"]: mail["body"] for mail in self.json("outbox", "list", "--all")}

    def test_owners_get_a_link_that_needs_no_account(self):
        config = str(self.write("s.toml", '[serve]\npublic_url = "https://status.example.org"\nbase_path = "/b"\n'))
        bodies = self.lose_everything(config)
        self.assertNotIn("https://status.example.org", bodies["carol@example.org"])
        link = re.search(r"^  (https://status\.example\.org(/b/owner/fine\?\S+))$", bodies["olga@fine.example.org"], re.M)
        with serving(self.folder, self.database, "--base-path", "/b", "--no-access-log") as service:
            owner = Asker(service)
            before = self.shown()
            page = owner.get(link[2])
            self.assertEqual(page.status, 200)
            self.assertIn("Check again now", page.body.decode())
            self.assertEqual(self.shown(), before)  # who only looks changes nothing
            fields = {name: hidden(page, name) for name in ("expires", "proof", "csrf")}

            answer = owner.submit("/b/owner/fine/probe", fields)
            self.assertEqual((answer.status, answer.fields["location"]), (303, link[2]))
            self.assertIn("A check was asked for", owner.get(link[2]).body.decode())
            again = owner.submit("/b/owner/fine/probe", fields)
            self.assertEqual(again.status, 429)
            self.assertIn("retry-after", again.fields)
            until = {"until": "2099-01-01T10:00", "reason": "new disks"}
            self.assertEqual(owner.submit("/b/owner/fine/maintenance", {**fields, **until}).status, 422)
            day = self.now_plus_days(1)
            answer = owner.submit("/b/owner/fine/maintenance", {**fields, "until": day, "reason": "new disks"})
            self.assertEqual(answer.status, 303, answer)
            self.assertEqual(service.ask("/b/api/v1/mirrors/fine").json()["maintenance_until"], day + ":00Z")
            self.assertEqual(owner.submit("/b/owner/fine/maintenance", {**fields, "end": "true"}).status, 303)

            proof = fields["proof"]
            for why, path, bad in [
                ("another proof", "fine", {"proof": proof[:-1] + ("0" if proof[-1] != "0" else "1")}),
                ("a longer life", "fine", {"expires": str(int(fields["expires"]) + 1)}),
                ("another mirror", "other", {}),
                ("no proof", "fine", {"proof": ""}),
            ]:
                with self.subTest(why):
                    sent = {**fields, **bad}
                    query = urllib.parse.urlencode({key: sent[key] for key in ("expires", "proof")})
                    self.assertEqual(owner.get(f"/b/owner/{path}?{query}").status, 403)
                    self.assertEqual(owner.submit(f"/b/owner/{path}/maintenance", {**sent, "end": "true"}).status, 403)
            self.assertEqual(owner.submit("/b/owner/fine/probe", fields, Origin="https://evil.example.org").status, 403)
            reason = "<script>alert(1)</script> \u202e\"'"
            self.run_ok("mirror", "disable", "fine", "--reason", reason)
            page = owner.get(link[2])
            self.assertNotIn("<script>alert", page.body.decode())
            self.assertIn(reason, Page(page.body).text)
            self.assertEqual(owner.submit("/b/owner/fine/probe", fields).status, 409)
            self.assertEqual(owner.send("HEAD", link[2]).status, 200)
            self.run_ok("token", "rotate-links")
            self.assertEqual(owner.get(link[2]).status, 403)
            self.assertNotIn("proof", "".join(service.errors))
        self.assertEqual([line[:2] for line in self.audit()[2:-1]], [
            ("owner with a link from a mail", "probe requested"),
            ("owner with a link from a mail", f"maintenance until {day}:00Z"),
            ("owner with a link from a mail", "maintenance ended")])

    def test_without_a_public_address_mails_have_no_link(self):
        bodies = self.lose_everything(str(self.write("s.toml", "[serve]\n")))
        self.assertNotIn("/owner/", bodies["olga@fine.example.org"])

    def now_plus_days(self, days):
        moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
        return moment.strftime("%Y-%m-%dT%H:%M")


if __name__ == "__main__":
    unittest.main()
