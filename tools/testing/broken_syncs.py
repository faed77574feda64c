"""Mirrors that a sync left broken. Each is made by what does it: an rsync that is killed, or out of
space, or in the wrong order."""

import filecmp
import gzip
import os
import shutil

from archive import SIGNER
from broken_mirrors import BELOW, DAY, Case, copied
from ftp_archive import now
from interrupted_sync import download_killed, sync, sync_killed, sync_out_of_space
from nginx import Nginx, Site

RELEASES = ("--exclude=InRelease", "--exclude=Release", "--exclude=Release.gpg")
ARM64 = "dists/harbour/main/binary-arm64"
AMD64 = "dists/harbour/main/binary-amd64"


def has_arrived(source, target, path):
    """A question for `sync_killed`: has the mirror the new file?"""
    return lambda: (target / path).exists() and filecmp.cmp(source / path, target / path, shallow=False)


def whole(world, folder):
    copied(world.harbour.root, folder)
    return Site()


def whole_by_hash(world, folder):
    tree = copied(world.tide.root, folder)
    (tree / "dists/tide/InRelease").write_bytes(world.keys.in_release(world.tide_release(), SIGNER))
    return Site()


def whole_by_aptly(world, folder):
    copied(world.wave, folder)
    return Site()


def killed_at(path):
    """rsync in its own order, dists/ first, killed when `path` has come."""
    def make(world, folder):
        tree = copied(world.old, folder)
        sync_killed(world.harbour.root, tree, has_arrived(world.harbour.root, tree, path))
        return Site()
    return make


def indexes_before_release(world, folder):
    tree = copied(world.old, folder)
    sync(world.harbour.root, tree, *RELEASES)
    return Site()


def pool_before_dists(world, folder):
    tree = copied(world.old, folder)
    sync(world.harbour.root / "pool", tree / "pool")
    return Site()


def download_script_killed(world, folder):
    """A mirror without .xz, kept by a script that downloads each file where it is served."""
    path, tree = f"{ARM64}/Packages.gz", folder / BELOW
    sync(world.harbour.root, tree, "--exclude=Packages.xz", f"--exclude=/{path}")
    with Nginx(folder / "upstream", [Site(root=world.harbour.root, directives="limit_rate 20k;")]) as upstream:
        download_killed(upstream.sites[0].url + path, tree / path)
    return Site()


def out_of_space_in(path, share, *before):
    """A first sync that has come to `path` when the disk has no room for more than this share of it."""
    def make(world, folder):
        tree, size = folder / BELOW, (world.harbour.root / path).stat().st_size
        sync(world.harbour.root, tree, f"--exclude=/{path}", *before)
        sync_out_of_space(world.harbour.root, tree, int(size * share), *before)
        (tree / path).chmod(0o644)  # rsync would have done so at the file's end
        return Site()
    return make


def without_rights(world, folder):
    tree = copied(world.harbour.root, folder)
    for name in ("Packages.gz", "Packages.xz"):
        (tree / ARM64 / name).chmod(0o000 if os.geteuid() else 0o600)  # as a umask of 077 makes them
    return Site()


def without(*patterns):
    """A sync that leaves out what the patterns name, as to save space."""
    def make(world, folder):
        sync(world.harbour.root, folder / BELOW, *(f"--exclude={pattern}" for pattern in patterns))
        return Site()
    return make


def without_by_hash(world, folder):
    whole_by_hash(world, folder / "complete")
    sync(folder / "complete" / BELOW, folder / BELOW, "--exclude=by-hash")
    return Site()


def stopped_long_ago(world, folder):
    tree = copied(world.tide.root, folder)
    release = world.tide_release(date=now() - 21 * DAY, valid_until=now() - 14 * DAY)
    (tree / "dists/tide/InRelease").write_bytes(world.keys.in_release(release, SIGNER))
    return Site()


def dated_tomorrow(world, folder):
    tree = copied(world.tide.root, folder)
    (tree / "dists/tide/InRelease").write_bytes(world.keys.in_release(world.tide_release(date=now() + 1.5 * DAY), SIGNER))
    return Site()


def other_suite(world, folder):
    tree = copied(world.harbour.root, folder)
    shutil.rmtree(tree / "dists/harbour")
    (tree / "dists/harbour").symlink_to("harbour-updates")
    return Site()


