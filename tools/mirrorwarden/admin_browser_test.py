#!/usr/bin/python3
"""The pages of admins and owners in a real browser: with keys and with the mouse, with scripts and
without, light and dark, on a phone and on a desk. Pictures of all of them are kept in
BROWSER_PICTURES."""

import sys
import unittest

try:
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select
    from shown_pages import DESK, PHONE, ShownPages
except ImportError as error:
    print(f"skipped: {error}; Debian has python3-selenium")
    sys.exit(77)

WAITING = "adelie.nz"  # for a review
PAGES = {
    "login": "/login",
    "admin-attention": "/admin",
    "admin-reviews": "/admin/reviews",
    "admin-mirrors": "/admin/mirrors",
    "admin-runs": "/admin/runs",
    "admin-outbox": "/admin/outbox",
    "admin-audit": "/admin/audit",
    "admin-tokens": "/admin/tokens",
    "admin-mirror": "/mirror/kea.nz",
}


class AdminPages(ShownPages):
    @classmethod
    def prepare(cls):
        cls.command("mirror", "review", WAITING, "--status", "PENDING_REVIEW")
        cls.command("mirror", "disable", "outback.au", "--reason", "its disk is full")  # a mail waits
        cls.token = cls.command("token", "create", "--for", "admin", "alice", "--expires", "1d").strip()
        cls.owners = cls.command("token", "create", "--for", "mirror", "kea.nz", "--expires", "1d").strip()

    def setUp(self):
        super().setUp()
        self.browser.driver.delete_all_cookies()

    def log_in(self, token):
        self.open("/login")
        self.browser.one("input[name=token]").send_keys(token)
        self.browser.one('form[action="/login"] button').click()

    def wait_for_text(self, text):
        self.browser.wait_for(lambda: text in self.browser.one("main").text, f"no {text!r} at {self.path()}")

    def test_every_page_fits_and_nothing_complains(self):
        self.log_in(self.token)
        self.wait_for_path("/admin")
        for width in (DESK, PHONE):
            for is_dark in (False, True):
                self.browser.look(width=width, is_dark=is_dark)
                for name, path in PAGES.items():
                    with self.subTest(name, width=width, is_dark=is_dark):
                        self.open(path)
                        self.check_fits(width)
                        self.assertEqual(self.browser.complaints(), [])
                        self.picture(name, width, is_dark)

    def test_nobody_is_kept_out(self):
        self.log_in(self.token)
        self.wait_for_path("/admin")
        self.check_keeps_nobody_out(PAGES)

    def test_a_mirror_is_accepted_with_keys(self):
        for has_scripts in (True, False):
            with self.subTest(has_scripts=has_scripts):
                if not has_scripts:  # it was accepted the first time
                    self.command("mirror", "review", WAITING, "--status", "PENDING_REVIEW")
                self.browser.driver.delete_all_cookies()
                self.browser.look(has_scripts=has_scripts)
                self.open("/admin/reviews")
                self.wait_for_path("/login")
                self.tab_to("input[name=token]")
                self.browser.press(self.token, Keys.ENTER)
                self.wait_for_path("/admin/reviews")
                self.wait_for_text(WAITING)
                self.tab_to(f'form[action="/mirror/{WAITING}/review"] button[value=OFFICIAL]')
                self.browser.press(Keys.ENTER)
                self.browser.wait_for(lambda: WAITING not in self.browser.one("main").text, "it waits still")
                self.tab_to('form[action="/logout"] button')
                self.browser.press(Keys.ENTER)
                self.browser.wait_for(lambda: not self.browser.all(".caller"), "still logged in")

    def test_many_mirrors_are_changed_with_the_mouse(self):
        for has_scripts, action, outcome in ((True, "disable", "Disabled"), (False, "enable", "Enabled")):
            with self.subTest(action):
                self.browser.driver.delete_all_cookies()
                self.browser.look(has_scripts=has_scripts)
                self.log_in(self.token)
                self.wait_for_path("/admin")
                self.open("/admin/mirrors?country=US")
                for box in self.browser.all("tbody input[name=mirror]"):
                    box.click()
                Select(self.browser.one("select[name=action]")).select_by_value(action)
                self.browser.one("input[name=reason]").send_keys("a new line to the sea")
                self.browser.one("fieldset button").click()
                self.wait_for_text("Nothing was changed yet. 3 mirrors would change")
                self.browser.one("main form button").click()
                self.wait_for_text("What came of it")
                self.assertEqual(self.browser.one("main").text.count(f"{outcome} "), 3)

    def test_a_token_is_made_and_revoked_and_a_mail_discarded(self):
        self.log_in(self.token)
        self.wait_for_path("/admin")
        self.open("/admin/tokens")
        self.browser.one("input[name=holder]").send_keys("severn.gb")
        self.browser.one("fieldset button").click()
        self.wait_for_text("It is shown this once")
        self.assertTrue(self.browser.one(".fresh code").text.startswith("mw_"))
        row = next(row for row in self.browser.all("tbody tr") if "severn.gb" in row.text)
        row.find_element("css selector", "button").click()
        self.wait_for_path("/admin/tokens")
        self.browser.wait_for(lambda: any(
            "severn.gb" in row.text and "revoked" in row.text for row in self.browser.all("tbody tr")),
            "it is not revoked")

        self.open("/admin/outbox")
        mails = len(self.browser.all("tbody th"))
        self.browser.one("tbody th a").click()
        self.wait_for_path("/admin/outbox/")
        self.assertIn("Hello", self.browser.one("pre").text)
        self.browser.one('main a[href="/admin/outbox"]').click()
        self.browser.wait_for(lambda: self.path() == "/admin/outbox", "the outbox does not come")
        self.browser.one('form[action$="/discard"] button').click()
        self.browser.wait_for(lambda: len(self.browser.all("tbody th")) == mails - 1, "the mail stays")

    def test_an_owner_says_when_they_are_away(self):
        self.browser.look(width=PHONE)
        self.log_in(self.owners)
        self.wait_for_path("/mirror/kea.nz")
        self.assertIn("For you, its owner", self.browser.one("main").text)
        self.assertEqual(self.browser.all('form[action$="/disable"]'), [])
        self.browser.run("document.querySelector('input[name=until]').value = '2027-01-02T18:00'")
        form = self.browser.one('form[aria-label="Maintenance"]')
        form.find_element("css selector", "input[name=reason]").send_keys("new disks")
        form.find_element("css selector", "button").click()
        self.wait_for_text("The maintenance is over")
        self.assertIn("2027-01-02", self.browser.one("main").text)


if __name__ == "__main__":
    unittest.main()
