#!/usr/bin/python3
"""The public pages in a real browser: with keys and with the mouse, with scripts and without, light
and dark, on a phone and on a desk. Pictures of all of them are kept in BROWSER_PICTURES."""

import sys
import unittest

try:
    from selenium.webdriver.common.keys import Keys
    from shown_pages import DESK, PHONE, PICTURES, ShownPages
except ImportError as error:
    print(f"skipped: {error}; Debian has python3-selenium")
    sys.exit(77)

PAGES = {
    "start": "/",
    "overview": "/lagoon",
    "mirrors": "/lagoon/mirrors",
    "mirror": "/mirror/estuary.ar",
    "countries": "/lagoon/countries",
    "disabled": "/lagoon/disabled",
    "compare": "/compare?a=prairie.us&b=kea.nz",
    "help": "/help",
    "jobs": "/jobs",
    "fault": "/nothing",
}
# A page that is not there is told so, and the browser says that in its log.
FAULT = "the server responded with a status of 404"
# Time goes 600 times as fast, so that a minute is a tenth of a second.
FAST = "{const real = setTimeout; window.setTimeout = (act, time) => real(act, time / 600);}"


class Pages(ShownPages):
    @classmethod
    def prepare(cls):
        # A second distribution, so that the first page is one of distributions.
        (cls.folder / "other.toml").write_text('[[distribution]]\nname = "islet"\ntitle = "Islet"\n')
        cls.command("catalog", "load", cls.folder / "other.toml")

    def names(self):
        """Of the mirrors that the table shows, in its order."""
        return [cell.text.split()[0] for cell in self.browser.all("tbody tr:not(.group):not([hidden]) th")]

    def forms(self):
        for width in (DESK, PHONE):
            for is_dark in (False, True):
                for has_scripts in (True, False):
                    yield {"width": width, "is_dark": is_dark, "has_scripts": has_scripts}

    def test_every_page_fits_and_nothing_complains(self):
        for form in self.forms():
            self.browser.look(**form)
            for name, path in PAGES.items():
                with self.subTest(name, **form):
                    self.open(path)
                    self.check_fits(form["width"])
                    complaints = [one for one in self.browser.complaints()
                                  if not (name == "fault" and FAULT in one)]
                    self.assertEqual(complaints, [])
                    if form["has_scripts"]:
                        self.picture(name, form["width"], form["is_dark"])

    def test_nobody_is_kept_out(self):
        self.check_keeps_nobody_out(PAGES)
        self.browser.complaints()  # the page that is not there

    def test_a_mirror_is_found_with_keys(self):
        for has_scripts in (True, False):
            with self.subTest(has_scripts=has_scripts):
                self.browser.look(has_scripts=has_scripts)
                self.open("/")
                self.browser.press(Keys.TAB)
                self.assertEqual(self.browser.focused().text, "Skip to the content")
                self.browser.press(Keys.ENTER)
                self.tab_to('main a[href="/lagoon"]')
                self.browser.press(Keys.ENTER)
                self.wait_for_path("/lagoon")
                self.tab_to('.map a[href$="country=NZ"]')
                self.browser.press(Keys.ENTER)
                self.wait_for_path("/lagoon/mirrors?country=NZ")
                self.assertEqual(sorted(self.names()), ["adelie.nz", "kea.nz", "kiwi-images.nz"])
                self.tab_to('main a[href="/mirror/kea.nz"]')
                self.browser.press(Keys.ENTER)
                self.wait_for_path("/mirror/kea.nz")
                self.tab_to('a[href*="span=day"]')
                self.browser.press(Keys.ENTER)
                self.wait_for_path("/mirror/kea.nz?span=day")
                self.tab_to('a[href*="/log/"]')
                self.browser.press(Keys.ENTER)
                self.wait_for_path("/mirror/kea.nz/log/")
                self.assertIn("nobody asked any host", self.browser.one("pre").text)

    def test_a_mirror_is_found_with_the_mouse(self):
        for has_scripts in (True, False):
            with self.subTest(has_scripts=has_scripts):
                self.browser.look(has_scripts=has_scripts)
                self.open("/lagoon")
                self.browser.one('.map a[href$="country=AU"] path').click()
                self.wait_for_path("/lagoon/mirrors?country=AU")
                self.browser.one('main a[href="/mirror/outback.au"]').click()
                self.wait_for_path("/mirror/outback.au")
                self.browser.one('main a[href^="/compare"]').click()
                self.wait_for_path("/compare?a=outback.au")
                self.browser.one("input[name=b]").send_keys("kea.nz")
                self.browser.one("main button[type=submit]").click()
                self.wait_for_path("/compare?a=outback.au&b=kea.nz")
                self.assertIn("One week behind", self.browser.one("main").text)

    def test_without_scripts_the_server_sorts_and_filters(self):
        self.browser.look(has_scripts=False)
        self.open("/lagoon/mirrors")
        self.browser.one('thead a[href*="sort=name"]').click()
        self.wait_for_path("/lagoon/mirrors?sort=name")
        self.assertEqual(self.names(), sorted(self.names()))
        self.browser.one("select[name=enabled]").send_keys("disabled")
        self.browser.one("main button[type=submit]").click()
        self.wait_for_path("/lagoon/mirrors?country=&freshness=&enabled=false")
        self.assertIn("tagus.pt", self.names())
        self.assertNotIn("foss.de", self.names())

    def test_with_scripts_the_table_sorts_and_filters_at_once(self):
        self.open("/lagoon/mirrors")
        first = self.names()
        self.tab_to("thead .sorter")
        self.browser.press(Keys.ENTER)
        self.assertEqual(self.browser.one("thead th").get_attribute("aria-sort"), "ascending")
        self.assertEqual(self.names(), sorted(first))
        self.assertIn("Sorted by", self.browser.one(".said").get_attribute("textContent"))
        self.browser.press(Keys.SPACE)
        self.assertEqual(self.browser.one("thead th").get_attribute("aria-sort"), "descending")
        self.assertEqual(self.names(), sorted(first, reverse=True))
        self.browser.press(Keys.ENTER)
        self.assertEqual(self.names(), first)
        lag = next(button for button in self.browser.all(".sorter") if button.text == "Lag")
        lag.click()
        lag.click()
        # 12 days is more than 3, though its letters are less; what is not known comes last.
        self.assertEqual(self.names()[:2], ["steppe.kz", "kea.nz"])
        lag.click()
        self.browser.one(".finder input").send_keys("germany")
        self.assertEqual(sorted(self.names()), ["foss.de", "nordsee.de", "rhine.de"])
        self.assertEqual(self.path(), "/lagoon/mirrors")

    def test_a_picture_is_enlarged_and_put_away(self):
        self.open("/mirror/kea.nz")
        self.tab_to(".enlarge")
        self.browser.press(Keys.ENTER)
        sheet = self.browser.one("dialog .sheet")
        before = self.browser.one("dialog svg").size["width"]
        self.browser.press("+")
        self.assertGreater(self.browser.one("dialog svg").size["width"], before)
        self.assertEqual(self.browser.focused(), sheet)
        self.browser.picture(PICTURES / "enlarged.png", is_whole=False)
        self.browser.press(Keys.ESCAPE)
        self.browser.wait_for(lambda: not self.browser.all("dialog"), "the dialog does not go away")
        self.assertEqual(self.browser.focused().get_attribute("class"), "enlarge")
        self.browser.one(".enlarge").click()
        next(button for button in self.browser.all("dialog button") if button.text == "Close").click()
        self.assertEqual(self.browser.all("dialog"), [])

    def test_a_page_shows_what_is_new(self):
        script = self.browser.command("Page.addScriptToEvaluateOnNewDocument", source=FAST)["identifier"]
        self.addCleanup(lambda: self.browser.command("Page.removeScriptToEvaluateOnNewDocument", identifier=script))
        self.open("/lagoon/mirrors")
        # In one go: the page changes ten times a second.
        self.browser.run("window.isSame = true;"
                         "const sorter = document.querySelector('.sorter'); sorter.focus(); sorter.click()")
        self.command("mirror", "disable", "vltava.cz", "--reason", "moved")
        row = '//tr[th/a[text()="vltava.cz"]]'
        self.browser.wait_for(
            lambda: self.browser.run(
                "return document.evaluate(arguments[0], document, null, 9).singleNodeValue.textContent", row
            ).find("Disabled") >= 0, "the new state does not come")
        # The same page, sorted as it was, with the focus where it was. Asked in one go: it changes.
        is_same, names, focus = self.browser.run(
            "return [window.isSame, [...document.querySelectorAll('tbody tr:not(.group) th a')]"
            ".map((link) => link.textContent), document.activeElement.className]")
        self.assertTrue(is_same)
        self.assertEqual(names, sorted(names))
        self.assertEqual(focus, "sorter")
        self.stop_refreshing()

    def stop_refreshing(self):
        """Nobody looks: nobody asks. And so when the button says so."""
        count = "return performance.getEntriesByType('resource').filter(e => e.initiatorType === 'fetch').length"
        hide = ("Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});"
                "document.dispatchEvent(new Event('visibilitychange'))")
        self.browser.run(hide, True)
        # What was under way ends; then nothing new is begun in five times as long as a pause.
        self.browser.run("window.count = 0; const real = fetch;"
                         "window.fetch = (...all) => { window.count += 1; return real(...all); }")
        wait = "const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 300000))"
        self.browser.driver.execute_async_script(wait)
        self.assertEqual(self.browser.run("return window.count"), 0)
        self.browser.run(hide, False)
        self.browser.wait_for(lambda: self.browser.run("return window.count") > 0, "it does not go on")
        self.assertGreater(self.browser.run(count), 0)
        self.browser.one(".live").click()
        self.assertEqual(self.browser.one(".live").text, "Refresh every minute")


if __name__ == "__main__":
    unittest.main()
