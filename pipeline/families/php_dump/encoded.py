"""Dumps in ``<pre>`` whose tags were encoded as a whole: decoded once, they are read like any other."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.view import View, once_decoded
from pipeline.model import Page

ENCODED = "its tags are encoded"


def read_pre(
    page: Page, view: View, opened: int, read: Callable[[View, int], Reading | Refusal | None]
) -> Reading | Refusal | None:
    """Return what is read from a ``<pre>`` on, in the text itself or in what it is once decoded.

    Args:
        page: The document.
        view: What a reader sees of it.
        opened: Place of ``<pre``.
        read: Reads the value in a view from that place on.
    """
    if view.raw.startswith(b"<", view.start(opened)):
        return read(view, opened)
    plain, again = once_decoded(page)
    reading = read(again, again.place(plain.place(view.start(opened))))
    if isinstance(reading, Reading):
        repaired = "; ".join(filter(None, [ENCODED, reading.repaired]))
        return replace(
            reading,
            start=plain.start(reading.start or 0),
            stop=plain.end(reading.stop),
            sure=None if reading.sure is None else plain.end(reading.sure),
            declared_stop=plain.end(reading.declared_stop),
            repaired=repaired,
        )
    return reading and replace(reading, stop=max(plain.end(reading.stop), view.start(opened) + 1))
