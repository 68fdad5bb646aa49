"""What one folder holds, listed at once: the inputs in it, and the folders below it.

A corpus is listed in every run, whether anything changed or not, so each file costs one question to the system and as
little beside it as can be.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from operator import attrgetter

from pipeline.store.inputs import MASK, STAMP, Input, uri_of
from pipeline.store.readers import Form, form_of, is_compression

_name = attrgetter("name")


def listed(folder: str, below: str) -> tuple[list[Input | None], list[str]]:
    """Return what a folder holds, which stands ``below`` the source: inputs in order of their names, and folders.

    None stands for a file that is hidden or of no known kind, and for the whole output of another run.

    Raises:
        OSError: It cannot be listed.
    """
    # Files are asked for by their names below an open folder: the way there is gone once, and not for each.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with os.scandir(descriptor) as entries:
            there = sorted(entries, key=_name)
        names = [entry.name for entry in there]
        if _is_output(names):
            return [None], []
        return _told_apart(there, _uris(uri_of(below), names), os.path.join(folder, ""))
    finally:
        os.close(descriptor)


def _is_output(names: Sequence[str]) -> bool:
    """Whether a folder is the output of another run: its tables and manifests are no raw pages."""
    return ".lock" in names and "snapshots" in names


def _uris(before: str, names: Sequence[str]) -> list[str]:
    together = "".join(names)
    if together.isascii() and "\\" not in together:
        return [before + name for name in names]
    return [before + uri_of(name) for name in names]


def _told_apart(
    there: Sequence[os.DirEntry[str]], uris: Sequence[str], folder: str
) -> tuple[list[Input | None], list[str]]:
    found: list[Input | None] = []
    folders: list[str] = []
    forms: dict[str, Form | None] = {}
    for entry, uri in zip(there, uris, strict=True):
        name = entry.name
        if name[0] == ".":
            found.append(None)
        elif entry.is_dir(follow_symlinks=False):
            folders.append(folder + name)
        elif entry.is_symlink() and os.path.isdir(folder + name):
            refusal = ("not_followed", "it is a link to a folder; name that folder as a source to read it")
            found.append(Input(uri, folder + name, refusal))
        else:
            suffix = name[name.rfind(".") :]
            form = forms[suffix] if suffix in forms else _form(name, suffix, forms)
            if form is None:
                found.append(None)
                continue
            try:
                status = entry.stat()
            except OSError as error:
                found.append(unreachable(folder + name, uri, form, error))
            else:
                found.append(found_file(folder + name, uri, form, status))
    return found, folders


def _form(name: str, suffix: str, forms: dict[str, Form | None]) -> Form | None:
    """Return the form of a file, and keep it for others of this folder where the last suffix alone tells it."""
    form = form_of(name)
    if len(suffix) > 1 and not is_compression(suffix):
        forms[suffix] = form
    return form


def unreachable(path: str, uri: str, form: Form, error: OSError) -> Input:
    """Return the input that a file is which cannot even be asked for."""
    return Input(uri, path, ("unreadable", f"the file cannot be reached: {error.strerror}"), form=form)


def found_file(path: str, uri: str, form: Form, status: os.stat_result) -> Input:
    """Return the input that a file is, by what the system says of it."""
    mode, inode, device, _, _, _, size, _, _, _ = status
    if not stat.S_ISREG(mode):
        return Input(uri, path, ("not_a_file", "it is not a regular file and was not opened"), form=form)
    # A file moved here, or copied with its old time, has its old time of change but a new one of its own.
    written, moved = status.st_mtime, status.st_ctime
    modified = written if written > moved else moved  # noqa: FURB136 - three times as fast as max
    stamp = STAMP.pack(device & MASK, inode & MASK, size, status.st_mtime_ns, status.st_ctime_ns)
    return Input(uri, path, None, modified, form, size, None, None, (), stamp)
