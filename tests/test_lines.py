"""Lines as columns: what is done to all of them at once is what is done to each line by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline import white
from pipeline.lines import Lines
from pipeline.model import Line, Tile
from pipeline.stages import text

TEXTS = st.text(st.sampled_from("Aé— .,\u3000𝄞"), min_size=1).filter(lambda line: line == line.strip(white.CHARACTERS))


def read(printed: list[str]) -> tuple[bytes, Lines]:
    """Return a page of some paragraphs, and its lines."""
    raw = "\n\n".join(printed).encode()
    return raw, text.read(raw, [Tile(0, len(raw))])


@given(st.lists(TEXTS, min_size=1, max_size=3), st.data())
def test_a_line_is_parted_in_its_columns_as_by_itself(printed: list[str], data: st.DataObject) -> None:
    raw, lines = read(printed)
    place = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(1, len(lines.texts[place])))
    halves = [half for half in lines[place].split(raw, at) if half is not None]
    expected: list[Line] = [*lines[:place], *halves, *lines[place + 1 :]]
    assert list(lines.parted(raw, place, at)) == expected


def test_parting_twice_leaves_the_lines_as_they_were() -> None:
    raw, lines = read(["VANTRY — MONDAY — Rain fell.", "It ended."])
    once = lines.parted(raw, 0, len("VANTRY —"))
    twice = once.parted(raw, 1, len("MONDAY —"))
    assert twice.texts == ["VANTRY —", "MONDAY —", "Rain fell.", "It ended."]
    assert [raw[start:stop].decode() for start, stop in zip(twice.starts, twice.stops, strict=True)] == twice.texts
    assert twice.joints == ["", " ", " ", "\n\n"]
    assert len(lines) == len(read(["VANTRY — MONDAY — Rain fell.", "It ended."])[1])
