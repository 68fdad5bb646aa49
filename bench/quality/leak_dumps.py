"""Leaks of PHP as this benchmark writes them without a PHP: plain dumps, and errors.

How well dumps of a real PHP are read is measured in :mod:`bench.quality.php_dumps`; this is for the table of families.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

from bench.quality import php_errors
from bench.quality.context import CALLS, SHOWN_SHAPES
from bench.quality.leak_pages import CLOSE, OPEN, Form, Forms, Shown, leak

Value: TypeAlias = "int | str | dict[str, Value] | None"

_KEYS = ("id", "title", "pic", "sort", "author", "städte", "is open")
_TEXTS = ("Ferry back", "it's late", 'the "old" quay', "Die Fähre", "a) b (c", "", "7", "http://news.example/?a=1&b=2")


def _value(rng: random.Random, depth: int = 2) -> Value:
    if depth and rng.random() < 0.4:  # noqa: PLR2004 - less than half of the values hold others
        return _members(rng, depth - 1)
    return rng.choice((rng.randint(-99, 9999), rng.choice(_TEXTS), rng.choice(_TEXTS), None))


def _members(rng: random.Random, depth: int = 2) -> dict[str, Value]:
    return {key: _value(rng, depth) for key in rng.sample(_KEYS, rng.randint(2, 4))}


def _size(text: str) -> int:
    return len(text.encode())


def _var_dump(value: Value, indent: str = "") -> str:
    if value is None:
        return f"{indent}NULL\n"
    if isinstance(value, int):
        return f"{indent}int({value})\n"
    if isinstance(value, str):
        return f'{indent}string({_size(value)}) "{value}"\n'
    inner = indent + "  "
    rows = "".join(f'{inner}["{key}"]=>\n{_var_dump(one, inner)}' for key, one in value.items())
    return f"{indent}array({len(value)}) {{\n{rows}{indent}}}\n"


def _print_r(value: Value, indent: str = "") -> str:
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    inner = indent + "    "
    rows = "".join(f"{inner}[{key}] => {_print_r(one, inner + '    ')}\n" for key, one in value.items())
    return f"Array\n{indent}(\n{rows}{indent})\n"


def _var_export(value: Value, indent: str = "") -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    rows = "".join(
        f"{indent}  '{key}' => {_below(one, indent)}{_var_export(one, indent + '  ')},\n" for key, one in value.items()
    )
    return f"array (\n{rows}{indent})"


def _below(value: Value, indent: str) -> str:
    return f"\n{indent}  " if isinstance(value, dict) else ""


def _serialize(value: Value) -> str:
    if value is None:
        return "N;"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, str):
        return f's:{_size(value)}:"{value}";'
    return f"a:{len(value)}:{{{''.join(_serialize(key) + _serialize(one) for key, one in value.items())}}}"


def _dump(write: Callable[[Value], str]) -> Form:
    return lambda rng: leak(write(_members(rng)).strip())


FORMS: Forms = {
    "php_dump": {
        "var_dump": _dump(_var_dump),
        "print_r": _dump(_print_r),
        "var_export": _dump(_var_export),
        "serialize": _dump(_serialize),
    },
    "php_error": {"errors": lambda rng: leak(php_errors.one(rng).strip())},
}
"""How dumps and errors look."""


def _shown(shape: str, family: str) -> Form:
    def write(rng: random.Random) -> str:
        payload = rng.choice(list(FORMS[family].values()))(rng).replace(OPEN, "").replace(CLOSE, "")
        return shape.format(call=rng.choice(CALLS), payload=payload)

    return write


SHOWN: Shown = {family: [_shown(shape, family) for shape in SHOWN_SHAPES] for family in FORMS}
"""Pages that show such output on purpose."""
