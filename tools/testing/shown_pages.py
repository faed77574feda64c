"""Pages in a real browser, for tests of them: a made-up distribution, `serve`, and one window."""

import contextlib
import os
import pathlib
import subprocess
import unittest

import axe_core
from browser import Browser
from http_service import serving
from mirrorwarden_testing import run, temporary_folder
from selenium.webdriver.common.keys import Keys

MAKER = os.environ.get("MADE_UP_YEAR", "made_up_year")
PICTURES = pathlib.Path(os.environ.get("BROWSER_PICTURES", "/tmp/mirrorwarden-pictures"))
PHONE, DESK = 375, 1280
DAYS = "16"  # of history: what a picture of 14 days needs
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


class ShownPages(unittest.TestCase):
    """No page may complain, or ask another host for anything."""

    @classmethod
    def setUpClass(cls):
        with contextlib.ExitStack() as stack:
            cls.folder = stack.enter_context(temporary_folder())
            cls.database = f"sqlite:{cls.folder}/made-up.sqlite"
            subprocess.run([MAKER, "lagoon", cls.database, DAYS], check=True, timeout=120, stdout=subprocess.PIPE)
            cls.prepare()
            cls.service = stack.enter_context(serving(cls.folder, cls.database))
            cls.browser = stack.enter_context(Browser(cls.folder))
            cls.addClassCleanup(stack.pop_all().close)

    @classmethod
    def prepare(cls):
        """What else is in the database; for who needs more."""

    @classmethod
    def command(cls, *words):
        done = run(list(words), cls.folder, cls.database)
        assert done.status == 0, done.err
        return done.out

    def setUp(self):
        self.browser.look()
        self.browser.complaints()

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def open(self, path):
        self.browser.open(self.service.urls[0] + path)

    def path(self):
        return self.browser.driver.current_url.removeprefix(self.service.urls[0])

    def wait_for_path(self, path):
        self.browser.wait_for(lambda: self.path().startswith(path), f"{path} does not come: {self.path()}")

    def tab_to(self, selector, most=200):
        """Moves the focus on, key by key, until it is there."""
        wanted = self.browser.one(selector)
        for _ in range(most):
            if self.browser.focused() == wanted:
                return
            self.browser.press(Keys.TAB)
        self.fail(f"the focus does not come to {selector}")

    def picture(self, name, width, is_dark):
        words = [name, str(width), "dark" if is_dark else "light"]
        self.browser.picture(PICTURES / f"{'-'.join(words)}.png")

    def check_fits(self, width):
        wide = self.browser.command("Page.getLayoutMetrics")["cssContentSize"]["width"]
        self.assertLessEqual(wide, width, "the page is wider than the window")

    def check_keeps_nobody_out(self, pages):
        """What axe-core finds serious. `pages`: names and paths."""
        try:
            axe = axe_core.source(PICTURES.parent)
        except axe_core.NotToBeHad as why:
            self.skipTest(str(why))
        for form in ({}, {"is_dark": True}, {"width": PHONE}):
            self.browser.look(**form)
            for name, path in pages.items():
                self.open(path)
                self.browser.run(axe)
                found = self.browser.driver.execute_async_script(
                    "const done = arguments[1];"
                    "axe.run({runOnly: arguments[0]}).then((found) => done(found.violations))", RULES)
                with self.subTest(name, **form):
                    self.assertEqual([(one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]])
                                      for one in found if one["impact"] in ("serious", "critical")], [])
