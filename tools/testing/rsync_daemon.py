"""A real rsync daemon on loopback."""

import pathlib
import socket
import subprocess
import time

START_SECONDS = 10


class RsyncDaemon:
    """Offers `modules`, folders by name, from construction until `close()`."""

    def __init__(self, directory, **modules):
        directory = pathlib.Path(directory)
        directory.mkdir(parents=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        configuration = directory / "rsyncd.conf"
        shares = "".join(f"[{name}]\npath = {folder}\n" for name, folder in modules.items())
        configuration.write_text(f"use chroot = no\nreverse lookup = no\n{shares}")
        self._process = subprocess.Popen(
            ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={self.port}",
             f"--config={configuration}"])
        try:
            self._wait_until_ready()
        except BaseException:
            self.close()
            raise

    def close(self):
        self._process.terminate()
        self._process.wait(10)

    def url(self, module):
        return f"rsync://127.0.0.1:{self.port}/{module}/"

    def _wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError as why:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the rsync daemon did not start") from why
                time.sleep(0.02)
