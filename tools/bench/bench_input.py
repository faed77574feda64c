"""What clients are given: lists of URLs, catalogues, certificates."""

import dataclasses
import subprocess


def host(number):
    """The address of a host of the fixture; see fixture_sockets.hpp."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


@dataclasses.dataclass(frozen=True)
class Shape:
    """A distribution: how many of each make up the indexes that its mirrors should have."""

    series: int
    pockets: int
    components: int
    architectures: int

    @property
    def paths(self):
        return self.series * self.pockets * self.components * (self.architectures + 1)

    def index_paths(self):
        for series in range(self.series, 0, -1):
            for pocket in POCKETS[:self.pockets]:
                suffix = "" if pocket == "RELEASE" else "-" + pocket.lower()
                for component in range(self.components):
                    folder = f"dists/series{series}{suffix}/component{component}"
                    for architecture in range(self.architectures):
                        yield f"{folder}/binary-arch{architecture}/Packages.gz"
                    yield f"{folder}/source/Sources.gz"


POCKETS = ["RELEASE", "SECURITY", "UPDATES", "PROPOSED", "BACKPORTS"]


@dataclasses.dataclass(frozen=True)
class Workload:
    """Mirrors, each on a host of its own, that should all have the same indexes."""

    hosts: int
    shape: Shape
    scheme: str = "http"

    @property
    def requests(self):
        return self.hosts * self.shape.paths

    def base_url(self, number, port):
        return f"{self.scheme}://{host(number)}:{port}/archive/"

    def write_list(self, file, port):
        """A URL a line, hosts taking turns: the order that is kindest to a client
        that takes them as they come."""
        bases = [self.base_url(number, port) for number in range(self.hosts)]
        with open(file, "w", encoding="ascii") as out:
            for path in self.shape.index_paths():
                out.writelines(f"{base}{path}\n" for base in bases)

    def write_catalog(self, file, port):
        def words(prefix, count):
            return "[" + ", ".join(f'"{prefix}{number}"' for number in range(count)) + "]"

        pockets = ", ".join(f'"{pocket}"' for pocket in POCKETS[:self.shape.pockets])
        with open(file, "w", encoding="ascii") as out:
            out.write('[[distribution]]\nname = "fixture"\ntitle = "Fixture"\n'
                      f'freshness_rule = "anchored"\npockets = [{pockets}]\n'
                      'admins = ["Admin <admin@example.org>"]\n')
            for series in range(self.shape.series, 0, -1):
                out.write(f'\n[[distribution.series]]\nname = "series{series}"\n'
                          f'version = "{series}"\nstatus = "SUPPORTED"\n'
                          f'components = {words("component", self.shape.components)}\n'
                          f'architectures = {words("arch", self.shape.architectures)}\n')
            for number in range(self.hosts):
                out.write(f'\n[[mirror]]\nname = "{mirror_name(number)}"\ndistribution = "fixture"\n'
                          'owner = "Owner <owner@example.org>"\ncountry = "BR"\nspeed = "2M"\n'
                          f'content = "ARCHIVE"\n{self.scheme}_url = "{self.base_url(number, port)}"\n'
                          'status = "OFFICIAL"\nofficial_candidate = true\n')


def mirror_name(number):
    return f"mirror-{number}"


def write_curl_config(list_file, config_file):
    """The same list for `curl --config`."""
    with open(list_file, encoding="ascii") as urls, open(config_file, "w", encoding="ascii") as out:
        for url in urls:
            out.write(f'url = "{url.strip()}"\noutput = "/dev/null"\n')


@dataclasses.dataclass(frozen=True)
class Certificates:
    """An authority of our own, a certificate of it for all the hosts, and a bundle
    that holds this machine's authorities and ours."""

    certificate: str
    key: str
    bundle: str


def make_certificates(folder, hosts, system_bundle="/etc/ssl/certs/ca-certificates.crt"):
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    (folder / "names").write_text(
        "subjectAltName=" + ",".join(f"IP:{host(number)}" for number in range(hosts)) + "\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=Fixture authority", "-keyout", "authority.key", "-out", "authority.pem")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=fixture", "-keyout",
            "fixture.key", "-out", "fixture.request")
    openssl("x509", "-req", "-in", "fixture.request", "-CA", "authority.pem", "-CAkey",
            "authority.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out",
            "fixture.pem")
    with open(system_bundle, encoding="utf-8") as system:
        (folder / "bundle.pem").write_text(
            system.read() + (folder / "authority.pem").read_text(), encoding="utf-8")
    return Certificates(*(str(folder / name) for name in ("fixture.pem", "fixture.key",
                                                          "bundle.pem")))
