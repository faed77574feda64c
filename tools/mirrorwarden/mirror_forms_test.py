#!/usr/bin/python3
"""The forms on a mirror's page, as its admins and its owner use them, and what others never see."""

import unittest

from form_browser import Browser
from http_service import serving
from mirrorwarden_testing import on_each_database
from private_pages import HOSTILE, SECRET, PrivatePagesTest


@on_each_database
class MirrorForms(PrivatePagesTest):
    def test_a_mirrors_page_has_its_forms_for_who_may_use_them(self):
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            page = self.check(admin, "/mirror/fine")
            self.assertIn(f"{SECRET} Olga <olga-fine@example.org>", page.text)
            self.assertIn(HOSTILE, page.text)
            self.assertEqual({form.action.rsplit("/", 1)[1] for form in page.forms if "/mirror/fine/" in form.action},
                             {"probe", "disable", "review", "maintenance", "edit"})
            admin.submit(page.form("/mirror/fine/disable"), reason=HOSTILE)
            self.assertEqual(admin.path, "/mirror/fine")
            page = self.now_says(admin, "Disabled by admin")
            admin.submit(page.form("/mirror/fine/enable"), reason="repaired")
            self.assertTrue(self.shown("fine")["enabled"])
            admin.submit(admin.page.form("/mirror/fine/probe"))
            self.assertIn("A probe was asked for", admin.page.text)
            admin.submit(admin.page.form("/mirror/fine/maintenance"), until=self.soon()[:16], reason="new disks")
            self.now_says(admin, "maintenance is over")

            # What is sent as it was shown changes nothing, and what is long is not cut.
            before = self.shown("fine")
            admin.submit(admin.page.form("/mirror/fine/edit"))
            after = self.shown("fine")
            self.assertEqual((after["whiteboard"], after["owners"], after["description"]),
                             (before["whiteboard"], before["owners"], before["description"]))
            page = self.now_says(admin, "maintenance is over")
            admin.submit(page.form("/mirror/fine/edit"), whiteboard="line\r\n" * 1000, speed="10G")
            after = self.shown("fine")
            self.assertEqual((after["whiteboard"].rstrip(), after["speed"]), (("line\n" * 1000).rstrip(), "10G"))

    def test_an_owner_sees_their_forms_on_their_mirror_alone(self):
        with serving(self.folder, self.database) as service:
            owner = Browser(service)
            owner.log_in(self.token("mirror", "fine"))
            page = self.check(owner, "/mirror/fine")
            self.assertEqual({form.action.rsplit("/", 1)[1] for form in page.forms if "/mirror/fine/" in form.action},
                             {"probe", "maintenance", "edit"})
            self.assertNotIn(SECRET, page.text)  # notes, and who did what
            owner.submit(page.form("/mirror/fine/edit"), display_name="Fine Mirror", speed="1G")
            self.assertEqual(self.shown("fine")["display_name"], "Fine Mirror")
            self.assertEqual(owner.path, "/mirror/fine")
            other = self.check(owner, "/mirror/other")
            self.assertFalse([form for form in other.forms if "/mirror/" in form.action])
            owner.send("POST", "/mirror/other/probe", page.form("/mirror/fine/probe").filled())
            self.assertEqual(owner.status, 403)

    def test_nothing_private_is_shown_to_others_in_whatever_order_they_ask(self):
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            stranger = Browser(service)
            liar = Browser(service)
            liar.cookie = "mirrorwarden_session=1_" + "0" * 64
            for path in ("/mirror/fine", "/mirror/gone", "/debian", "/debian/mirrors", "/debian/disabled", "/", "/login"):
                for first, second in ((admin, stranger), (stranger, admin), (admin, liar), (admin, stranger)):
                    first.open(path)
                    second.open(path)
                    for browser in (first, second):
                        if browser is not admin:
                            self.assertNotIn(SECRET.encode(), browser.answer.body, path)
                            self.assertNotIn(b"csrf\" value=\"" + admin.cookie.encode()[-8:], browser.answer.body)
                            self.assertNotIn(b"alice", browser.answer.body, path)
                        elif path.startswith("/mirror/"):
                            self.assertIn(SECRET.encode(), browser.answer.body, path)
                            self.assertEqual(browser.answer.fields["cache-control"], "no-store")
            # A cache between is told, and what a stranger was sent proves nothing to an admin.
            stranger.open("/mirror/fine")
            self.assertIn("Cookie", stranger.answer.fields["vary"])
            admin.send("GET", "/mirror/fine", **{"If-None-Match": stranger.answer.fields["etag"]})
            self.assertEqual(admin.status, 200)
            self.assertNotIn("etag", admin.answer.fields)

    def test_who_logged_out_is_a_stranger_again(self):
        with serving(self.folder, self.database) as service:
            admin = Browser(service)
            admin.log_in(self.token())
            cookie = admin.cookie
            admin.submit(admin.page.form("/logout"))
            admin.cookie = cookie
            self.assertNotIn(SECRET, admin.open("/mirror/fine").text)
            admin.open("/admin")
            self.assertTrue(admin.path.startswith("/login"))


if __name__ == "__main__":
    unittest.main()
