"""The archive of the demonstration, how it came to be in the last days, and the mirrors of it."""

import datetime
import shutil

from archive import SignedArchive
from certificates import Authority
from interrupted_sync import sync_killed
from nginx import Nginx, SilentServer, Site, choose_ports

SERIES = "tern"
ARCHITECTURES = ("amd64", "arm64", "ppc64el", "riscv64")
HOUR = datetime.timedelta(hours=1)
# Package, version, pocket, hours since it was published.
AT_FIRST = [("lantern", "1.0", "RELEASE", 960), ("libtide", "2.0", "RELEASE", 960), ("lantern", "1.1", "UPDATES", 120)]
BEFORE_THE_COPY = ("buoy", "0.9", "UPDATES", 30)
AFTER_THE_COPY = ("anchor", "1.0", "UPDATES", 20)
AT_LAST = ("libtide", "2.1", "UPDATES", 0.2)
BULK = 60_000  # bytes of an index: it takes a while, so that a sync can be killed before


class Harbour:
    """The archive and its mirrors, on loopback and below `folder`, until the ExitStack `running` ends."""

    def __init__(self, folder, running):
        self.folder = folder
        self.running = running
        self.now = datetime.datetime.now(datetime.timezone.utc)
        self.archive = running.enter_context(SignedArchive(
            folder / "made", SERIES, ARCHITECTURES, fields=["Origin: Harbour Linux", "Version: 1.0"]))
        self.primary = Site("127.0.0.10", self.archive.root)
        running.enter_context(Nginx(folder / "nginx-primary", [self.primary]))
        self.trees = {name: folder / name for name in ("stopped-syncing", "half-of-it", "half-synced")}
        for upload in AT_FIRST:
            self.publish(*upload)

    def publish(self, package, version, pocket, hours):
        """Uploads a package, and dates it and the suite's Release so many hours ago."""
        then = self.now - hours * HOUR
        self.archive.publish(package, version, then, pocket, bulk=BULK)
        self.archive.date_release(then, pocket)

    def publish_until_now(self, after_each):
        """What happened since: uploads, and mirrors that synced in between, or tried to."""
        self.publish(*BEFORE_THE_COPY)
        after_each()
        self.archive.copy(self.trees["stopped-syncing"])
        self.publish(*AFTER_THE_COPY)
        after_each()
        torn = self.archive.copy(self.trees["half-synced"])
        self.publish(*AT_LAST)
        after_each()
        self.archive.verify()
        new = f"dists/{self.archive.suites['UPDATES']}/InRelease"
        before = (torn / new).read_bytes()
        sync_killed(self.archive.root, torn, lambda: (torn / new).read_bytes() != before)
        half = self.archive.copy(self.trees["half-of-it"])
        for architecture in ARCHITECTURES[len(ARCHITECTURES) // 2:]:
            for index in half.glob(f"dists/*/*/binary-{architecture}"):
                shutil.rmtree(index)

    def serve(self):
        """Starts the servers; returns the base URL of each mirror, and whom to trust for https."""
        authority = Authority(self.folder / "authority")
        certificate = authority.certificate("127.0.0.17", self.now - 720 * HOUR, self.now - 24 * HOUR)
        sites = {
            "complete": Site("127.0.0.11", self.archive.root),
            "stopped-syncing": Site("127.0.0.12", self.trees["stopped-syncing"]),
            "half-of-it": Site("127.0.0.13", self.trees["half-of-it"]),
            "half-synced": Site("127.0.0.18", self.trees["half-synced"]),
            "moved": Site("127.0.0.14"),
            "gone": Site("127.0.0.15", directives="return 404;"),
            "expired": Site("127.0.0.17", self.archive.root, certificate=certificate),
        }
        choose_ports(sites.values())
        sites["moved"].directives = f"return 302 {sites['complete'].url.rstrip('/')}$request_uri;"
        self.running.enter_context(Nginx(self.folder / "nginx", sites.values()))
        urls = {name: site.url for name, site in sites.items()}
        urls["silent"] = self.running.enter_context(SilentServer("127.0.0.16")).url
        return urls, authority.bundle
