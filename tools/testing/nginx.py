"""Real nginx servers on loopback, with a configuration and ports of their own."""

import dataclasses
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request

START_SECONDS = 10


@dataclasses.dataclass
class Site:
    """One server: an address of 127.0.0.0/8 or ::1, and what it does with a request."""

    address: str = "127.0.0.1"
    root: pathlib.Path | None = None  # the folder it serves
    directives: str = ""  # more of nginx's own language, such as "return 404;"
    certificate: tuple | None = None  # paths of a chain and its key: https
    port: int = 0  # 0: a free one
    is_http2: bool = False  # too, where the client offers it; only with a certificate

    @property
    def url(self):
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"http{'s' if self.certificate else ''}://{host}:{self.port}/"


class Nginx:
    """Serves `sites` from construction, ready for requests, until `close()`.

    Where we are root, so is it, that it may read whatever was made; or it is `user`,
    which is nginx's own words: a name and a group.
    """

    def __init__(self, directory, sites, user="root"):
        self.directory = pathlib.Path(directory)
        self.user = user
        self.sites = list(sites)
        self._control = Site(directives="access_log off; return 204;")
        self.directory.mkdir(parents=True, exist_ok=True)
        choose_ports([*self.sites, self._control])
        file = self.directory / "nginx.conf"
        file.write_text(self._configuration())
        command = ["/usr/sbin/nginx", "-e", "error.log", "-p", str(self.directory), "-c", str(file)]
        self._process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        try:
            self._wait_until_ready()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def requests(self, site):
        """The request lines that a site has seen, as (method, path, status). Not after `close`."""
        # The one worker writes down what it has answered before it answers this.
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self._control.url, timeout=START_SECONDS).close()
        return [(method, path, int(status)) for method, path, status, *_ in self._logged(site)]

    def ways(self, site):
        """How each of these requests came: (path, protocol, number of its connection)."""
        return [(path, protocol, int(connection)) for _, path, _, protocol, connection in self._logged(site)]

    def _logged(self, site):
        lines = (self.directory / f"access-{self.sites.index(site)}.log").read_text().splitlines()
        return map(str.split, lines)

    def _configuration(self):
        servers = "\n".join(self._server(number, site) for number, site in enumerate([*self.sites, self._control]))
        temporary = "\n".join(
            f"  {kind}_temp_path {self.directory}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = f"user {self.user};" if os.geteuid() == 0 else ""
        return f"""daemon off;
{user}
worker_processes 1;
pid {self.directory}/nginx.pid;
error_log {self.directory}/error.log;
events {{ worker_connections 4096; }}
http {{
  log_format brief '$request_method $request_uri $status $server_protocol $connection';
  keepalive_requests 1000000;
{temporary}
{servers}
}}
"""

    def _server(self, number, site):
        host = f"[{site.address}]" if ":" in site.address else site.address
        words = " ssl" * bool(site.certificate) + " http2" * site.is_http2
        lines = [f"listen {host}:{site.port}{words};"]
        lines.append(f"access_log {self.directory}/access-{number}.log brief;")
        if site.certificate:
            chain, key = site.certificate
            lines.append(f"ssl_certificate {chain}; ssl_certificate_key {key};")
        if site.root:
            lines.append(f"root {site.root};")
        lines.append(site.directives)
        return "  server {\n" + "\n".join(f"    {line}" for line in lines) + "\n  }"

    def _wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        for site in [*self.sites, self._control]:
            while not is_listening(site):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = self.directory / "error.log"
                    said = log.read_text() if log.exists() else "nothing"
                    raise RuntimeError(f"nginx does not listen at {site.url}; it said:\n{said}")
                time.sleep(0.02)


def choose_ports(sites):
    """Gives each site without a port one that is free at its address.

    All are held until all are chosen, so that no two get the same.
    """
    held = []
    for site in sites:
        if not site.port:
            family = socket.AF_INET6 if ":" in site.address else socket.AF_INET
            held.append(socket.socket(family))
            held[-1].bind((site.address, 0))
            site.port = held[-1].getsockname()[1]
    for one in held:
        one.close()


def is_listening(site):
    try:
        socket.create_connection((site.address, site.port), timeout=1).close()
    except OSError:
        return False
    return True


class SilentServer:
    """Takes connections and never says a word, until `close()`."""

    def __init__(self, address="127.0.0.1"):
        self._socket = socket.socket()
        self._socket.bind((address, 0))
        self._socket.listen(1024)  # the kernel accepts; nobody reads
        self.url = f"http://{address}:{self._socket.getsockname()[1]}/"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._socket.close()
