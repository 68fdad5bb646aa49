"""A container that a process reads parts of: it stays open between two of them.

A part that lies in the midst of a compressed file is reached by unpacking what stands before it. So whoever was at a
part goes on from there to the next that it is given, and unpacks the file once, however many parts it has.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from pipeline.store.inputs import Input, opened_input
from pipeline.store.readers import SPLITTERS
from pipeline.store.readers.compression import opened
from pipeline.store.readers.reading import Cursor, Found, Part, ReadSettings
from pipeline.store.readers.source import BUFFER, Source


class _Reading:
    """An open container, and the record that is read next."""

    def __init__(self, item: Input, settings: ReadSettings) -> None:
        self.of = _identity(item, settings)
        self.record = 0
        self._item = item
        self._settings = settings
        self._cursor: Cursor | None = None
        with ExitStack() as stack:
            self.source = stack.enter_context(opened_input(item))
            self._file: io.BufferedReader[Any] = io.BufferedReader(self.source, BUFFER)
            stack.callback(self._file.detach)  # or it would close the source once more when it goes
            self._stack = stack.pop_all()

    def read(self, part: Part) -> Iterator[Found]:
        """Yield what stands in a part."""
        if self._cursor is None:
            form = self._item.form
            self._cursor = SPLITTERS[form.name].cursor(opened(self._file, form.compression), self._settings)
        self.record = part.first
        for found in self._cursor.read(part):
            self.record += 1
            yield found

    def close(self) -> None:
        """Let the file go."""
        self._stack.close()


class _Held(threading.local):
    """What a thread stands in."""

    reading: _Reading | None = None


_HELD = _Held()


@contextmanager
def part_of(item: Input, part: Part, settings: ReadSettings) -> Iterator[tuple[Source, Iterator[Found]]]:
    """Come to a part of a container: its file, and what stands in the part.

    The file stays open for the parts behind, unless this one was not read to its end or is the last.

    Raises:
        SourceError: It cannot be opened.
    """
    reading = _HELD.reading
    goes_on = reading is not None and item.refusal is None and reading.of == _identity(item, settings)
    if reading is None or not goes_on or reading.record > part.first:
        let_go()
        reading = _Reading(item, settings)
    _HELD.reading = reading
    try:
        yield reading.source, reading.read(part)
    except BaseException:
        let_go()
        raise
    if reading.record != part.stop:
        let_go()


def let_go() -> None:
    """Close the container that this thread stands in."""
    if _HELD.reading is not None:
        _HELD.reading.close()
        _HELD.reading = None


def _identity(item: Input, settings: ReadSettings) -> tuple[Any, ...]:
    return item.path, item.form, item.version, item.sha256, settings
