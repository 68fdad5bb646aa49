"""A folder of objects on S3, and the one promise of S3 that a commit needs: a put that happens on a condition.

Each request is tried again when it fails. A conditional put whose answer was lost may have happened all the same; what
stands there then tells, for what is put on a condition is written by one run alone.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pipeline.errors import DescrapeError, UsageError
from pipeline.store import remote

SCHEMES = ("s3://", "s3a://")
AT_ONCE = 8
"""Objects that are moved at a time."""
REFUSED = frozenset({"PreconditionFailed", "NoSuchKey"})
"""What S3 answers when a condition does not hold: another object stands there, or none does."""

T = TypeVar("T")


class Content(NamedTuple):
    """A small object: its bytes, and the tag that a later put can be bound to."""

    raw: bytes
    tag: str


class Bucket:
    """The objects below an address.

    Args:
        url: Such as ``s3://bucket/clean``.

    Raises:
        UsageError: It is no address of S3, or the extra is missing.
    """

    def __init__(self, url: str) -> None:
        if not url.startswith(SCHEMES):
            raise UsageError(f"{url}: tables are written to folders and to {SCHEMES[0]}BUCKET/FOLDER, nowhere else")
        self.url = url.rstrip("/")
        self._system, path = remote.system(self.url)
        self._bucket, _, folder = path.strip("/").partition("/")
        self._folder = f"{folder}/" if folder else ""

    def get(self, key: str) -> Content | None:
        """Return a small object; None when it is not there."""
        from fsspec.asyn import sync

        def got() -> Content | None:
            try:
                answer = self._call("get_object", key)
            except FileNotFoundError:
                return None
            return Content(sync(self._system.loop, answer["Body"].read), answer["ETag"])

        return self._tried(key, got)

    def put(self, key: str, raw: bytes) -> None:
        """Write a small object."""
        self._tried(key, lambda: self._call("put_object", key, Body=raw))

    def put_if(self, key: str, raw: bytes, tag: str | None) -> bool:
        """Write a small object if the one with this tag stands there, or none does where the tag is None.

        Args:
            key: Where.
            raw: What no other run writes there: by that it is known whether a put without an answer happened.
            tag: Of the object that is to be replaced.

        Returns:
            Whether it stands there now.
        """
        condition = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        self._demand(*condition)

        def put() -> bool:
            try:
                self._call("put_object", key, Body=raw, **condition)
            except Exception as error:
                if _code(error) not in REFUSED and not self._holds(key, raw):
                    raise
                return self._holds(key, raw)
            return True

        return self._tried(key, put)

    def _demand(self, condition: str) -> None:
        """Refuse a client that does not know a condition: s3fs would leave it out, and the put would just happen."""
        model = self._system.connect().meta.service_model.operation_model("PutObject")
        if condition not in model.input_shape.members:
            raise UsageError("tables on S3 need a newer botocore, one that knows conditional puts: pip install -U s3fs")

    def _holds(self, key: str, raw: bytes) -> bool:
        there = self.get(key)
        return there is not None and there.raw == raw

    def upload(self, files: Mapping[str, Path]) -> None:
        """Write files, by their keys."""
        self._each(files.items(), lambda entry: self._system.put_file(str(entry[1]), self._path(entry[0])))

    def download(self, files: Mapping[str, Path]) -> None:
        """Fetch files, by their keys.

        Raises:
            DescrapeError: One is not there.
        """
        self._each(files.items(), lambda entry: self._system.get_file(self._path(entry[0]), str(entry[1])))

    def copy(self, keys: Mapping[str, str]) -> None:
        """Copy objects where they are: each key gets what stands at another."""
        self._each(keys.items(), lambda entry: self._system.cp_file(self._path(entry[1]), self._path(entry[0])))

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the keys below a folder, in order, with the sizes of what stands there."""

        def listed() -> dict[str, int]:
            self._system.invalidate_cache()
            root = self._path(folder)
            found = self._system.find(root, detail=True)
            start = len(self._path(""))
            return {name[start:]: info["size"] for name, info in sorted(found.items()) if info["type"] == "file"}

        return self._tried(folder, listed)

    def remove(self, keys: Iterable[str]) -> None:
        """Remove objects."""
        paths = [self._path(key) for key in keys]
        if paths:
            self._tried(paths[0], lambda: self._system.rm(paths))

    def _path(self, key: str) -> str:
        return f"{self._bucket}/{self._folder}{key}"

    def _call(self, method: str, key: str, **more: object) -> dict[str, Any]:
        answer: dict[str, Any] = self._system.call_s3(method, Bucket=self._bucket, Key=self._folder + key, **more)
        return answer

    def _each(self, entries: Iterable[tuple[str, Any]], move: Callable[[tuple[str, Any]], object]) -> None:
        def moved(entry: tuple[str, Any]) -> None:
            self._tried(entry[0], lambda: move(entry))

        with ThreadPoolExecutor(AT_ONCE) as threads:
            for _ in threads.map(moved, entries):
                pass

    def _tried(self, key: str, what: Callable[[], T]) -> T:
        """Do something, and again when it fails.

        Raises:
            DescrapeError: It failed each time.
        """
        for wait in (*_waits(), None):
            try:
                return what()
            except (PermissionError, FileNotFoundError) as error:
                raise DescrapeError(f"{self.url}/{key}: {error}") from None
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 - the store has exceptions of its own
                if wait is None or getattr(error, "errno", None) == errno.ENOSPC:
                    message = f"failed {remote.TRIES} times, the last time with {type(error).__name__}: {error}"
                    raise DescrapeError(f"{self.url}/{key}: {message}") from None
                time.sleep(wait)
        raise AssertionError  # the last try returns or raises


def _waits() -> Iterator[float]:
    for number in range(remote.TRIES - 1):
        yield remote.FIRST_WAIT * 2**number


def _code(error: Exception) -> str | None:
    """Return the word that S3 gave for an error."""
    answer = getattr(error.__cause__ or error, "response", None)
    return answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None
