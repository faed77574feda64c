#!/usr/bin/python3
"""HEADs a list of URLs with Twisted as an older generation of probers did: a new
connection for each request, 100 at once, 2 to a host.

Usage: twisted_client.py LIST [REQUESTS_MAX [PER_HOST]]
"""

import json
import sys
from urllib.parse import urlsplit

from twisted.internet import defer, protocol, reactor
from twisted.web.http import HTTPClient

TIMEOUT_S = 30


class HeadProtocol(HTTPClient):
    def connectionMade(self):
        url = self.factory.url
        self.sendCommand(b"HEAD", url.path.encode())
        self.sendHeader(b"Host", url.netloc.encode())
        self.sendHeader(b"User-Agent", b"twisted-client")
        self.endHeaders()

    def handleStatus(self, version, status, message):
        self.factory.answered(status)
        self.transport.loseConnection()

    def connectionLost(self, reason):
        self.factory.answered(b"")

    def handleResponse(self, response):
        pass


class HeadFactory(protocol.ClientFactory):
    protocol = HeadProtocol
    noisy = False

    def __init__(self, url):
        self.url = urlsplit(url)
        self.done = defer.Deferred()
        self.timeout = reactor.callLater(TIMEOUT_S, self.answered, b"")

    def answered(self, status):
        if self.done is not None:
            done, self.done = self.done, None
            if self.timeout.active():
                self.timeout.cancel()
            done.callback(status == b"200")

    def clientConnectionFailed(self, connector, reason):
        self.answered(b"")


def head(url):
    factory = HeadFactory(url)
    reactor.connectTCP(factory.url.hostname, factory.url.port or 80, factory, TIMEOUT_S)
    return factory.done


def main(list_file, requests_max=100, per_host=2):
    all_requests = defer.DeferredSemaphore(int(requests_max))
    hosts = {}
    count = {"ok": 0, "failed": 0}

    def finished(ok):
        count["ok" if ok else "failed"] += 1

    with open(list_file, encoding="ascii") as urls:
        waiting = []
        for url in map(str.strip, urls):
            host = hosts.setdefault(urlsplit(url).netloc, defer.DeferredSemaphore(int(per_host)))
            waiting.append(host.run(all_requests.run, head, url).addCallback(finished))
    defer.DeferredList(waiting).addCallback(lambda _: reactor.stop())
    reactor.run()
    print(json.dumps(count))


if __name__ == "__main__":
    main(*sys.argv[1:])
