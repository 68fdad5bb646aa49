"""An object that is taken at once is what reading it member by member gives."""

from __future__ import annotations

import json

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recovery import patterns, recover

NAMES = st.sampled_from(["id", "title", "pic", "größe", "@id", "a-b.c", "u00e9", "", "a b", "a:b"])
TEXTS = st.text(st.sampled_from("aZ7 :,{}[]/'<#“”é\u2028\x7f\ud83d"), max_size=6) | st.sampled_from(
    ["/2016/03/27/a.jpg", "a, b: c", "café", "\U0001f6a2", "//", "/* a */", "<br>", '"', "\\", "\\ud83d", "\t"]
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = TEXTS | NUMBERS | st.sampled_from([None, True, False, [], [7], {}, {"id": "7"}])
DAMAGE = st.sampled_from([",", '"', "", "\\", ", ", "}", "{", "]", "/", " ", "'", ":", "<br>", "1e999", "\x00"])


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw a list of objects that is cut, or has one place damaged."""
    rows = draw(st.lists(st.dictionaries(NAMES, VALUES, max_size=4), min_size=1, max_size=3))
    separators = draw(st.sampled_from([(",", ":"), (",", ":"), (", ", ": ")]))
    text = json.dumps(rows, ensure_ascii=draw(st.booleans()), separators=separators)
    if draw(st.booleans()):
        text = text.replace("/", "\\/")
    at = draw(st.integers(1, len(text)))
    return text[:at] + draw(DAMAGE) + text[at + draw(st.integers(0, 1)) : draw(st.sampled_from([None, None, -1, at]))]


@given(damaged())
def test_an_object_that_is_taken_at_once_is_read_the_same_member_by_member(text: str) -> None:
    octets = text.encode("utf-8", "replace")
    at_once = recover(octets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns, "PLAIN_OBJECT", regex.compile(r"(?!)"))
        assert at_once == recover(octets)


def test_most_objects_are_taken_at_once() -> None:
    for plain in ('{"id":7}', '{"id":"7","at":-1.50,"on":true}', r'{"größe":"a\/b \u00e9 \\ [","pic":null}'):
        assert patterns.PLAIN_OBJECT.match(plain + ",") is not None
    for other in ('{"id": 7}', '{"a":[]}', '{"a":{}}', r'{"a":"\""}', '{"a":1e5}', '{"a":7,}', "{}", '{"a b":7}'):
        assert patterns.PLAIN_OBJECT.match(other + ",") is None
