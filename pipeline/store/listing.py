"""What one folder holds, listed at once: the inputs in it, and the folders below it.

A corpus is listed in every run, whether anything changed or not, so each file costs one question to the system and as
little beside it as can be.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from pipeline.store.files import Files
from pipeline.store.inputs import Input, joined_stamps, stamp_of, uri_of
from pipeline.store.readers import Form, form_of, is_compression

_name = attrgetter("name")
_NO_SUFFIX = "/"
"""Stands for a suffix where the last one alone does not tell the form: no name ends so."""


OF_AN_OUTPUT = frozenset({".lock", "snapshots"})
"""Names that stand in the output of every run, and together nowhere else."""


class Listing(NamedTuple):
    """What a folder holds.

    Attributes:
        batches: Its inputs, form by form, and those that cannot be read; each in order of names.
        ignored: How many files are hidden or of no known kind; the whole output of another run counts as one.
        folders: The folders in it.
    """

    batches: list[Sequence[Input]]
    ignored: int
    folders: list[str]


class _Alike(NamedTuple):
    """What should be files of one form, by their names, and where they stand."""

    form: Form
    entries: list[os.DirEntry[str]]
    uris: list[str]


_Other: TypeAlias = tuple[os.DirEntry[str], str, _Alike | None]
"""What is no file of a known form, as far as it is known, where it stands, and of which form its name says it is."""


def listed(folder: str, below: str) -> Listing:
    """Return what a folder holds, which stands ``below`` the source.

    Raises:
        OSError: It cannot be listed.
    """
    # Files are asked for by their names below an open folder: the way there is gone once, and not for each.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with os.scandir(descriptor) as entries:
            there = sorted(entries, key=_name)
        names = list(map(_name, there))
        if _is_output(names):
            return Listing([], 1, [])
        return _told_apart(there, names, _uris(uri_of(below), names), os.path.join(folder, ""), below)
    finally:
        os.close(descriptor)


def is_output(folder: str) -> bool:
    """Whether a folder is the output of a run."""
    return all(os.path.lexists(os.path.join(folder, name)) for name in OF_AN_OUTPUT)


def _is_output(names: Sequence[str]) -> bool:
    """Whether a folder is the output of another run: its tables and manifests are no raw pages."""
    return all(name in names for name in OF_AN_OUTPUT)


def _uris(before: str, names: Sequence[str]) -> list[str]:
    together = "".join(names)
    if together.isascii() and "\\" not in together:
        return [before + name for name in names]
    return [before + uri_of(name) for name in names]


def _told_apart(there: list[os.DirEntry[str]], names: list[str], uris: list[str], folder: str, below: str) -> Listing:
    alike: dict[Form, _Alike] = {}
    by_suffix: dict[str, _Alike | None] = {}
    rest: list[_Other] = []
    if (form := _form_of_all(names)) is not None:
        alike[form] = _Alike(form, there, uris)
        there, uris = [], []
    suffix, own = _NO_SUFFIX, None
    for entry, uri in zip(there, uris, strict=True):
        name = entry.name
        if not name.endswith(suffix):  # as that of the one before, most often
            suffix = name[name.rfind(".") :]
            own = by_suffix[suffix] if suffix in by_suffix else _of_form(name, suffix, alike, by_suffix)
            suffix = suffix if suffix in by_suffix else _NO_SUFFIX
        if own is not None and name[0] != ".":
            own.entries.append(entry)
            own.uris.append(uri)
        else:
            rest.append((entry, uri, own))
    root = folder[: len(folder) - len(below)]
    files = [_files(each, root, rest) for each in alike.values()]
    rest.sort(key=lambda other: other[0].name)
    return _with_the_rest(files, rest, folder)


def _form_of_all(names: Sequence[str]) -> Form | None:
    """Return the form that all names in a folder, which are in order, say by one last suffix; None if they do not."""
    suffix = names[0][names[0].rfind(".") :] if names else ""
    # No name holds a slash, so there are as many of what is counted as there are names that end so.
    if len(suffix) < len(".x") or is_compression(suffix) or "/".join([*names, ""]).count(suffix + "/") < len(names):
        return None
    hidden = bisect_left(names, "/") - bisect_left(names, ".")
    return form_of(names[0]) if not hidden else None


def _files(own: _Alike, root: str, rest: list[_Other]) -> Files[Input]:
    """Return those that are regular files, and how they look; the others go to the rest."""
    try:
        # Nothing else is done between two questions: that takes a sixth less time than to look at each answer at once.
        statuses = [entry.stat() for entry in own.entries]
    except OSError:
        statuses = []
    if statuses and all(map(stat.S_ISREG, {status[0] for status in statuses})):
        return Files(root, own.form, own.uris, joined_stamps(statuses))
    uris, statuses = [], []
    for entry, uri in zip(own.entries, own.uris, strict=True):
        try:
            status = entry.stat()  # which is remembered where it was asked for
        except OSError:
            rest.append((entry, uri, own))  # who looks at it once more tells why
            continue
        if stat.S_ISREG(status[0]):
            uris.append(uri)
            statuses.append(status)
        else:
            rest.append((entry, uri, own))
    return Files(root, own.form, uris, joined_stamps(statuses))


def _with_the_rest(files: Sequence[Files[Input]], rest: Sequence[_Other], folder: str) -> Listing:
    refused: list[Input] = []
    folders: list[str] = []
    ignored = 0
    for entry, uri, own in rest:
        path = folder + entry.name
        if entry.name[0] == ".":
            ignored += 1
        elif entry.is_dir(follow_symlinks=False):
            folders.append(path)
        elif entry.is_symlink() and os.path.isdir(path):
            refusal = ("not_followed", "it is a link to a folder; name that folder as a source to read it")
            refused.append(Input(uri, path, refusal))
        elif own is None:
            ignored += 1
        else:
            refused.append(found_file(path, uri, own.form))
    return Listing([*files, refused], ignored, folders)


def _of_form(name: str, suffix: str, alike: dict[Form, _Alike], by_suffix: dict[str, _Alike | None]) -> _Alike | None:
    """Return where a file belongs by its form, and keep it for those whose form the same last suffix alone tells."""
    form = form_of(name)
    own = alike.setdefault(form, _Alike(form, [], [])) if form is not None else None
    if len(suffix) > 1 and not is_compression(suffix):
        by_suffix[suffix] = own
    return own


def found_file(path: str, uri: str, form: Form) -> Input:
    """Return the input that a file is, by what the system says of it."""
    try:
        status = os.stat(path)
    except OSError as error:
        return Input(uri, path, ("unreadable", f"the file cannot be reached: {error.strerror}"), form=form)
    if not stat.S_ISREG(status.st_mode):
        return Input(uri, path, ("not_a_file", "it is not a regular file and was not opened"), form=form)
    return Input.looking(uri, path, form, stamp_of(status))
