"""Words are counted in bytes, and are those that ``str.split`` finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.words import counts

WHITE = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"
NO_WHITE = "aé—“日😀\x00\x07\u00c2\u200b\ufeff\u2060\u1681\u3001"
"""Letters, controls, and characters whose first bytes are those of white space."""


TEXTS = st.text(alphabet=WHITE + NO_WHITE, max_size=12) | st.text(alphabet="a \n", max_size=12)


@given(st.lists(TEXTS, max_size=5))
def test_words_are_those_between_white_space(texts: list[str]) -> None:
    assert counts(texts, [text.encode() for text in texts]) == [len(text.split()) for text in texts]


@given(st.text(max_size=40))
def test_words_of_any_text(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    assert counts([text], [text.encode()]) == [len(text.split())]
