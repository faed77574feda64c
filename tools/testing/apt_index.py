"""What the indexes of an archive say about the packages in it."""

import gzip
import pathlib

SOURCE = "source"


def stanzas(file):
    """The paragraphs of a .gz index, as dicts of their one-line fields and lists of the others' lines."""
    paragraph, field = {}, None
    with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if not line:
                if paragraph:
                    yield paragraph
                paragraph, field = {}, None
            elif line[0] in " \t":
                if not isinstance(paragraph[field], list):
                    paragraph[field] = [paragraph[field]] if paragraph[field] else []
                paragraph[field].append(line.strip())
            else:
                field, _, value = line.partition(":")
                paragraph[field] = value.strip()
    if paragraph:
        yield paragraph


def index_path(suite, component, architecture):
    """Where an index lies below an archive's root."""
    name = "source/Sources.gz" if architecture == SOURCE else f"binary-{architecture}/Packages.gz"
    return f"dists/{suite}/{component}/{name}"


def publication_of_binary(stanza):
    """The keys of a publication that a paragraph of a Packages file knows."""
    source, _, version = stanza.get("Source", stanza["Package"]).partition(" ")
    path = stanza["Filename"].removeprefix("./")
    return {
        "source": source,
        "version": version.strip("()") or stanza["Version"],
        "file": pathlib.PurePosixPath(path).name,
        "file_type": "DEB",
        "path": path,
    }


def publication_of_source(stanza):
    """The same for a paragraph of a Sources file: its .dsc."""
    file = next(line.split()[2] for line in stanza["Checksums-Sha256"] if line.endswith(".dsc"))
    return {
        "source": stanza["Package"],
        "version": stanza["Version"],
        "file": file,
        "file_type": "DSC",
        "path": f"{stanza['Directory']}/{file}",
    }


def publications_of_index(file, bucket):
    """A publication without a date for each paragraph of an index of `bucket`.

    `bucket` has distribution, series, pocket, component and arch (None: sources).
    """
    read = publication_of_source if bucket["arch"] is None else publication_of_binary
    for stanza in stanzas(file):
        yield {**bucket, **read(stanza), "status": "PUBLISHED"}


def publications(root, distribution, series, pocket, suite):
    """Those of every index that lies in dists/<suite>."""
    folder = pathlib.Path(root) / "dists" / suite
    for file in sorted(folder.glob("*/*/*.gz")):
        component, kind = file.parts[-3], file.parts[-2]
        if file.name not in ("Packages.gz", "Sources.gz") or kind.startswith("debian-installer"):
            continue
        bucket = {
            "distribution": distribution,
            "series": series,
            "pocket": pocket,
            "component": component,
            "arch": None if kind == SOURCE else kind.removeprefix("binary-"),
        }
        yield from publications_of_index(file, bucket)
