"""A key that sound JSON has twice in one object is told, whatever else stands there."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recovery import recover
from pipeline.recovery.twice import has_a_key_twice, repeats_a_key

TEXTS = st.text(st.sampled_from('ab":\\ \u00e9/,{'), max_size=5)
Members = list[tuple[str, Any]]


class Object(Members):
    """An object as the members that it is written with."""


VALUES = st.recursive(
    st.none() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(TEXTS, inner), max_size=3).map(Object),
    max_leaves=12,
)


def written(value: Any, colon: str, *, ascii_only: bool) -> str:  # noqa: ANN401 - any JSON there is
    if isinstance(value, Object):
        members = (f"{json.dumps(name)}{colon}{written(inner, colon, ascii_only=ascii_only)}" for name, inner in value)
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(written(inner, colon, ascii_only=ascii_only) for inner in value)}]"
    return json.dumps(value, ensure_ascii=ascii_only)


def comes_twice(value: Any) -> bool:  # noqa: ANN401 - any JSON there is
    if isinstance(value, Object):
        names = [name for name, _ in value]
        return len(set(names)) < len(names) or any(comes_twice(inner) for _, inner in value)
    return isinstance(value, list) and any(map(comes_twice, value))


@given(value=st.lists(VALUES), colon=st.sampled_from([":", " : ", "\n:"]), ascii_only=st.booleans())
def test_a_key_that_comes_twice_is_told(value: list[Any], colon: str, *, ascii_only: bool) -> None:
    text = written(value, colon, ascii_only=ascii_only).encode()
    assert has_a_key_twice(text, msgspec.json.decode(text)) == repeats_a_key(text) == comes_twice(value)


@pytest.mark.parametrize(
    ("text", "recovery"),
    [
        (b'[{"id":"7","title":"Ferry","id":"8"}]', "strict"),
        (b'{"list":[{"id":7,"title":"Fog at 7:30"},{"id":8,"title":"\\"Tide\\"","title":"Tram"}]}', "strict"),
        (rb'[{"id":7,"\u0069d":8}]', "strict"),
        (b'var related = [{"id":7,"id":8}];', "envelope"),
        (b"[{&quot;id&quot;:7,&quot;id&quot;:8}]", "decoded"),
        (b'[{"id":7,"id":8,}]', "repaired"),
    ],
)
def test_such_a_document_is_doubtful_and_says_why(text: bytes, recovery: str) -> None:
    found = recover(text)
    assert (found.recovery, found.suspect) == (recovery, True)
    assert found.reason.count("an object has a key twice") == 1


def test_a_document_whose_keys_are_different_is_not() -> None:
    found = recover(b'[{"id":7,"Id":8,"at":"7:30 \\"sharp\\": \\\\"},{"id":7}]')
    assert (found.recovery, found.suspect, found.reason) == ("strict", False, "")
