"""Documents made to be slow: eight times the bytes ought to take no more than ten times the work."""

from __future__ import annotations

import contextlib
import gc
import time

from bench.quality.figures import Figure, Section
from pipeline.errors import RejectedDocument
from pipeline.model import Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

SMALL = 50_000
"""Bytes of the small document; the large one has eight times as many."""
FACTOR = 8
MOST = 10.0
ROUNDS = 5

UNITS: dict[str, bytes] = {
    "var_dump heads never closed": b"array(1) {\n  [0]=>\n  ",
    "strings too short": b'string(9) "',
    "strings longer than the document": b'string(999999999) "',
    "keys without an end": b'array(1) {\n  ["',
    "keys with half an end": b'object(X)#1 (1) {\n  ["a":private]=>',
    "debug_zval_dump heads never closed": b"array(1) refcount(2){\n  [0]=>\n  ",
    "print_r heads never closed": b"Array\n(\n    [0] => ",
    "print_r heads on one line": b"Array ( [0] => ",
    "print_r objects never closed": b"stdClass Object\n(\n    [a] => ",
    "print_r members and no bracket": b"Array\n(\n" + b"    [0] => x\n" * 20,
    "var_export heads never closed": b"array (\n  0 => \n  ",
    "var_export strings never closed": b"array (\n  'a",
    "var_export objects never closed": b"\\Foo::__set_state(array(\n   'a' => \n  ",
    "serialized heads never closed": b"a:1:{i:0;",
    "serialized strings too short": b's:9:"',
    "serialized strings longer than the document": b's:999999999:"',
    "serialized objects never closed": b'O:1:"A":1:{s:1:"a";',
    "xdebug heads never closed": b"array(1) {\n  'a' =>\n  ",
    "xdebug strings never closed": b"array(1) {\n  'a' =>\n  string(9) \"abc",
    "symfony heads never closed": b"array:1 [\n  0 => ",
    "symfony objects never closed": b'Foo {#1\n  +"a": ',
    "errors without an end": b"Warning: foo in ",
    "stack traces without an end": b"Stack trace:\n#0 a.php(1): f()\n",
    "smart quotes that close nothing": "string(9) “abc” ".encode(),
    "entities that close nothing": b"string(9) &quot;abc&quot; ",
}


def hostile_section() -> Section:
    """Measure how the time of each hostile document grows with its length."""
    note = f"processor time of {SMALL * FACTOR} bytes over that of {SMALL}, and seconds for the larger one"
    return Section("Hostile documents", note, tuple(_figure(name, unit) for name, unit in UNITS.items()))


def _figure(name: str, unit: bytes) -> Figure:
    cleaner = Cleaner(load())
    small, large = (unit * (size // len(unit)) for size in (SMALL, SMALL * FACTOR))
    fast = slow = ratio = float("inf")
    for _ in range(ROUNDS):
        fast, slow = min(fast, _seconds(cleaner, small)), min(slow, _seconds(cleaner, large))
        ratio = slow / fast
        if ratio <= MOST:
            break
    return Figure(name, f"{ratio:.1f}, {slow:.2f} s", f"≤ {MOST:g}", met=ratio <= MOST)


def _seconds(cleaner: Cleaner, raw: bytes) -> float:
    gc.collect()
    gc.disable()  # or it would run at moments that depend on what was measured before
    try:
        start = time.process_time()
        with contextlib.suppress(RejectedDocument):
            cleaner.clean(Record("hostile.txt", 0, raw))
        return time.process_time() - start
    finally:
        gc.enable()
