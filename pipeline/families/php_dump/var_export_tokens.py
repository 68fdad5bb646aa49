r"""The tokens of ``var_export`` output, as PHP prints them and as damage leaves them; matched at a position.

Source: ``php_var_export_ex`` in ext/standard/var.c of php-src, whose output was compared with PHP 8.2. A string escapes
``'`` and ``\`` only, and writes a NUL byte as a piece of its own between two strings.
"""

from __future__ import annotations

import regex

from pipeline.families.glued import behind_word
from pipeline.families.php_dump.damage import ARROW, BLANK, BLANK_LINE, QUOTE, SINGLE_QUOTE, WHITE, after_white
from pipeline.families.php_dump.names import without_text_before
from pipeline.families.php_dump.value import JSON, from_float
from pipeline.patterns import lazy_compile

CLASS = rb"\\?[A-Za-z_\x80-\xff][A-Za-z0-9_\\\x80-\xff]{0,511}"

ARRAY_HEAD = lazy_compile(rb"array \(")
STDCLASS_HEAD = lazy_compile(rb"\(object\) array\(")
ANONYMOUS = rb"@anonymous[^\r\n]{0,1024}?:[0-9]{1,7}\$[0-9a-f]{1,16}"
"""What stands behind the parent of a class without a name: a NUL byte, unless that was lost, and a place in code."""
STATE_HEAD = lazy_compile(rb"(?P<class>%b)(?P<anonymous>%b)?::__set_state\(array\(" % (CLASS, ANONYMOUS))
CLASS_AT = lazy_compile(rb"%b(?:@anonymous)?" % CLASS)
HEAD_LONGEST = 1600
"""Bytes of the head of an object at most."""
EMPTY_STATE = lazy_compile(rb"\\%b::__set_state\(array\( \)\)" % CLASS.removeprefix(rb"\\?"))
"""An object without properties whose line break became a blank, as nobody would write it."""
EMPTY_IN_LINE = lazy_compile(rb"array(?:%b){1,8}\((?:%b){1,8}\)" % (BLANK, BLANK))
"""An array without members whose line break became a blank."""
PARAGRAPH_BREAK = lazy_compile(BLANK_LINE + rb"|</p>[ \t\r\n]*+<p>")
"""No value begins behind one."""
ANY_HEAD = lazy_compile(rb"array ?\(")
"""The head of another value: no string whose quotes were changed is taken to hold one."""
CLASS_BEFORE = lazy_compile(rb"(?<![A-Za-z0-9_\\\x80-\xff$])(?<!->)(?<!::)%b\Z" % CLASS)
"""The class name in front of ``::__set_state(array(``."""
CLASS_LONGEST = 513
ANONYMOUS_BEFORE = lazy_compile(ANONYMOUS)
ANONYMOUS_LONGEST = 1064

_BLANKS = rb"(?:[ \t\r\n]|\xc2\xa0|&nbsp;){0,8}+"
ARROW_TOKEN = lazy_compile(ARROW)
INTEGER_KEY = lazy_compile(rb"-?[0-9]{1,19}(?=[ \t=&\xe2])")
OPENING = lazy_compile(SINGLE_QUOTE)

KEY_OR_CLOSER = lazy_compile(
    rb"-?[0-9]{1,19}%b%b|%b(?:[^\\]|\\.){0,256}?%b%b%b|\)"
    % (_BLANKS, ARROW, SINGLE_QUOTE, SINGLE_QUOTE, _BLANKS, ARROW),
    regex.DOTALL,
)
"""What follows the comma behind a value, in a text whose quotes are not to be trusted."""
NUL = lazy_compile(
    rb"%b%b\.%b%b\\0%b%b\.%b%b" % (SINGLE_QUOTE, _BLANKS, _BLANKS, QUOTE, QUOTE, _BLANKS, _BLANKS, SINGLE_QUOTE)
)
NUL_LONGEST = 128
"""A NUL byte: from the closing quote before it to the opening quote behind it."""
STRAIGHT = lazy_compile(rb"\\.|'", regex.DOTALL)
ANY_QUOTE = lazy_compile(rb"\\(?:%b|.)|%b" % (SINGLE_QUOTE, SINGLE_QUOTE), regex.DOTALL)
"""An escaped byte, or a quote."""

ARROW_BEFORE = lazy_compile(ARROW + rb"[ \t\r\n]{0,64}\Z")
ARROW_LONGEST = 80
"""How far before a quote the arrow stands that makes it the opening quote of the next value."""
KEY_LONGEST = 512

SMALLEST = lazy_compile(rb"-9223372036854775807-1(?![0-9.])")
INT = lazy_compile(rb"-?[0-9]{1,19}(?![0-9.E])")
FLOAT = lazy_compile(rb"-?[0-9]{1,400}(?:\.[0-9]{1,64})?(?:E[+-]?[0-9]{1,4})?(?![0-9.])|-?INF\b|NAN\b")
CONSTANT = lazy_compile(rb"(?:NULL|true|false)\b")
ENUM = lazy_compile(
    rb"\\?([A-Za-z_\x80-\xff][A-Za-z0-9_\\\x80-\xff]{0,511}+::[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]{0,255}+)(?![(:])"
)
_CONSTANTS: dict[bytes, JSON] = {b"NULL": None, b"true": True, b"false": False}

