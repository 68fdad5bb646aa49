"""Inputs that stand elsewhere: addresses such as ``s3://bucket/crawl/*.jsonl.gz``, read through fsspec.

Reading that fails is tried again from the byte where it failed, against the same version of the object: what was read
before is never mixed with what replaced it. Nor is it with other bytes that a server gives for those asked for.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from glob import has_magic
from typing import Any

from pipeline.errors import UsageError
from pipeline.store.ranges import Expected, tracing, watch
from pipeline.store.readers.source import Source, SourceError

EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "http": "http", "https": "http", "memory": "http"}
"""Which extra brings what a scheme needs."""
TRIES = 4
FIRST_WAIT = 0.2
"""Seconds before the second try; each next wait is twice as long."""
BLOCK = 8 * 2**20
"""Bytes that are fetched at once."""
GONE = frozenset({404, 410})
"""What web servers answer where nothing is."""
VERSION_KEYS = ("ETag", "etag", "Last-Modified", "LastModified", "mtime", "updated", "created")
WEB = ("http://", "https://")
SESSIONS = {"gs": "session_kwargs", "gcs": "session_kwargs", "http": "client_kwargs", "https": "client_kwargs"}
"""By which argument a store takes what its session of aiohttp is told."""


class Object:
    """One object that was found: its address, its name below the source, its size and time where they are told."""

    def __init__(self, url: str, name: str, info: Mapping[str, Any]) -> None:
        self.url = url
        self.name = name
        self.size = info.get("size") or 0
        changed = next((info[key] for key in ("LastModified", "mtime", "updated") if key in info), None)
        self.modified = changed.timestamp() if isinstance(changed, datetime) else None


def is_remote(source: str) -> bool:
    """Whether a source is an address, and no path."""
    return "://" in source


def objects(source: str) -> Iterator[Object]:
    """Yield what stands below an address, or what a pattern in it matches, in order.

    Raises:
        UsageError: Nothing is there, it cannot be listed, or an extra is missing.
    """
    store, path = system(source)
    try:
        if has_magic(path) and not source.startswith(WEB):
            root = _before_magic(path)
            found = store.glob(path, detail=True)
        elif source.startswith(WEB) or store.isfile(path):
            root = path.rpartition("/")[0]
            found = {path: store.info(path)}
        else:
            root = path.rstrip("/")
            found = store.find(path, detail=True)
    except FileNotFoundError as error:
        why = error.__cause__  # over HTTP whatever fails is told as this
        if isinstance(why, Exception) and getattr(why, "status", None) not in GONE:
            raise UsageError(f"{source}: cannot be reached: {_told(why)}") from None
        found, root = {}, ""
    except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
        raise UsageError(f"{source}: cannot be listed: {type(error).__name__}: {error}") from None
    found = {name: info for name, info in found.items() if info.get("type") != "directory"}
    if not found:
        raise UsageError(f"{source}: there is no such object, and nothing below it")
    for name in sorted(found):
        relative = name.removeprefix(root).lstrip("/").partition("?")[0]
        yield Object(store.unstrip_protocol(name), relative or "index", found[name])


@contextmanager
def opened(url: str) -> Iterator[Source]:
    """Open an object.

    Raises:
        SourceError: ``vanished`` or ``unreadable``.
    """
    store, path = system(url)
    try:
        watch(store)
        file = _Retried(store, path, is_web=url.startswith(WEB))
    except SourceError:
        raise
    except FileNotFoundError:
        raise SourceError("read", "vanished", "the object was there when the run began and is gone") from None
    except Exception as error:  # noqa: BLE001 - likewise
        raise SourceError("read", "unreadable", f"the object cannot be opened: {_told(error)}") from None
    with Source(file, file.state) as source:
        yield source


class _Retried:
    """The bytes of an object, fetched again where fetching fails.

    Raises:
        SourceError: ``unreadable``: its size is not told.
    """

    def __init__(self, system: Any, path: str, *, is_web: bool) -> None:  # noqa: ANN401 - fsspec has no types
        self._system = system
        self._path = path
        self._is_web = is_web
        self._file: Any = None
        self._position = 0
        self._version = self.state()
        if self._version[0] is None:
            message = "its server does not tell its size; fetch it first, or pipe it to standard input"
            raise SourceError("read", "unreadable", message)

    def state(self) -> tuple[Any, ...]:
        """Return size and version of the object, as they are now."""
        self._system.invalidate_cache()
        info = self._system.info(self._path)
        return (info.get("size"), *(str(info.get(key, "")) for key in VERSION_KEYS))

    def seek(self, position: int, /) -> int:
        """Go to a position."""
        self._position = position
        return position

    def readinto(self, into: memoryview, /) -> int:
        """Read, and try again what fails.

        Raises:
            OSError: It failed each time.
            SourceError: ``changed_while_read``, ``vanished``.
        """
        wanted = min(len(into), max(int(self._version[0]) - self._position, 0))
        if not wanted:
            return 0
        wait = FIRST_WAIT
        for left in reversed(range(TRIES)):
            try:
                part = self._fetch(wanted)
            except (SourceError, MemoryError):
                raise
            except FileNotFoundError:
                raise SourceError("read", "vanished", "the object was removed while it was read") from None
            except Exception as error:  # noqa: BLE001 - likewise
                self.close()
                if not left:
                    raise OSError(errno.EIO, f"failed {TRIES} times, the last time with {_told(error)}") from None
                time.sleep(wait)
                wait *= 2
            else:
                into[: len(part)] = part
                self._position += len(part)
                return len(part)
        raise AssertionError  # the last try returns or raises

    def close(self) -> None:
        """Let the object go."""
        if self._file is not None:
            with suppress(Exception):
                self._file.close()
            self._file = None

    def _fetch(self, wanted: int) -> bytes:
        if self._file is None:
            if self.state() != self._version:
                message = "the object was replaced while it was read; run again"
                raise SourceError("read", "changed_while_read", message)
            self._file = self._open()
        if self._file.tell() != self._position:
            self._go(self._position)
        part: bytes = self._file.read(wanted)
        if not part:
            raise OSError(errno.EIO, "the object ended early")
        return part

    def _open(self) -> Any:  # noqa: ANN401 - likewise
        # S3 is asked for this version and no other; of the answers of Google the range is looked at.
        more = {"trace_request_ctx": Expected(*self._version[:2])} if self._is_web else {}
        return self._system.open(self._path, "rb", block_size=BLOCK, cache_type="readahead", **more)

    def _go(self, position: int) -> None:
        """Go to a position, also where a server gives nothing but the whole from its beginning."""
        try:
            self._file.seek(position)
        except (ValueError, OSError):
            self.close()
            self._file = self._open()
            while left := position - self._file.tell():
                if not self._file.read(min(left, BLOCK)):
                    raise OSError(errno.EIO, "the object ended early") from None


def system(url: str) -> tuple[Any, str]:
    """Return the store of an address, and its path there.

    Raises:
        UsageError: There is no such kind of store, or an extra is missing.
    """
    scheme = url.partition("://")[0]
    extra = EXTRAS.get(scheme)
    if extra is None:
        raise UsageError(f"{url}: addresses of this kind are not read; there are: {', '.join(EXTRAS)}")
    try:
        from fsspec.core import url_to_fs

        watched = {SESSIONS[scheme]: {"trace_configs": [tracing()]}} if scheme in SESSIONS else {}
        system, path = url_to_fs(url, **watched)
    except ImportError as error:
        raise UsageError(f"{url}: needs pip install 'descrape[{extra}]' ({error})") from None
    except Exception as error:  # noqa: BLE001 - likewise
        raise UsageError(f"{url}: cannot be reached: {_told(error)}") from None
    return system, path


def _before_magic(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[: next(place for place, part in enumerate(parts) if has_magic(part))])


def _told(error: Exception) -> str:
    why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    return f"{type(error).__name__}: {why}"
