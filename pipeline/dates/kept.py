"""What takes long to read and never changes, kept as one small file where a user's programs keep such things.

A file that is not there, not whole or of other code is made anew, and where none can be written nothing is kept: what
is returned is the same. Files that no code asked for in a month go when a new one comes.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.patterns import lazy_compile

T = TypeVar("T")

UNUSED_DAYS = 30
"""After so many days without a reader a file is one of former code. That this code does not read it is no reason by
itself, for several versions may be in use side by side."""
_DAY = 24 * 3600
_OWN = lazy_compile(r"[a-z]+-[0-9a-f]{32}\.msgpack(\.[a-z0-9_]+)?")
"""How what is kept is called, and what it is written to before that."""


def kept(name: str, of: type[T], make: Callable[[], T], decided_by: Iterable[bytes]) -> T:
    """Return what was made once by code and data that are still the same.

    Args:
        name: What the file is called, with a digest behind it.
        of: Its type, which msgspec can decode.
        make: Makes it.
        decided_by: All that decides what comes of that.
    """
    folder = cache_folder()
    if folder is None:
        return make()
    digest = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in decided_by)).hexdigest()
    path = folder / f"{name}-{digest[:32]}.msgpack"
    with suppress(OSError, msgspec.DecodeError):
        data = path.read_bytes() if path.is_file() else b""  # a pipe would hold the run for ever
        own, data = data[:_SIZE], data[_SIZE:]
        if own == hashlib.sha256(data).digest():
            _note_use(path)
            return msgspec.msgpack.decode(data, type=of)
    made = make()
    with suppress(OSError):
        _write(path, msgspec.msgpack.encode(made))
        _remove_unused(folder)
    return made


_SIZE = hashlib.sha256().digest_size


def cache_folder() -> Path | None:
    """Return the folder for what can be made again: that of XDG, below it one of this program; None without a home.

    A home that is not there, as users of services have it, is none: it is not for us to make. Nor is one that depends
    on where the command was called.

    >>> cache_folder().name
    'descrape'
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():
        return Path(given) / "descrape"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ".cache" / "descrape" if home.is_absolute() and home.is_dir() else None


def _write(path: Path, data: bytes) -> None:
    """Write a file with its own digest in front, whole or not at all, whoever else writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as stream:
        part = Path(stream.name)
        try:
            stream.write(hashlib.sha256(data).digest() + data)
            stream.close()
            part.replace(path)
        except OSError:
            part.unlink()
            raise


def _note_use(path: Path) -> None:
    """Have a file look used, once a day at most: what file systems themselves note of readers may be nothing."""
    with suppress(OSError):
        if path.stat().st_mtime < time.time() - _DAY:
            os.utime(path)


def _remove_unused(folder: Path) -> None:
    """Remove what was kept, or begun to be, and not asked for in a long time; what bears another name stays."""
    before = time.time() - UNUSED_DAYS * _DAY
    with os.scandir(folder) as entries:
        for entry in entries:
            if (
                _OWN.fullmatch(entry.name)
                and entry.is_file(follow_symlinks=False)
                and entry.stat(follow_symlinks=False).st_mtime < before
            ):
                Path(entry.path).unlink(missing_ok=True)