PARTIAL = lazy_compile(
    rb"%b(?:,%b)?(?:-?[0-9]{1,400}(?:\.[0-9]{0,64})?(?:E[+-]?[0-9]{0,4})?(?:%b%b%b)?|%b%b|NULL|true|false|-?INF|NAN"
    rb"|array \(|\(object\) array\(|%b(?:%b)?::__set_state\(array\(|%b::[A-Za-z0-9_]{0,255}|\)\)?)?%b\Z"
    % (WHITE, WHITE, WHITE, ARROW, WHITE, ARROW, WHITE, CLASS, ANONYMOUS, CLASS, WHITE)
)
"""Any token but a string, cut off anywhere: matched partially where the text ends."""
PARTIAL_LONGEST = 1200
REST = lazy_compile(rb"%b(?:,|=>?|=&g?t?;?)?%b\Z" % (WHITE, WHITE))
"""What is left behind the closing quote of a string where the text was cut off right there."""
REST_LONGEST = 64

CODE_BEFORE = lazy_compile(
    rb"(?:=(?:>|&gt;)|\xe2\x87\x92|[=(\[]|\b(?:return|echo|yield))[ \t\r\n]{0,64}\Z"
    rb"|(?:[)\]'\"]|\$\w{1,64})[ \t]{0,4}\?[ \t]{0,4}\Z"
)
"""Code that goes on: an assignment, a call, a list, or the question mark of a choice."""
CODE_AFTER = lazy_compile(rb"[ \t\r\n]{0,64}(?:;|->)|[,)\]]")
CODE_LONGEST = 80


def class_start(raw: bytes, at: int) -> int | None:
    r"""Return where the name of a class begins that ends at ``at``; None when none does.

    >>> class_start(b"a \\class@anonymous\0/a.php:3$0::", 29)
    2
    """
    anonymous = raw.rfind(b"@anonymous", max(0, at - ANONYMOUS_LONGEST), at)
    if anonymous >= 0 and ANONYMOUS_BEFORE.fullmatch(raw, anonymous, at):
        at = anonymous
    found = CLASS_BEFORE.search(raw, max(0, at - CLASS_LONGEST), at)
    name = without_text_before(found[0]) if found else b""
    return behind_word(raw, at - len(name), at) if name else None


def opens_value(raw: bytes, at: int) -> bool:
    """Whether the quote at ``at`` stands behind an arrow, as the opening quote of a value does."""
    return ARROW_BEFORE.search(raw, max(0, at - ARROW_LONGEST), at) is not None


def scalar(raw: bytes, at: int) -> tuple[JSON, int] | None:
    """Read a value without members or quotes at ``at``; return it and the byte after it.

    >>> scalar(b"-9223372036854775807-1,", 0)
    (-9223372036854775808, 22)
    """
    if match := SMALLEST.match(raw, at):
        return -(2**63), match.end()
    if match := INT.match(raw, at):
        return int(match[0]), match.end()
    if match := CONSTANT.match(raw, at):
        return _CONSTANTS[match[0]], match.end()
    if match := FLOAT.match(raw, at):
        return from_float(match[0]), match.end()
    if match := ENUM.match(raw, at):
        return {"$enum": match[1].decode("utf-8", "backslashreplace")}, match.end()
    return None


def nul_at(raw: bytes, at: int) -> int | None:
    """Return where a string goes on whose quote at ``at`` only makes room for a NUL byte; None when it does not."""
    found = NUL.match(raw, at, at + NUL_LONGEST)
    return found.end() if found else None


def is_key_end(raw: bytes, at: int) -> bool:
    """Whether what follows a key follows its closing quote."""
    return ARROW_TOKEN.match(raw, after_white(raw, at)) is not None


def is_value_end(raw: bytes, at: int) -> bool:
    """Whether what follows a value follows its closing quote."""
    return raw.startswith(b",", after_white(raw, at))


def is_damaged_value_end(raw: bytes, at: int) -> bool:
    """The same where quotes are not to be trusted: the next key or a closing parenthesis must follow the comma."""
    comma = after_white(raw, at)
    return raw.startswith(b",", comma) and KEY_OR_CLOSER.match(raw, after_white(raw, comma + 1)) is not None


ESCAPE = lazy_compile(rb"\\(%b|\\)" % SINGLE_QUOTE)


def unescaped(raw: bytes) -> bytes:
    r"""Return what a string stands for: escapes resolved, pieces joined by their NUL bytes.

    >>> unescaped(rb'''it\'s a' . "\0" . 'b''')
    b"it's a\x00b"
    """
    return b"\0".join(ESCAPE.sub(rb"\1", piece) for piece in NUL.split(raw))
