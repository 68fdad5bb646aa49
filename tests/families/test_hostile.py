"""A document made to be slow takes no more than its length allows: eight times the work for eight times the bytes."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable

import pytest

from pipeline.errors import RejectedDocument
from pipeline.model import Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

CLEANER = Cleaner(load())

LARGE = 480_000
SMALL = LARGE // 8
ROUNDS = 3
RATIO = 12
"""Eight would be linear; the rest is for caches, allocation and a busy machine. Quadratic work would be 64."""
SOON = 0.3
"""Seconds of processor time that need no comparison."""
HOPELESS = 1.5
"""Seconds for the small document after which the large one is not tried: linear work takes a tenth of it."""


def repeat(unit: bytes, size: int, tail: bytes = b"") -> bytes:
    """Return a document of about ``size`` bytes."""
    return unit * (size // len(unit)) + tail


def of_unit(unit: bytes, tail: bytes = b"") -> Callable[[int], bytes]:
    """Return what makes documents of one unit again and again."""
    return lambda size: repeat(unit, size, tail)


def nested(size: int) -> bytes:
    """Return complete arrays, each as deep as is read, one after the other."""
    depth = 200
    heads = b"".join(b"array(1) {\n" + b"  " * (level + 1) + b"[0]=>\n" + b"  " * (level + 1) for level in range(depth))
    closers = b"".join(b"\n" + b"  " * (depth - level - 1) + b"}" for level in range(depth))
    return repeat(heads + b"int(1)" + closers + b"\n", size)


def payload(text: bytes) -> bytes:
    """Return a dump of a string."""
    return b'string(%d) "%s"' % (len(text), text)


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "nested heads never closed": of_unit(b"array(1) {\n  [0]=>\n  "),
    "arrays as deep as is read": nested,
    "an array of many members": lambda size: (
        b"array(%d) {" % (size // 16) + repeat(b"\n  [7]=>\n  int(7)", size) + b"\n}"
    ),
    "an array of members with new names": lambda size: (
        b"array(%d) {" % (size // 20)
        + b"".join(b"\n  [%d]=>\n  int(7)" % number for number in range(size // 20))
        + b"\n}"
    ),
    "an array without its closing brace": lambda size: b"array(9) {" + repeat(b"\n  [7]=>\n  int(7)", size),
    "objects never closed": of_unit(b"object(X)#1 (1) {\n"),
    "class names without an end": of_unit(b"object(" + b"X" * 500),
    "strings too short": of_unit(b'string(9) "'),
    "strings longer than the document": of_unit(b'string(99999999) "'),
    "strings longer than the document, on lines": of_unit(b'string(99999999) "\n'),
    "strings of JSON too long, with a blank line at the very end": of_unit(b'string(99999999) "[{"', b"\n\nProse."),
    "strings that end at the last byte but one": lambda size: (
        repeat(b'string(%d) "' % (size // 2), size // 2) + b"x" * (size // 2)
    ),
    "strings in strings": lambda size: repeat(b'string(500) "x', size) + b'"' * 600,
    "JSON that is none, in strings with prose behind them": of_unit(b'string(600) "[' + b"[" * 599 + b'"x'),
    "keys without an end": of_unit(b'array(1) {\n  ["'),
    "keys with half an end": of_unit(b'array(1) {\n  ["]=>'),
    "property names with half an end": of_unit(b'object(X)#1 (1) {\n  ["a":private]=>'),
    "one key with many half ends": lambda size: b'object(X)#1 (1) {\n  ["' + repeat(b'":"a":private]=> ', size),
    "lines of no-break spaces": of_unit("\u00a0".encode() * 2000 + b"\n"),
    "one line of no-break spaces": of_unit("\u00a0".encode()),
    "words between long runs of no-break spaces": of_unit(b"word" + "\u00a0".encode() * 2000),
    "no-break spaces before a dump": lambda size: repeat("\u00a0".encode(), size) + b'string(2) "ok"',
    "many small dumps": of_unit(b'string(2) "ok"\n'),
    "many small arrays": of_unit(b"array(0) {\n}\n"),
    "many small dumps and look-alikes": of_unit(b'string(2) "ok"\nstring(3) "ok"\n'),
    "many look-alikes, and code at the very end": of_unit(b'string(2) "ok"\n', b"\n\nvar_dump($x)"),
    "carriage returns and line breaks": of_unit(b"\n\r\r\n"),
    "returns with blanks between": of_unit(b"\r" + b" " * 3000),
    "titles": of_unit(b"A Short Line\n\n"),
    "one title again and again, then prose": of_unit(b"Ferry Back\n\n", b"Rain fell.\n\nRain fell."),
    "timestamp lines": of_unit(b"Sun Mar 27, 2016 11:55:38\n"),
    "sign-offs": of_unit(b"S/SH 11\n\n"),
    "a line of flags": of_unit(b"VIDEO: ", b"Title\n\nProse follows here.\n"),
    "one long word": of_unit(b"x"),
    "half of the code sign": of_unit(b"var_dump "),
    "NUL bytes": of_unit(b"\0"),
    "lists of JSON never closed": of_unit(b'[{"a":'),
    "lists of JSON never closed, on lines": of_unit(b'[{"a":"b"\n'),
    "one long list of JSON": lambda size: b'[{"a":1,"b":2}' + repeat(b',{"a":1,"b":2}', size) + b"]",
    "one long list of JSON, cut": lambda size: b'[{"a":1,"b":2}' + repeat(b',{"a":1,"b":2}', size),
    "many small lists of JSON": of_unit(b'[{"a":1,"b":2}]\n'),
    "JSON-LD never closed": of_unit(b'{"@context":"x","@type":"y",\n'),
    "script elements never closed": of_unit(b'<script>{"a":1}\n'),
    "statements without an end": of_unit(b'var a = {"a":1}\n'),
    "callbacks never closed": of_unit(b'cb({"a":1}\n'),
    "a payload of quotes": lambda size: payload(b'[{"a":"' + repeat(b'"', size)),
    "a payload of strings that never end": lambda size: payload(repeat(b'[{"a":"b" "', size)),
    "a payload of keys without values": lambda size: payload(b"[" + repeat(b'{"a":', size)),
    "a payload of items that cannot be read": lambda size: payload(b'[{"a":1},' + repeat(b'{"a":!},', size)),
    "a payload of escaped quotes": lambda size: payload(b'[{"a":1},' + repeat(b'{"a":"\\"', size)),
    "a payload of brackets": lambda size: payload(repeat(b"[", size)),
    "a payload of comments": lambda size: payload(b"[" + repeat(b"/*", size)),
    "a payload of entities": lambda size: payload(b"[{" + repeat(b"&quot;", size)),
    "a payload of closing brackets": lambda size: payload(b'[{"a":1}' + repeat(b"}, {", size)),
    "a payload of semicolons": lambda size: payload(b"[1" + repeat(b");", size)),
}


def seconds(raw: bytes) -> float:
    """Return the processor time of cleaning a document."""
    gc.collect()
    gc.disable()  # or it would run at moments that depend on what was tested before
    try:
        start = time.process_time()
        with contextlib.suppress(RejectedDocument):
            CLEANER.clean(Record("hostile.txt", 0, raw))
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_work_grows_with_the_length_of_a_document(make: Callable[[int], bytes]) -> None:
    small, large = make(SMALL), make(LARGE)
    least_small = least_large = float("inf")
    for _ in range(ROUNDS):
        least_small = min(least_small, seconds(small))
        assert least_small < HOPELESS, f"{least_small:.3f} s for {len(small)} bytes"
        least_large = min(least_large, seconds(large))
        if least_large < SOON or least_large <= RATIO * least_small:
            return
    pytest.fail(f"{least_small:.3f} s for {len(small)} bytes, {least_large:.3f} s for {len(large)}")
