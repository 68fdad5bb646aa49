"""Which inputs a run has: what stands under its sources, found by listing folders once.

No folder is entered through a link, and what cannot be reached is an input that says why.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from glob import has_magic
from operator import attrgetter
from pathlib import Path
from typing import IO

from pipeline.errors import UsageError
from pipeline.store import remote
from pipeline.store.inputs import Input, stamp_of, uri_of
from pipeline.store.readers import PLAIN_FORM, Form, form_of

STANDARD_INPUT = "-"
STANDARD_INPUT_URI = "stdin"
COPIED_AT_ONCE = 2**20
_HELD: list[IO[bytes]] = []


@dataclass(frozen=True, slots=True)
class Discovery:
    """What stands under the sources: inputs in order of ``source_uri``, and how many files are of no known kind."""

    inputs: tuple[Input, ...]
    ignored: int


def discover(sources: Sequence[str], exclude: Path | None = None, unknown: Form = PLAIN_FORM) -> Discovery:
    """Find the inputs of a run.

    A folder is walked; the output folder ``exclude`` and those of other runs are left out, and so are hidden files.
    A file named outright is read whatever its suffix; one that says nothing is taken to be of the form ``unknown``.

    Raises:
        UsageError: A source is not there, matches nothing, or two files would have the same ``source_uri``.
    """
    found: dict[str, Input] = {}
    ignored = 0
    skipped = exclude.resolve() if exclude is not None else None
    origin: dict[str, str] = {}
    for source in dict.fromkeys(sources):
        for item in _source(source, skipped, unknown):
            if item is None:
                ignored += 1
            elif (other := found.setdefault(item.source_uri, item)) is not item:
                _refuse_another(item, other)
            elif len(sources) > 1:
                origin[item.source_uri] = source
    if len(sources) > 1:
        _refuse_overlap(found, origin)
    return Discovery(tuple(found[uri] for uri in sorted(found)), ignored)


def _refuse_another(item: Input, other: Input) -> None:
    """Refuse a file that would have the name of another one."""
    if other.path != item.path and (item.is_remote or not _same_file(other.path, item.path)):
        raise UsageError(
            f"{other.path} and {item.path} would both be known as {item.source_uri!r}: "
            "name their common parent folder as the one source instead"
        )


def _refuse_overlap(found: dict[str, Input], origin: dict[str, str]) -> None:
    """Refuse sources of which one lies in the other: each file would be read twice under two names."""
    names: dict[str, Input] = {}
    for item in found.values():
        other = names.setdefault(item.path if item.is_remote else os.path.realpath(item.path), item)
        if origin[other.source_uri] != origin[item.source_uri]:
            raise UsageError(
                f"{item.path} would be read twice, as {other.source_uri!r} and as {item.source_uri!r}: "
                "one source lies in the other; name the outer one alone"
            )


def _source(source: str, exclude: Path | None, unknown: Form) -> Iterator[Input | None]:
    """Yield the inputs of one source; None for each file of no known kind."""
    if source == STANDARD_INPUT:
        yield from _standard_input(unknown)
    elif remote.is_remote(source):
        yield from _remote(source, unknown)
    elif os.path.isdir(source):
        yield from _folder(source, source, exclude)
    elif os.path.lexists(source):
        yield _file(source, uri_of(os.path.basename(source)), form_of(source) or unknown)
    elif has_magic(source):
        yield from _glob(source, exclude)
    else:
        raise UsageError(f"{source}: there is no such file or folder")


def _standard_input(form: Form) -> Iterator[Input]:
    """Yield standard input, held in a file: its beginning is read ahead, and it is read by other processes."""
    held = tempfile.NamedTemporaryFile(prefix="descrape-stdin-")  # noqa: SIM115 - it lasts as long as the process
    _HELD.append(held)
    shutil.copyfileobj(sys.stdin.buffer, held, COPIED_AT_ONCE)
    held.flush()
    yield Input(STANDARD_INPUT_URI, held.name, form=form, size=held.tell())


def _remote(source: str, unknown: Form) -> Iterator[Input | None]:
    """Yield the objects below an address; one named outright is read whatever its suffix."""
    found = list(remote.objects(source))
    alone = len(found) == 1 and source.rstrip("/").endswith(found[0].name)
    for each in found:
        form = form_of(each.name) or (unknown if alone else None)
        hidden = any(part.startswith(".") for part in each.name.split("/"))
        if form is None or (hidden and not alone):
            yield None
        else:
            yield Input(uri_of(each.name), each.url, modified=each.modified, form=form, size=each.size)


def _glob(pattern: str, exclude: Path | None) -> Iterator[Input | None]:
    """Yield what a pattern matches; ``source_uri`` is relative to the folder before the first wildcard."""
    parts = Path(pattern).parts
    first = next(place for place, part in enumerate(parts) if has_magic(part))
    root = Path(*parts[:first])
    below = parts[first:] if parts[-1] != "**" else (*parts[first:], "*")
    # Path.glob, unlike the module glob, does not walk through links to folders, which may lead in a circle.
    matches = sorted(str(path) for path in root.glob(str(Path(*below))))
    if not matches:
        raise UsageError(f"{pattern}: nothing matches the pattern")
    if exclude is not None and exclude in (root.resolve(), *root.resolve().parents):
        exclude = None  # the pattern names files inside the output folder outright
    for path in matches:
        relative = os.path.relpath(path, root)
        if exclude is not None and exclude in (Path(path).resolve(), *Path(path).resolve().parents):
            continue
        if any(part.startswith(".") for part in Path(relative).parts):
            yield None
        elif os.path.isdir(path):
            if parts[-1] != "**":  # which matches what lies below as well
                yield from _folder(path, str(root), exclude)
        else:
            form = form_of(path)
            yield _file(path, uri_of(relative), form) if form is not None else None


def _folder(folder: str, root: str, exclude: Path | None) -> Iterator[Input | None]:
    """Walk a folder without following links to folders."""
    pending = [folder]
    while pending:
        current = pending.pop()
        if exclude is not None and Path(current).resolve() == exclude:
            if current == root:
                raise UsageError(f"{root}: cannot be source and output at once; name another folder for --out")
            continue
        try:
            found, folders = _listed(current, "" if current == root else os.path.relpath(current, root) + os.sep)
        except OSError as error:
            uri = uri_of(os.path.relpath(current, root)) + "/"
            yield Input(uri, current, ("unreadable", f"the folder cannot be listed: {error.strerror}"))
            continue
        pending += folders
        yield from found


def _listed(folder: str, below: str) -> tuple[list[Input | None], list[str]]:
    """Return what a folder holds, which stands ``below`` the source: inputs in order of their names, and folders.

    Raises:
        OSError: It cannot be listed.
    """
    with os.scandir(folder) as entries:
        there = sorted(entries, key=_name)
    if _is_output(there):
        return [None], []
    before, path = uri_of(below), os.path.join(folder, "")
    found: list[Input | None] = []
    folders: list[str] = []
    for each in there:
        name = each.name
        if name[0] == ".":
            found.append(None)
        elif each.is_dir(follow_symlinks=False):
            folders.append(path + name)
        else:
            found.append(_entry(each, before, path))
    return found, folders


_name = attrgetter("name")


def _entry(entry: os.DirEntry[str], before: str, folder: str) -> Input | None:
    """Return the input that an entry of a folder is, unless it is hidden; None for one of no known kind."""
    name = entry.name
    uri = before + uri_of(name)
    if entry.is_symlink() and os.path.isdir(folder + name):
        refusal = ("not_followed", "it is a link to a folder; name that folder as a source to read it")
        return Input(uri, folder + name, refusal)
    form = form_of(name)
    return _file(folder + name, uri, form, entry.stat) if form is not None else None


def _is_output(entries: Sequence[os.DirEntry[str]]) -> bool:
    """Whether a folder is the output of another run: its tables and manifests are no raw pages."""
    return {".lock", "snapshots"} <= {entry.name for entry in entries}


def _file(path: str, uri: str, form: Form, status_of: Callable[[], os.stat_result] | None = None) -> Input:
    try:
        status = status_of() if status_of is not None else os.stat(path)
    except OSError as error:
        return Input(uri, path, ("unreadable", f"the file cannot be reached: {error.strerror}"), form=form)
    if not stat.S_ISREG(status.st_mode):
        return Input(uri, path, ("not_a_file", "it is not a regular file and was not opened"), form=form)
    # A file moved here, or copied with its old time, has its old time of change but a new one of its own.
    written, moved = status.st_mtime, status.st_ctime
    modified = written if written > moved else moved  # noqa: FURB136 - three times as fast as max
    return Input(uri, path, None, modified, form, status.st_size, None, None, (), stamp_of(status))


def _same_file(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