def other_distribution(signer):
    def make(world, folder):
        tree = copied(world.tide.root, folder)
        (tree / "dists/tide/InRelease").write_bytes(world.keys.in_release(world.tide_release(), signer))
        (tree / "dists/harbour").symlink_to("tide")
        return Site()
    return make


def changed_index(change):
    """`change` does to both forms of an index what a disk, a proxy or a script did."""
    def make(world, folder):
        tree = copied(world.harbour.root, folder)
        for name in ("Packages.gz", "Packages.xz"):
            file = tree / ARM64 / name
            file.write_bytes(change(file.read_bytes()))
        return Site()
    return make


def one_bit_flipped(content):
    return content[:100] + bytes([content[100] ^ 1]) + content[101:]


def with_garbage(content):
    return content + b"\n<!-- cached by proxy17 -->\n"


def a_web_page(_):
    return b"<html><head><title>Please wait</title></head><body>Checking your browser</body></html>\n"


def a_bomb(_):
    return gzip.compress(bytes(100_000_000), 1)


def pool_killed(world, folder):
    """dists/ has come whole, and the sync was killed in pool/."""
    tree = copied(world.old, folder)
    sync(world.harbour.root / "dists", tree / "dists")
    begun = lambda: any((tree / "pool/main/l/lantern").glob(".lantern_1.1_a*"))  # rsync's temporary file
    sync_killed(world.harbour.root, tree, begun, "--bwlimit=30")
    return Site()


def deleted_first(world, folder):
    """The sync deletes what upstream has no more, and is killed before the new indexes are there."""
    tree = copied(world.old, folder)
    gone = lambda: not (tree / "pool/main/l/lantern/lantern_1.0_amd64.deb").exists()
    sync_killed(world.harbour.root, tree, gone, "--delete-before", *RELEASES, "--exclude=Packages.*", "--exclude=Sources.*")
    return Site()


def pool_rotten(world, folder):
    tree = copied(world.harbour.root, folder)
    file = tree / "pool/main/l/lantern/lantern_1.1_amd64.deb"
    file.write_bytes(one_bit_flipped(file.read_bytes()))
    return Site()


def marked_as_updating(address):
    """rsync was killed, and ftpsync's marker with the mirror's name is there."""
    def make(world, folder):
        killed_at("dists/harbour/InRelease")(world, folder)
        (folder / BELOW / f"Archive-Update-in-Progress-{address}").touch()
        return Site(address)
    return make


