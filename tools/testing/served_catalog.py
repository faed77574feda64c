"""What the tests of `mirrorwarden serve` serve."""

import pathlib

from http_service import serving
from mirrorwarden_testing import ProgramTest

CATALOG = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance" / "catalog.toml"
MIRRORS = "/api/v1/mirrors"
MUCH = 500_000  # bytes; more than the kernel holds between us and a client that does not read


def many_mirrors(count):
    """A catalogue of so many mirrors: /metrics of 3,000 is more than MUCH."""
    mirrors = "".join(
        f'[[mirror]]\nname = "mirror-{i}"\ndistribution = "ubuntu"\ncountry = "BR"\n'
        f'owner = "a@example.org"\nhttp_url = "http://mirror-{i}.example.org/ubuntu/"\n'
        for i in range(count))
    return CATALOG.read_text(encoding="utf-8") + mirrors


class ServeTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_ok("catalog", "load", CATALOG)

    def serving(self, *flags, **options):
        return serving(self.folder, self.database, *flags, **options)
