"""What is told of the bytes of many texts at once is what each tells by itself."""

from __future__ import annotations

import pyarrow as pa
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.text_bytes import Texts, column_of_texts

PARTS = st.sampled_from(["7", "77", "7" * 17, "9" * 18, "a", "", "/", "ä"])
TEXTS = st.lists(st.none() | st.lists(PARTS, max_size=4).map("".join), max_size=6)


@given(TEXTS, st.sampled_from([1, 2, 3, 17, 18]))
def test_numbers_are_those_of_each_text(texts: list[str | None], digits: int) -> None:
    expected: list[int] = []
    start = 0
    for octets in (text.encode() if text else b"" for text in texts):
        found = regex.finditer(rb"(?<![0-9])[0-9]{%d}(?![0-9])" % digits, octets)
        expected += [start + number.start() for number in found]
        start += len(octets)
    assert Texts(pa.array(texts, pa.string())).numbers(digits).tolist() == expected


@given(TEXTS, st.sampled_from([b"7", b"/a", b"/a9x"]))
def test_places_are_those_of_any_of_the_bytes(texts: list[str | None], marks: bytes) -> None:
    octets = "".join(text or "" for text in texts).encode()
    expected = [place for place, byte in enumerate(octets) if byte in marks]
    assert Texts(pa.array(texts, pa.string())).places_of(marks).tolist() == expected


def test_a_column_holds_no_more_texts_than_its_places_can_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.text_bytes.INT32_LARGEST", 8)
    assert column_of_texts(b"ferryfog", [5, 3]).to_pylist() == ["ferry", "fog"]
    with pytest.raises(OverflowError):
        column_of_texts(b"ferryfogs", [5, 4])