CASES = (
    Case("whole-reprepro", "Nothing: made by reprepro, .gz and .xz", whole, None, None, packages=("lantern", "buoy")),
    Case("whole-by-hash", "Nothing: made by apt-ftparchive, with by-hash", whole_by_hash, None, None, suite="tide",
         packages=("buoy",)),
    Case("whole-aptly", "Nothing: made by aptly, with by-hash", whole_by_aptly, None, None, suite="wave",
         packages=("buoy",)),
    Case("pool-first", "The sync was stopped between pool/ and dists/: one upload behind, and whole",
         pool_before_dists, None, None, packages=("buoy",)),
    Case("killed-after-release", "rsync was killed when the new InRelease had come, before the indexes",
         killed_at("dists/harbour/InRelease"), "File has unexpected size", "torn-index",
         file="main/binary-amd64/Packages"),
    Case("killed-between-architectures",
         "rsync was killed when the indexes of amd64 had come; those of arm64 are old",
         killed_at(f"{AMD64}/Packages.xz"), "File has unexpected size", "torn-index", file="main/binary-arm64/Packages"),
    Case("marked-as-updating", "The same, and ftpsync's marker says that the sync is under way",
         marked_as_updating("127.0.51.15"), "File has unexpected size", "syncing", "warning",
         file="main/binary-amd64/Packages",
         reason="apt can only say that its files do not fit, and asks \"Mirror sync in progress?\". The mirror says so "
                "itself: for six hours that is a warning, after that it is bad."),
    Case("indexes-before-release",
         "The indexes are new, the InRelease is old: the sync left the Release files for later",
         indexes_before_release, "File has unexpected size", "torn-index", file="main/binary-amd64/Packages"),
    Case("download-killed", "A script that downloads files in place was killed in Packages.gz",
         download_script_killed, "File has unexpected size", "torn-index", file="main/binary-arm64/Packages.gz"),
    Case("disk-full", "The disk was full in the middle of Packages.xz", out_of_space_in(f"{ARM64}/Packages.xz", 0.5),
         "File has unexpected size", "torn-index", file="main/binary-arm64/Packages.xz"),
    Case("empty-indexes", "The disk had no room at all: an index of 0 bytes",
         out_of_space_in(f"{ARM64}/Packages.gz", 0, f"--exclude=/{ARM64}/Packages.xz"),
         "Hash Sum mismatch", "torn-index", file="main/binary-arm64/Packages"),
    Case("in-release-cut", "The disk was full in the middle of InRelease",
         out_of_space_in("dists/harbour/InRelease", 0.5), "failed", "release-unreadable", file="InRelease"),
    # apt 3 asks for the plain form last, and tells of that one.
    Case("without-rights", "The indexes of arm64 may be read by their owner only", without_rights, "403|404",
         "index-unanswered", file="main/binary-arm64/Packages"),
    Case("half-of-the-architectures", "The sync leaves out binary-arm64, the Release names it",
         without("binary-arm64"), "404", "index-missing", file="main/binary-arm64/Packages"),
    Case("without-xz", "Nothing that counts: the sync leaves out .xz, .gz is there", without("*.xz"),
         None, None, packages=("buoy",)),
    Case("without-gz", "Nothing that counts: the sync leaves out .gz, .xz is there", without("*.gz"),
         None, None, packages=("buoy",)),
    Case("without-by-hash", "The sync leaves out by-hash, the Release offers it", without_by_hash, None,
         "by-hash-missing", "warning", suite="tide"),
    Case("release-without-signature", "Release is there, InRelease and Release.gpg are not",
         without("InRelease", "Release.gpg"), "is not signed", "unsigned", file="Release"),
    Case("stopped-long-ago", "The sync stopped three weeks ago; Valid-Until has passed", stopped_long_ago,
         "is expired", "release-expired", file="InRelease", suite="tide"),
    Case("dated-tomorrow", "The Release is dated in the future", dated_tomorrow, "is not valid yet", "future-date",
         file="InRelease", suite="tide"),
    Case("other-distribution", "Another distribution's archive is at the URL, signed by its own key",
         other_distribution("stranger"), "NO_PUBKEY|Missing key", "unknown-key", file="InRelease"),
    Case("other-distribution-same-key", "Another distribution's archive is at the URL, signed by the same key",
         other_distribution(SIGNER), None, "foreign-release", "warning", file="InRelease"),
    Case("other-suite", "dists/harbour leads to harbour-updates", other_suite, None, "foreign-release",
         "warning", file="InRelease"),
    Case("bit-flipped", "One bit of each index of arm64 was flipped by the disk: the size is right",
         changed_index(one_bit_flipped), "Hash Sum mismatch", "index-wrong-hash", file="main/binary-arm64/Packages"),
    Case("trailing-garbage", "A proxy has appended a comment to the compressed indexes", changed_index(with_garbage),
         "File has unexpected size", "torn-index", file="main/binary-arm64/Packages"),
    Case("not-compressed", "A download tool has saved a web page as Packages.gz and Packages.xz",
         changed_index(a_web_page), "File has unexpected size", "torn-index", file="main/binary-arm64/Packages"),
    Case("bomb", "Packages.gz and .xz are bombs that inflate to 100 MB", changed_index(a_bomb),
         "File has unexpected size", "torn-index", file="main/binary-arm64/Packages"),
    Case("pool-killed", "dists/ is new and whole, the sync was killed in pool/", pool_killed, "404",
         "pool-file-missing", file="lantern_1.1_", packages=("lantern:amd64", "lantern:arm64")),
    Case("deleted-first", "The sync deletes before it transfers, and was killed in between", deleted_first, "404",
         "pool-file-missing", file="lantern_1.0_amd64.deb", packages=("lantern",)),
    Case("pool-file-cut", "The disk was full in the middle of a package",
         out_of_space_in("pool/main/l/lantern/lantern_1.1_amd64.deb", 0.5), "File has unexpected size",
         "pool-file-wrong-size", file="lantern_1.1_amd64.deb", packages=("lantern",)),
    Case("pool-file-rotten", "One bit of a package was flipped by the disk", pool_rotten, "Hash Sum mismatch",
         "pool-file-wrong-hash", file="lantern_1.1_amd64.deb", packages=("lantern",)),
)
