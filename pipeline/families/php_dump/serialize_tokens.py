r"""The tokens of ``serialize`` output, as PHP prints them and as damage leaves them; matched at a position.

Source: ``php_var_serialize_intern`` in ext/standard/var.c of php-src, whose output was compared with PHP 8.2.
"""

from __future__ import annotations

import regex

from pipeline.families.php_dump.damage import QUOTE
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.value import JSON, from_float
from pipeline.patterns import lazy_compile

COUNT = rb"([0-9]{1,9})"
NAME = rb"([^\"\s;{}]{1,512}?)"

ARRAY_HEAD = lazy_compile(rb"a:%b:\{" % COUNT)
OBJECT_HEAD = lazy_compile(rb"O:[0-9]{1,4}:(%b)%b(%b):%b:\{" % (QUOTE, NAME, QUOTE, COUNT))
CUSTOM_HEAD = lazy_compile(rb"C:[0-9]{1,4}:(%b)%b(%b):%b:\{" % (QUOTE, NAME, QUOTE, COUNT))
STRING_HEAD = lazy_compile(rb"s:%b:(%b)" % (COUNT, QUOTE))
ESCAPED_HEAD = lazy_compile(rb'S:%b:"' % COUNT)
ENUM = lazy_compile(rb"E:[0-9]{1,4}:%b%b:([^\":;\s]{1,256}?)%b;" % (QUOTE, NAME, QUOTE))
INT = lazy_compile(rb"i:(-?[0-9]{1,19});")
FLOAT = lazy_compile(rb"d:(-?[0-9]{1,400}(?:\.[0-9]{1,64})?(?:E[+-]?[0-9]{1,4})?|-?INF|NAN);")
BOOL = lazy_compile(rb"b:([01]);")
NULL = lazy_compile(rb"N;")
REFERENCE = lazy_compile(rb"([Rr]):([0-9]{1,9});")

VALUE_NEXT = rb"(?:[aOCEsSidbRr]:-?[0-9IN]|N;)"
KEY_NEXT = rb"(?:[isS]:-?[0-9]|\}|\Z)"
AFTER_KEY = Landmark(lazy_compile(rb"%b(?=;%b)" % (QUOTE, VALUE_NEXT)))
AFTER_VALUE = Landmark(lazy_compile(rb"%b(?=;%b)" % (QUOTE, KEY_NEXT)))
AFTER_CUSTOM = Landmark(lazy_compile(rb"\}(?=%b)" % KEY_NEXT))
AFTER_ROOT = Landmark(lazy_compile(rb"\}"))
"""What ends a string or an object's own data, by what must follow."""

NUL = rb"(?:\0|\xef\xbf\xbd| )"
HIDDEN = lazy_compile(rb"%b(\*|[^\0 \xef]{1,512})%b(.+)\Z" % (NUL, NUL), regex.DOTALL)
"""The name of a property that is not public: between NUL bytes an asterisk, or the class it is private to."""

ESCAPED = lazy_compile(rb"\\([0-9A-Fa-f]{2})|[^\\]", regex.DOTALL)

PARTIAL = lazy_compile(
    rb"(?:\}{0,256}+(?:a:[0-9]{1,9}:\{|[OC]:[0-9]{1,4}:%b[^\";{}]{1,512}%b:[0-9]{1,9}:\{|[sS]:[0-9]{1,9}:%b"
    rb"|E:[0-9]{1,4}:%b[^\";{}]{1,512}%b;|i:-?[0-9]{1,19};|d:[-+.0-9EINFA]{1,400};|b:[01];|N;|[Rr]:[0-9]{1,9};)?)\Z"
    % (QUOTE, QUOTE, QUOTE, QUOTE, QUOTE)
)
"""Any token, cut off anywhere: matched partially where the text ends."""
PARTIAL_LONGEST = 1200

MEMBER_WITHIN = lazy_compile(rb'";(?:[sidb]:|[aOCE]:[0-9]|N;)')
"""What a string hardly holds: its length may fit by chance where the text before it lost as much as this is long."""
LEFT_OVER = lazy_compile(rb"(?:%b;)?\}" % QUOTE)
"""The end of another value behind one: so a string of it may have ended too soon."""
MEMBER_BEFORE = lazy_compile(rb"[;{}]\Z")


def scalar(raw: bytes, at: int) -> tuple[JSON, int] | None:
    """Read a value without members, length or number of another one at ``at``; return it and the byte after it.

    >>> scalar(b"b:1;N;", 0), scalar(b"b:1;N;", 4)
    ((True, 4), (None, 6))
    """
    if match := INT.match(raw, at):
        return int(match[1]), match.end()
    if match := NULL.match(raw, at):
        return None, match.end()
    if match := BOOL.match(raw, at):
        return match[1] == b"1", match.end()
    if match := FLOAT.match(raw, at):
        return from_float(match[1]), match.end()
    return None
