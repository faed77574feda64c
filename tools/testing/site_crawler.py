"""Follows every link of a site, as somebody without scripts could."""

import urllib.parse

from html_page import Page


def crawl(client, first, most=500):
    """Each file that links lead to from the path `first`, by its path: what came, and the page that
    it is, or None. Fails where anything is not answered 200, and above `most`."""
    waiting, found = {first}, {}
    while waiting:
        path = waiting.pop()
        assert len(found) < most, f"more than {most} files"
        answer = client.ask(path)
        assert answer.status == 200, f"{path} is answered {answer.status}"
        is_page = answer.fields.get("content-type", "").startswith("text/html") or path.endswith(".html")
        page = Page(answer.body) if is_page else None
        found[path] = answer, page
        for link in page.links | page.loaded if page else ():
            there = urllib.parse.urldefrag(urllib.parse.urljoin(path, link)).url if link else ""
            if there.startswith("/"):
                waiting |= {there} - set(found)
    return found
