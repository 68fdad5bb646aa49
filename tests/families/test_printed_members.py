"""Members read as PHP prints them are those that the reader of damaged dumps finds, whatever was done to the text."""

from __future__ import annotations

import re
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.families.php_dump import print_r_tokens, structure
from pipeline.families.php_dump.print_r import read_print_r
from pipeline.families.php_dump.printed import Texts
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.model import Page

Value: TypeAlias = "str | dict[str | int, Value]"

TEXTS = st.sampled_from(["", "quay", 'a"]=>b', '"\n  ["id"]=>\n  string(1) "7"\n', "}\n}", "array(1) {", "Größe", '"'])
KEYS: st.SearchStrategy[str | int] = st.sampled_from(
    [0, 1, -7, "id", "title", "a b", "x.y", 'a"]=>b', "f(", "1", "", "ä", ":protected"]
)
VALUES: st.SearchStrategy[Value] = st.recursive(TEXTS, lambda inner: st.dictionaries(KEYS, inner, max_size=4))
CHANGES = st.sampled_from([b"", b" ", b'"', b"\n", b"}", b"0", b"&quot;", b" refcount(2)", b"..."])


def printed(value: Value, indent: str = "") -> str:
    """Return a value as ``var_dump`` prints it."""
    if isinstance(value, str):
        return f'{indent}string({len(value.encode())}) "{value}"'
    inner = indent + "  "
    quote = {str: '"', int: ""}
    members = [
        f"{inner}[{quote[type(key)]}{key}{quote[type(key)]}]=>\n{printed(member, inner)}\n"
        for key, member in value.items()
    ]
    return f"{indent}array({len(value)}) {{\n{''.join(members)}{indent}}}"


def changed(raw: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """Return a text in which some bytes are replaced by others, at places that are shares of its length."""
    for place, gone, put in changes:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + gone :]
    return raw


def read(raw: bytes) -> Reading | Refusal | None:
    return structure.read_structure(Page(raw), 0)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(KEYS, VALUES, min_size=1, max_size=5),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 2), CHANGES), max_size=2),
)
def test_members_are_those_of_the_slow_reader(
    value: dict[str | int, Value], changes: list[tuple[float, int, bytes]]
) -> None:
    raw = changed(printed(value).encode() + b"\n\nRain fell.\n", changes)
    fast = read(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structure, "printed_texts", lambda _, at, __: Texts([], at, at))
        patch.setattr(structure, "printed_array", lambda *_: None)
        assert read(raw) == fast


ARRAYS = st.dictionaries(st.sampled_from([0, 1, -7, "id", "a b", "x.y", "a:protected", "a]", "ä"]), VALUES, max_size=5)
LINES = st.sampled_from([b"", b" ", b"\n", b"\r", b"Array", b" Object\n(\n", b")", b"[id] => ", b"=&gt;", b"..."])


def print_r(value: Value, indent: str = "") -> str:
    """Return a value as ``print_r`` prints it."""
    if isinstance(value, str):
        return value
    members = "".join(f"{indent}    [{key}] => {print_r(each, indent + ' ' * 8)}\n" for key, each in value.items())
    return f"Array\n{indent}(\n{members}{indent})\n"


@settings(max_examples=300, deadline=None)
@given(ARRAYS, st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 2), LINES), max_size=2))
def test_members_of_print_r_are_those_of_the_slow_reader(
    value: dict[str | int, Value], changes: list[tuple[float, int, bytes]]
) -> None:
    raw = changed(f"{print_r(value)}\nRain fell.\n".encode(), changes)
    fast = read_print_r(Page(raw), 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(print_r_tokens, "PRINTED_MEMBER", re.compile(rb"(?!)"))
        patch.setattr(print_r_tokens, "PRINTED_ARRAY", re.compile(rb"(?!)"))
        assert read_print_r(Page(raw), 0) == fast
