from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from pipeline.survey.counts import Seen, Top


@given(st.lists(st.integers(0, 30).map(str), max_size=300), st.integers(1, 8))
def test_no_thing_was_seen_oftener_than_the_count_and_what_was_missed(birds: Sequence[str], most: int) -> None:
    top: Top[Seen] = Top(Seen, most)
    for bird in birds:
        top.saw(bird)
    truth = Counter(birds)
    assert len(top) <= 2 * most
    assert top.total == len(birds)
    for bird, count in truth.items():
        known = top.entries[bird].count if bird in top.entries else 0
        assert count - top.missed <= known <= count


def test_as_long_as_there_is_room_every_count_is_exact() -> None:
    top: Top[Seen] = Top(Seen, 4)
    for bird in ["gull", "tern", "gull", "wren"]:
        top.saw(bird).note(f"{bird}.txt", "on the pier")
    assert (top.counts(), top.missed) == ({"gull": 2, "tern": 1, "wren": 1}, 0)
    assert (top.entries["gull"].uri, top.entries["gull"].example) == ("gull.txt", "on the pier")
