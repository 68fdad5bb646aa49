"""JSON is decoded to the same depth whatever the decoder and its caller make of it."""

from __future__ import annotations

import json

import pytest

from pipeline.nesting import DEEPEST, too_deep
from pipeline.recovery.strict import SHALLOW_LEVELS, decode


@pytest.mark.parametrize("levels", [1, SHALLOW_LEVELS, SHALLOW_LEVELS + 1, DEEPEST])
@pytest.mark.parametrize(("head", "tail", "each"), [("[", "]", 1), ('{"a":', "}", 1), ('{"a":[7,', "]}", 2)])
def test_json_is_decoded_down_to_a_bound(levels: int, head: str, tail: str, each: int) -> None:
    times = max(levels // each, 1)
    text = head * times + "12345678901234567890123" + tail * times
    assert decode(text.encode()) == json.loads(text)


def test_json_is_refused_beyond_it() -> None:
    for text in (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), b'{"a":' * 100_000, b"[" * 100_000):
        assert too_deep(text)
        with pytest.raises(ValueError, match="deeper than is read"):
            decode(text)
