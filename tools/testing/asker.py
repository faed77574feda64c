"""Asks a service over HTTP as one person, who may have a token or a cookie."""

import json
import urllib.parse

from http_service import Client

FORM = "application/x-www-form-urlencoded"


class Asker:
    """Asks a service as one person."""

    def __init__(self, service, **fields):
        self.service = service
        self.fields = fields

    def text(self, method, path, body="", **fields):
        fields = {"Host": "127.0.0.1", **self.fields, **fields}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body.encode())}")
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def send(self, method, path, body="", **fields):
        with Client(self.service.address) as client:
            return client.send(self.text(method, path, body, **fields)).answer(method)

    def get(self, path, **fields):
        return self.send("GET", path, **fields)

    def post(self, path, fields=None, **more):
        """A change as programs send it."""
        more.setdefault("Content_Type", "application/json")
        return self.send("POST", path, json.dumps(fields or {}), **more)

    def submit(self, path, fields, **more):
        """A form."""
        return self.send("POST", path, urllib.parse.urlencode(fields), **{"Content_Type": FORM, **more})
