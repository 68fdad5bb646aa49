"""What a run reads: files found under the sources given, each with its ``source_uri``, read with care.

Nothing is opened that is not a regular file, no folder is entered through a link, and whatever is wrong with one input
is said of that input alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from pipeline.errors import RejectedDocument, UsageError
from pipeline.patterns import lazy_compile
from pipeline.store import remote
from pipeline.store.readers import PLAIN_FORM, Form, form_of
from pipeline.store.readers.reading import MAX_RECORD_BYTES, Part

STANDARD_INPUT = "-"
STANDARD_INPUT_URI = "stdin"
COPIED_AT_ONCE = 2**20
_HELD: list[IO[bytes]] = []

_UNDECODED = lazy_compile(r"[\udc80-\udcff]|\\(?=x[0-9a-f]{2})")
_ESCAPED = lazy_compile(r"\\x([0-9a-f]{2})")


class Input(Struct, frozen=True, gc=False):
    """One file to read. There may be millions, so they are made fast, and are no work for the garbage collector.

    Attributes:
        source_uri: Where it stands, relative to the source given.
        path: How to open it.
        refusal: A code and a message when it is known already that it cannot be read.
        modified: When its bytes or its place last changed, in seconds since 1970; None when that is not known.
        form: What it holds.
        size: Its bytes when it was found; 0 when that is not known.
        part: Which part of the file it is; None for all of it.
        sha256: Digest of the whole file, known where it has parts.
        version: What the file was when it was divided.
    """

    source_uri: str
    path: str
    refusal: tuple[str, str] | None = None
    modified: float | None = None
    form: Form = PLAIN_FORM
    size: int = 0
    part: Part | None = None
    sha256: str | None = None
    version: tuple[Any, ...] = ()

    @property
    def is_remote(self) -> bool:
        """Whether it stands elsewhere."""
        return remote.is_remote(self.path)

    @property
    def place(self) -> tuple[str, int]:
        """What it is known by: where it stands, and the first of its records."""
        return self.source_uri, self.part.first if self.part is not None else 0


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
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise RejectedDocument("read", "not_a_file", "it is not a regular file and was not read")
        if before.st_size > max_bytes:
            message = f"the file has {before.st_size} bytes, more than --max-record-bytes {max_bytes} allows"
            raise RejectedDocument("read", "oversized", message)
        raw = _read(descriptor, before.st_size)
        after = os.fstat(descriptor)
    except OSError as error:
        raise RejectedDocument("read", "unreadable", f"reading failed: {error.strerror}") from None
    finally:
        os.close(descriptor)
    if len(raw) != before.st_size or (after.st_size, after.st_mtime_ns) != (
        before.st_size,
        before.st_mtime_ns,
    ):
        raise RejectedDocument("read", "changed_while_read", "the file was written to while it was read; run again")
    return raw


def holds(item: Input, size: int, sha256: str) -> bool:
    """Whether a file of this machine surely holds so many bytes with this digest.

    It is for files that did not change, nearly all of a later run, and costs a part of what :func:`read_input` does.
    False says only that it is not sure: what is no regular file, or was written to meanwhile, is looked into there.
    """
    if item.size != size or item.refusal is not None:
        return False
    try:
        descriptor = os.open(item.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        raw = os.read(descriptor, size + 1)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return len(raw) == size and hashlib.sha256(raw).hexdigest() == sha256


def _read(descriptor: int, size: int) -> bytes:
    """Read ``size`` bytes, with room for one more, so that growth shows."""
    parts: list[bytes] = []
    left = size + 1
    while left and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
        if left == 1:  # the file ended there, or that room would have been filled
            break
    return b"".join(parts) if len(parts) != 1 else parts[0]


def _source(source: str, exclude: Path | None, unknown: Form) -> Iterator[Input | None]:
    """Yield the inputs of one source; None for each file of no known kind."""
    if source == STANDARD_INPUT:
        yield from _standard_input(unknown)
    elif remote.is_remote(source):
        yield from _remote(source, unknown)
    elif os.path.isdir(source):
        yield from _folder(source, source, exclude)
    elif os.path.lexists(source):
        yield _file(source, os.path.basename(source), form_of(source) or unknown)
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
            yield _file(path, relative, form) if form is not None else None


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
            entries = list(os.scandir(current))
        except OSError as error:
            uri = uri_of(os.path.relpath(current, root)) + "/"
            yield Input(uri, current, ("unreadable", f"the folder cannot be listed: {error.strerror}"))
            continue
        if _is_output(entries):
            yield None
            continue
        below = "" if current == root else os.path.relpath(current, root) + os.sep
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                pending.append(entry.path)
            else:
                yield _entry(entry, below)


def _entry(entry: os.DirEntry[str], below: str) -> Input | None:
    """Return the input that an entry of the folder ``below`` the source is; None for one of no known kind."""
    name = entry.name
    if name.startswith("."):
        return None
    if entry.is_symlink() and os.path.isdir(entry.path):
        refusal = ("not_followed", "it is a link to a folder; name that folder as a source to read it")
        return Input(uri_of(below + name), entry.path, refusal)
    form = form_of(name)
    return _file(entry.path, below + name, form) if form is not None else None


def _is_output(entries: Sequence[os.DirEntry[str]]) -> bool:
    """Whether a folder is the output of another run: its tables and manifests are no raw pages."""
    return {".lock", "snapshots"} <= {entry.name for entry in entries}


def _file(path: str, relative: str, form: Form) -> Input:
    uri = uri_of(relative)
    try:
        status = os.stat(path)
    except OSError as error:
        return Input(uri, path, ("unreadable", f"the file cannot be reached: {error.strerror}"), form=form)
    if not stat.S_ISREG(status.st_mode):
        return Input(uri, path, ("not_a_file", "it is not a regular file and was not opened"), form=form)
    # A file moved here, or copied with its old time, has its old time of change but a new one of its own.
    return Input(uri, path, modified=max(status.st_mtime, status.st_ctime), form=form, size=status.st_size)


def uri_of(relative: str) -> str:
    r"""Return a path as ``source_uri``: slashes, and bytes of a name that are not UTF-8 as ``\xff``."""
    slashed = relative.replace(os.sep, "/") if os.sep != "/" else relative
    if slashed.isascii() and "\\" not in slashed:
        return slashed
    return _UNDECODED.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", slashed)


def path_of(source_uri: str) -> str:
    r"""Return the path that a ``source_uri`` stands for, relative to its root.

    >>> os.fsencode(path_of(r"old/caf\xe9.txt"))
    b'old/caf\xe9.txt'
    """
    return _ESCAPED.sub(lambda found: _undecoded(int(found[1], 16)), source_uri)


def _undecoded(byte: int) -> str:
    return chr(byte) if byte < 0x80 else chr(0xDC00 + byte)  # noqa: PLR2004 - ASCII ends there


def _same_file(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
