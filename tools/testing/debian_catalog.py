"""The text of a catalogue: a distribution of one small series, and mirrors of it.

    debian(admins=["Carol <carol@example.org>"]) + mirror("fine", url, status="OFFICIAL")

What is named beside is a key of the catalogue, or another value for one.
"""

import json


def table(head, fields):
    # Strings, lists and truth are written in TOML as in JSON.
    return f"\n[[{head}]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in fields.items())


def debian(**fields):
    series = {"name": "bookworm", "version": "12", "components": ["main"], "architectures": ["amd64"]}
    return (table("distribution", {"name": "debian", "title": "Debian", **fields})
            + table("distribution.series", series))


def mirror(name, url, **fields):
    owner = f"Olga <olga@{name}.example.org>"
    return table("mirror", {"name": name, "distribution": "debian", "owner": owner, "country": "DE",
                            "http_url": url, **fields})
