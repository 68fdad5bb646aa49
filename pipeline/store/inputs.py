"""What a run reads: files found under the sources given, each with its ``source_uri``, read with care.

Nothing is opened that is not a regular file, no folder is entered through a link, and whatever is wrong with one input
is said of that input alone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path

import regex

from pipeline.errors import RejectedDocument, UsageError

SUFFIXES = (".txt",)
MAX_RECORD_BYTES = 64 * 2**20

_ESCAPED_BYTE = regex.compile(r"[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read. ``refusal`` is a code and a message when it is known already that it cannot be read."""

    source_uri: str
    path: str
    refusal: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What stands under the sources: inputs in order of ``source_uri``, and how many files are of no known kind."""

    inputs: tuple[Input, ...]
    ignored: int


def discover(sources: Sequence[str], exclude: Path | None = None) -> Discovery:
    """Find the inputs of a run.

    A folder is walked; hidden files and the output folder ``exclude`` are left out. A file named outright is read
    whatever its suffix.

    Raises:
        UsageError: A source is not there, matches nothing, or two files would have the same ``source_uri``.
    """
    found: dict[str, Input] = {}
    ignored = 0
    skipped = exclude.resolve() if exclude is not None else None
    for item in (entry for source in sources for entry in _source(source, skipped)):
        if item is None:
            ignored += 1
            continue
        other = found.setdefault(item.source_uri, item)
        if other.path != item.path and not _same_file(other.path, item.path):
            raise UsageError(
                f"{other.path} and {item.path} would both be known as {item.source_uri!r}: "
                "name their common parent folder as the one source instead"
            )
    return Discovery(tuple(found[uri] for uri in sorted(found)), ignored)


def read_input(item: Input, max_bytes: int = MAX_RECORD_BYTES) -> bytes:
    """Return the bytes of an input.

    Raises:
        RejectedDocument: ``unreadable``, ``vanished``, ``not_a_file``, ``oversized`` or ``changed_while_read``.
    """
    if item.refusal is not None:
        raise RejectedDocument("read", *item.refusal)
    try:
        # Without O_NONBLOCK a pipe put in the file's place would hold the run for ever.
        descriptor = os.open(item.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise RejectedDocument("read", "vanished", "the file was there when the run began and is gone") from None
    except OSError as error:
        raise RejectedDocument("read", "unreadable", f"the file cannot be opened: {error.strerror}") from None
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise RejectedDocument("read", "not_a_file", "it is not a regular file and was not read")
        if before.st_size > max_bytes:
            message = f"the file has {before.st_size} bytes, more than --max-record-bytes {max_bytes} allows"
            raise RejectedDocument("read", "oversized", message)
        try:
            raw = _read(stream.fileno(), before.st_size)
        except OSError as error:
            raise RejectedDocument("read", "unreadable", f"reading failed: {error.strerror}") from None
        after = os.fstat(descriptor)
    if len(raw) != before.st_size or (after.st_size, after.st_mtime_ns) != (
        before.st_size,
        before.st_mtime_ns,
    ):
        raise RejectedDocument("read", "changed_while_read", "the file was written to while it was read; run again")
    return raw


def _read(descriptor: int, size: int) -> bytes:
    """Read ``size`` bytes and one more, so that growth shows."""
    parts: list[bytes] = []
    left = size + 1
    while left and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts) if len(parts) != 1 else parts[0]


def _source(source: str, exclude: Path | None) -> Iterator[Input | None]:
    """Yield the inputs of one source; None for each file of no known kind."""
    if "://" in source:
        raise UsageError(f"{source}: only local files and folders can be read")
    if os.path.isdir(source):
        yield from _folder(source, source, exclude)
    elif os.path.lexists(source):
        yield _file(source, os.path.basename(source))
    elif has_magic(source):
        yield from _glob(source, exclude)
    else:
        raise UsageError(f"{source}: there is no such file or folder")


def _glob(pattern: str, exclude: Path | None) -> Iterator[Input | None]:
    """Yield what a pattern matches; ``source_uri`` is relative to the folder before the first wildcard."""
    parts = Path(pattern).parts
    fixed = parts[: next(place for place, part in enumerate(parts) if has_magic(part))]
    root = os.path.join(*fixed) if fixed else "."
    matches = sorted(glob(pattern, recursive=True))
    if not matches:
        raise UsageError(f"{pattern}: nothing matches the pattern")
    for path in matches:
        if os.path.isdir(path):
            yield from _folder(path, root, exclude)
        else:
            yield _file(path, os.path.relpath(path, root))


def _folder(folder: str, root: str, exclude: Path | None) -> Iterator[Input | None]:
    """Walk a folder without following links to folders."""
    pending = [folder]
    while pending:
        current = pending.pop()
        if exclude is not None and Path(current).resolve() == exclude:
            continue
        try:
            entries = list(os.scandir(current))
        except OSError as error:
            uri = _uri(os.path.relpath(current, root)) + "/"
            yield Input(uri, current, ("unreadable", f"the folder cannot be listed: {error.strerror}"))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            elif entry.is_symlink() and os.path.isdir(entry.path):
                refusal = (
                    "not_followed",
                    "it is a link to a folder; name that folder as a source to read it",
                )
                yield Input(_uri(os.path.relpath(entry.path, root)), entry.path, refusal)
            elif entry.name.lower().endswith(SUFFIXES):
                yield _file(entry.path, os.path.relpath(entry.path, root))
            else:
                yield None


def _file(path: str, relative: str) -> Input:
    uri = _uri(relative)
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return Input(uri, path, ("unreadable", f"the file cannot be reached: {error.strerror}"))
    if not stat.S_ISREG(mode):
        return Input(uri, path, ("not_a_file", "it is not a regular file and was not opened"))
    return Input(uri, path)


def _uri(relative: str) -> str:
    """Return a path as ``source_uri``: slashes, and bytes of a name that are not UTF-8 as ``%XX``."""
    return _ESCAPED_BYTE.sub(lambda found: f"%{ord(found[0]) - 0xDC00:02X}", relative.replace(os.sep, "/"))


def _same_file(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
