"""Members read as PHP prints them are those that the reader of damaged dumps finds, whatever was done to the text."""

from __future__ import annotations

from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.families.php_dump import structure
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
    raw = printed(value).encode() + b"\n\nRain fell.\n"
    for place, gone, put in changes:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + gone :]
    fast = read(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structure, "printed_texts", lambda _, at, __: Texts([], at, at))
        patch.setattr(structure, "printed_array", lambda *_: None)
        assert read(raw) == fast
