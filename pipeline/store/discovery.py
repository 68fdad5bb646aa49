"""Which inputs a run has: what stands under its sources, found by listing folders once.

No folder is entered through a link, and what cannot be reached is an input that says why.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import has_magic
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import IO, TypeAlias

from pipeline.errors import UsageError
from pipeline.store import remote
from pipeline.store.files import together
from pipeline.store.inputs import Input, uri_of
from pipeline.store.listing import found_file, is_output, listed
from pipeline.store.readers import PLAIN_FORM, Form, form_of

STANDARD_INPUT = "-"
STANDARD_INPUT_DEVICE = "/dev/stdin"
"""What the system calls it, which for another process is another file."""
STANDARD_INPUT_URI = "stdin"
COPIED_AT_ONCE = 2**20
_HELD: list[IO[bytes]] = []


@dataclass(frozen=True, slots=True)
class Discovery:
    """What stands under the sources: inputs in order of ``source_uri``, and how many files are of no known kind."""

    inputs: Sequence[Input]
    ignored: int


def discover(sources: Sequence[str], exclude: Path | None = None, unknown: Form = PLAIN_FORM) -> Discovery:
    """Find the inputs of a run.

    A folder is walked; the output folder ``exclude`` and those of other runs are left out, and so are hidden files.
    A file named outright is read whatever its suffix; one that says nothing is taken to be of the form ``unknown``.
    So is a pipe, once and for all: a second call finds it empty.

    Raises:
        UsageError: A source is not there, matches nothing, or two files would have the same ``source_uri``.
    """
    skipped = exclude.resolve() if exclude is not None else None
    by_source = {source: list(_source(source, skipped, unknown)) for source in dict.fromkeys(sources)}
    ignored = sum(left_alone for found in by_source.values() for _, left_alone in found)
    if len(by_source) == 1 and _is_folder(sources[0]):  # no two of its files have one name
        return Discovery(together([batch for batch, _ in by_source[sources[0]]]) or (), ignored)
    found: dict[str, Input] = {}
    origin: dict[str, str] = {}
    for source, batches in by_source.items():
        for item in chain.from_iterable(batch for batch, _ in batches):
            other = found.setdefault(item.source_uri, item)
            if other is not item:
                _refuse_another(item, other)
            origin.setdefault(item.source_uri, source)
    if len(by_source) > 1:
        _refuse_overlap(found, origin)
    return Discovery(tuple(sorted(found.values(), key=_source_uri)), ignored)


_source_uri = attrgetter("source_uri")


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


_Batch: TypeAlias = tuple[Sequence[Input], int]
"""Inputs, and how many files beside them are hidden or of no known kind."""
_IGNORED: _Batch = ((), 1)


def is_stream(source: str) -> bool:
    """Whether a source can be read only once: standard input, or a pipe that is named outright, as ``<(…)`` does."""
    if source in {STANDARD_INPUT, STANDARD_INPUT_DEVICE}:
        return True
    try:
        return not remote.is_remote(source) and stat.S_ISFIFO(os.stat(source).st_mode)
    except (OSError, ValueError):
        return False


def _is_folder(source: str) -> bool:
    return source != STANDARD_INPUT and not remote.is_remote(source) and os.path.isdir(source)


def _source(source: str, exclude: Path | None, unknown: Form) -> Iterator[_Batch]:
    """Yield the inputs of one source."""
    if not source:
        raise UsageError("a source is empty; is a shell variable not set?")
    if source in {STANDARD_INPUT, STANDARD_INPUT_DEVICE}:
        yield _standard_input(unknown)
    elif is_stream(source):
        with open(source, "rb") as pipe:
            yield _held(pipe, uri_of(os.path.basename(source)), form_of(source) or unknown)
    elif remote.is_remote(source):
        yield from _remote(source, unknown)
    elif _is_folder(source):
        if is_output(source) and (exclude is None or Path(source).resolve() != exclude):
            what = f"{source}: is the output of a run, and no folder of raw pages"
            raise UsageError(f"{what}; `descrape restore {source} --to DIR` writes its pages back")
        yield from _folder(source, source, exclude)
    elif os.path.lexists(source):
        yield _alone(found_file(source, uri_of(os.path.basename(source)), form_of(source) or unknown))
    elif has_magic(source):
        yield from _glob(source, exclude)
    else:
        raise UsageError(f"{source}: there is no such file or folder")


def _alone(item: Input) -> _Batch:
    return (item,), 0


def _standard_input(form: Form) -> _Batch:
    if sys.stdin is None:
        raise UsageError(f"{STANDARD_INPUT}: standard input is closed")
    return _held(sys.stdin.buffer, STANDARD_INPUT_URI, form)


def _held(stream: IO[bytes], uri: str, form: Form) -> _Batch:
    """Return what a stream gives, held in a file: its beginning is read ahead, and it is read by other processes."""
    held = tempfile.NamedTemporaryFile(prefix="descrape-stream-")  # noqa: SIM115 - it lasts as long as the process
    _HELD.append(held)
    shutil.copyfileobj(stream, held, COPIED_AT_ONCE)
    held.flush()
    return _alone(Input(uri, held.name, form=form, size=held.tell()))


def _remote(source: str, unknown: Form) -> Iterator[_Batch]:
    """Yield the objects below an address; one named outright is read whatever its suffix."""
    found = list(remote.objects(source))
    alone = len(found) == 1 and source.rstrip("/").endswith(found[0].name)
    for each in found:
        form = form_of(each.name) or (unknown if alone else None)
        hidden = any(part.startswith(".") for part in each.name.split("/"))
        if form is None or (hidden and not alone):
            yield _IGNORED
        else:
            yield _alone(Input(uri_of(each.name), each.url, modified=each.modified, form=form, size=each.size))


def _glob(pattern: str, exclude: Path | None) -> Iterator[_Batch]:
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
            yield _IGNORED
        elif os.path.isdir(path):
            if parts[-1] != "**":  # which matches what lies below as well
                yield from _folder(path, str(root), exclude)
        else:
            form = form_of(path)
            yield _alone(found_file(path, uri_of(relative), form)) if form is not None else _IGNORED


def _folder(folder: str, root: str, exclude: Path | None) -> Iterator[_Batch]:
    """Walk a folder without following links to folders."""
    pending = [folder]
    while pending:
        current = pending.pop()
        if exclude is not None and Path(current).resolve() == exclude:
            if current == root:
                raise UsageError(f"{root}: cannot be source and output at once; name another folder for --out")
            continue
        try:
            found = listed(current, "" if current == root else os.path.relpath(current, root) + os.sep)
        except OSError as error:
            uri = uri_of(os.path.relpath(current, root)) + "/"
            yield _alone(Input(uri, current, ("unreadable", f"the folder cannot be listed: {error.strerror}")))
            continue
        pending += reversed(found.folders)  # what comes in order is put in order in no time
        yield (), found.ignored
        for batch in found.batches:
            yield batch, 0


def _same_file(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
