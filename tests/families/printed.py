"""Values as PHP prints them, for tests: written from PHP's own source, apart from the readers."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from pipeline.families.php_dump.value import JSON

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("'\"\\;{}()[]=>\n\0:"), max_size=24)
KEYS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz_'\"é "), min_size=1, max_size=8)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)


def values(texts: st.SearchStrategy[str]) -> st.SearchStrategy[JSON]:
    """Return lists and maps of scalars and these texts, nested."""
    leaves: st.SearchStrategy[JSON] = SCALARS | texts
    nested = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, min_size=1, max_size=4)
    )
    return st.lists(nested, max_size=4) | st.dictionaries(KEYS, nested, min_size=1, max_size=4)


def members(value: list[JSON] | dict[str, JSON]) -> Iterator[tuple[int | str, JSON]]:
    """Give the keys and values of an array."""
    return iter(value.items() if isinstance(value, dict) else enumerate(value))


def serialized(value: JSON) -> bytes:
    """Return a value as ``serialize`` prints it."""
    if value is None:
        return b"N;"
    if isinstance(value, bool):
        return b"b:%d;" % value
    if isinstance(value, int):
        return b"i:%d;" % value
    if isinstance(value, float):
        return b"d:%s;" % repr(value).upper().encode()
    if isinstance(value, str):
        raw = value.encode()
        return b's:%d:"%s";' % (len(raw), raw)
    return b"a:%d:{%s}" % (len(value), b"".join(serialized(key) + serialized(each) for key, each in members(value)))


def _quoted(text: str) -> bytes:
    escaped = text.encode().replace(b"\\", b"\\\\").replace(b"'", b"\\'")
    return b"'" + escaped.replace(b"\0", b"' . \"\\0\" . '") + b"'"


def exported(value: JSON, depth: int = 0) -> bytes:
    """Return a value as ``var_export`` prints it."""
    if value is None:
        return b"NULL"
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int):
        return b"%d" % value if value > -(2**63) else b"-9223372036854775807-1"
    if isinstance(value, float):
        return repr(value).upper().encode()
    if isinstance(value, str):
        return _quoted(value)
    indent = b"  " * depth
    lines = []
    for key, each in members(value):
        head = b"%d" % key if isinstance(key, int) else _quoted(key)
        gap = b"\n" + indent + b"  " if isinstance(each, list | dict) else b""
        lines.append(indent + b"  " + head + b" => " + gap + exported(each, depth + 1) + b",\n")
    return b"array (\n" + b"".join(lines) + indent + b")"


def shown(value: JSON) -> str:
    """Return a scalar as ``print_r`` prints it."""
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)


def printed(value: list[JSON] | dict[str, JSON], depth: int = 0) -> bytes:
    """Return an array as ``print_r`` prints it, with the line break behind it."""
    indent = b" " * (8 * depth)
    lines = b""
    for key, each in members(value):
        text = printed(each, depth + 1) if isinstance(each, list | dict) else shown(each).encode()
        lines += indent + b"    [%s] => %s\n" % (str(key).encode(), text)
    return b"Array\n" + indent + b"(\n" + lines + indent + b")\n"


def as_strings(value: JSON) -> JSON:
    """Return what is left of a value once ``print_r`` has printed it."""
    if isinstance(value, list):
        return [as_strings(each) for each in value]
    if isinstance(value, dict):
        return {key: as_strings(each) for key, each in value.items()}
    return shown(value)
