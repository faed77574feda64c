"""A browser without scripts: follows links, fills in forms, keeps a cookie."""

from html_page import Page
from http_service import Client


class Browser:
    """Keeps one cookie, follows redirects, and reads pages."""

    def __init__(self, service, base=""):
        self.service = service
        self.base = base
        self.cookie = None
        self.path = None
        self.page = None
        self.answer = None

    def send(self, method, path, body=None, **more):
        fields = {"Host": "127.0.0.1", "Accept": "text/html"} | more
        if self.cookie:
            fields["Cookie"] = self.cookie
        if body is not None:
            fields |= {"Content-Type": "application/x-www-form-urlencoded",
                       "Content-Length": str(len(body.encode()))}
        head = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        with Client(self.service.address) as client:
            self.answer = client.send("\r\n".join(head) + "\r\n\r\n" + (body or "")).answer(method)
        if "set-cookie" in self.answer.fields:
            self.cookie = self.answer.fields["set-cookie"].split(";")[0]
        if self.answer.status in (302, 303):
            return self.open(self.answer.fields["location"])
        self.path = path
        self.page = Page(self.answer.body) if self.answer.fields.get("content-type", "").startswith("text/html") else None
        return self.page

    def open(self, path):
        return self.send("GET", path)

    def submit(self, form, button=None, **values):
        """Fills in a form of the page and sends it."""
        return self.send(form.method.upper(), form.action, form.filled(button, **values))

    def log_in(self, token, path="/login"):
        self.open(self.base + path)
        return self.submit(self.page.form("/login"), token=token)

    @property
    def status(self):
        return self.answer.status
