"""What every test of a reader may ask for: a file that was written, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pipeline.model import Record, Reject
from pipeline.store.documents import Documents
from pipeline.store.inputs import Input
from pipeline.store.readers import form_of
from pipeline.store.readers.reading import ReadSettings


class Given(NamedTuple):
    """What came of a file: its documents in order, and whether it was read to its end."""

    found: list[Record | Reject]
    whole: bool

    @property
    def texts(self) -> list[bytes]:
        """The documents."""
        return [each.raw for each in self.found if isinstance(each, Record)]

    @property
    def rejects(self) -> list[tuple[int, str]]:
        """Record and code of what gave no document."""
        return [(each.record, each.code) for each in self.found if isinstance(each, Reject)]

    @property
    def messages(self) -> str:
        """What was said of it."""
        return "\n".join(each.message for each in self.found if isinstance(each, Reject))


Reading = Callable[..., Given]


@pytest.fixture
def read(tmp_path: Path) -> Reading:
    """Return a function that writes a file under a name and reads it, by the settings it is given."""

    def reading(name: str, raw: bytes, **settings: Any) -> Given:  # noqa: ANN401 - as they are declared
        form = form_of(name)
        assert form is not None
        (tmp_path / name).write_bytes(raw)
        documents = Documents(Input(name, str(tmp_path / name), form=form), ReadSettings(**settings))
        found = list(documents)
        assert [each.record for each in found] == list(range(len(found)))
        assert all(each.message for each in found if isinstance(each, Reject))
        return Given(found, documents.sha256 is not None)

    return reading
