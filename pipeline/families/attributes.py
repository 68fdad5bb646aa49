"""Attributes of tags and shortcodes: ``name="value"``, also with quotes that became curly or were encoded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.patterns import lazy_compile

MOST = 64
"""Attributes that are read of one tag."""
_LONGEST = 4000
"""Bytes of a value in quotes at most: style sheets and base64 stand in some."""

_DOUBLE = (
    rb"(?:\"|\xe2\x80[\x9c-\x9f]|\xe2\x80\xb3|\xc2\xab|\xc2\xbb"
    rb"|&(?:amp;)?(?:quot|#0?34|#x22|#822[0-2]|#8243|[lrb]dquo|Prime|[lr]aquo);)"
)
_SINGLE = rb"(?:'|\xe2\x80[\x98-\x9b]|\xe2\x80\xb2|&(?:amp;)?(?:apos|#0?39|#x27|#821[6-8]|#8242|[lr]squo|prime);)"
_INSIDE = rb"(?:[^\"'<>\[\]&\xe2\xc2\r\n]++|(?!%s)[^\"<>\[\]\r\n])"
_VALUE = (
    rb"(?:\"(?P<straight>[^\"]{0,%d})\"|'(?P<single>[^']{0,%d})'" % (_LONGEST, _LONGEST)
    + rb"|" + _DOUBLE + rb"(?P<curly>" + _INSIDE % _DOUBLE + rb"{0,1000}+)" + _DOUBLE
    + rb"|" + _SINGLE + rb"(?P<curly_single>" + _INSIDE % _SINGLE + rb"{0,1000}+)" + _SINGLE
    + rb"|(?P<bare>[^\s\"'<>`=\[\]&]{1,1000}+))"
)  # fmt: skip
_ATTRIBUTE = lazy_compile(
    rb"(?:\s|\xc2\xa0|&nbsp;){0,40}+(?P<name>[A-Za-z_@:][\w:.@\-]{0,80}+)"
    rb"(?:(?P<equals>\s{0,8}+=\s{0,8}+" + _VALUE + rb")|(?!\s{0,8}=))"
)
_FORMS = ("straight", "single", "curly", "curly_single", "bare")


class Attributes(NamedTuple):
    """What stands in a tag behind its name.

    Attributes:
        values: The value of each attribute that has one.
        bare: Names that stand without a value.
        quoted: How many values stood in quotes.
        stop: First byte that is no part of them.
    """

    values: Mapping[str, JSON]
    bare: tuple[str, ...]
    quoted: int
    stop: int


def read(raw: bytes, at: int) -> Attributes:
    r"""Return the attributes that stand at a byte, as many as there are.

    >>> read('a id="7" width=”300″ async>'.encode(), 1)[:3]
    ({'id': '7', 'width': '300'}, ('async',), 2)
    """
    values: dict[str, JSON] = {}
    bare: list[str] = []
    quoted = 0
    while len(values) + len(bare) < MOST and (found := _ATTRIBUTE.match(raw, at)):
        if found.start("name") == at and not (values or bare):
            break  # the name of the tag goes on
        name = found["name"].decode("utf-8", "replace")
        if found["equals"] is None:
            bare.append(name)
        else:
            values.setdefault(name, from_bytes(next(found[form] for form in _FORMS if found[form] is not None)))
            quoted += found["bare"] is None
        at = found.end()
    return Attributes(values, tuple(bare), quoted, at)
