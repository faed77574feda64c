"""A real browser for tests: Debian's chromium, without a window, driven through its chromedriver.

    with Browser(folder) as browser:
        browser.open(url, width=375, is_dark=True)
        browser.picture(file)
        assert browser.complaints() == []

It reaches loopback alone, keeps what it writes below `folder`, and is ended with all that it
started.
"""

import base64
import json
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 20  # seconds for a page to come; never waited for where all is well
HEIGHT = 900
# Of pages of the browser itself, which it may load beside ours, and of what leaves no machine.
OWN_SCHEMES = ("about", "chrome", "chrome-untrusted", "data")


class Browser:
    """One window. `complaints` gathers what a page may not do."""

    def __init__(self, folder):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-extensions", "--disable-default-apps",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--force-prefers-reduced-motion", "--hide-scrollbars",
                f"--user-data-dir={folder}/chromium"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(
            service=Service("/usr/bin/chromedriver", log_output=f"{folder}/chromedriver.txt")
            if "log_output" in Service.__init__.__code__.co_varnames
            else Service("/usr/bin/chromedriver", log_path=f"{folder}/chromedriver.txt"),
            options=options)
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def look(self, width=1280, is_dark=False, has_scripts=True):
        """How pages that are opened from now on are shown."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=HEIGHT,
                     deviceScaleFactor=1, mobile=False)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}])
        self.command("Emulation.setScriptExecutionDisabled", value=not has_scripts)

    def open(self, url):
        self.driver.get(url)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def press(self, *keys):
        """Keys, to whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self):
        return self.driver.switch_to.active_element

    def wait_for(self, condition, words):
        """Until `condition()` is true. What it reads may leave with its page meanwhile: then it is
        asked again, on the page that comes."""
        WebDriverWait(self.driver, PATIENCE, 0.05,
                      ignored_exceptions=(StaleElementReferenceException,)).until(
                          lambda _: condition(), words)

    def picture(self, file, is_whole=True):
        """A PNG of the page, down to its end or as high as the window."""
        shot = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=is_whole)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def complaints(self):
        """What went wrong since the last call: errors of the console, among them reports of the
        Content-Security-Policy, and requests to any host but 127.0.0.1."""
        wrong = [entry["message"] for entry in self.driver.get_log("browser")
                 if entry["level"] in ("SEVERE", "WARNING")]
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = urllib.parse.urlsplit(message["params"]["request"]["url"])
                if url.scheme not in OWN_SCHEMES and url.hostname != "127.0.0.1":
                    wrong.append(f"asked {url.geturl()}")
        return wrong
