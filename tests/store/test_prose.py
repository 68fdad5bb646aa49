"""What is made of bodies at once is what is made of each by itself."""

from __future__ import annotations

from hashlib import sha256

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.prose import AT_ONCE, columns


def assert_told(bodies: list[str]) -> None:
    """Hold the columns of bodies against what is told of each of them."""
    found = columns(bodies)
    found.text.validate(full=True)
    assert found.text.equals(pa.array(bodies, pa.string()))
    assert found.sha256 == [sha256(body.encode()).hexdigest() if body else None for body in bodies]
    assert found.n_words == [len(body.split()) for body in bodies]


@given(st.lists(st.text(alphabet="a é“日😀\n\u00a0", max_size=12), max_size=6))
def test_columns_are_what_is_told_of_each_body(bodies: list[str]) -> None:
    assert_told(bodies)


def test_more_bodies_than_are_looked_at_at_once() -> None:
    assert_told(["Fog … " * number for number in range(2 * AT_ONCE + 1)])


def test_a_body_that_is_no_text_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        columns(["Rain fell.", "\ud800"])
