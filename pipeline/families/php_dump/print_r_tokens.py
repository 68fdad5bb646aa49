r"""The tokens of ``print_r`` output, as PHP prints them and as damage leaves them; matched at a position.

Source: ``print_hash`` and ``zend_print_zval_r_to_buf`` in Zend/zend.c of php-src, whose output was compared with PHP
8.2. Nothing is quoted, escaped, counted or typed; white space is all that tells structure from text.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from pipeline.families.glued import behind_word
from pipeline.families.php_dump.damage import ARROW, BLANK, ELLIPSIS, WHITE, after_white
from pipeline.families.php_dump.names import without_text_before
from pipeline.families.php_dump.value import key_text
from pipeline.patterns import lazy_compile

CLASS = rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\\\x80-\xff]{0,511}+(?:@anonymous)?"
HEAD = lazy_compile(rb"(?:Array|(?P<class>%b) (?P<kind>Object|Enum(?::(?:int|string))?))" % CLASS)
CLASS_BEFORE = lazy_compile(
    rb"(?r)(?<![A-Za-z0-9_\\\x80-\xff$])(?<!->)(?<!::)"
    rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\\\x80-\xff]{0,511}(?:@anonymous)?"
)
"""The class name in front of `` Object`` or `` Enum``, matched backward from there."""
CLASS_LONGEST = 512
BREAK = lazy_compile(rb"[ \t]{0,64}(?:\r\n|\n|\r|<br ?/?>(?:\r?\n)?|</p>\s{0,8}<p>|</?p>)")
"""The end of a line, or what stands in its place."""
LINE_STOP = lazy_compile(rb"\n|\r\n?|<br ?/?>(?:\r?\n)?|</p>\s{0,8}<p>")
PLAIN_LINE_STOP = lazy_compile(rb"\n|\r\n?")
RECURSION = b"*RECURSION*"

RECURSION_BEGUN = lazy_compile(
    rb"(?:\*(?:R(?:E(?:C(?:U(?:R(?:S(?:I(?:ON?)?)?)?)?)?)?)?)?)?[ \t]{0,8}(?:%b)?" % ELLIPSIS
)

_TYPED_BELOW = rb" {4,512}+(?:&?(?:array|string|int|double|bool|resource)\(|(?:class|enum) |NULL\r?\n|\.\.\.\r?\n)"
"""A line that only Xdebug prints below a key, indented as much: it ends the line of a key behind the arrow as well."""
_VALUE = rb"(?: |(?=\r?\n(?!%b)|\Z))" % _TYPED_BELOW
KEY = lazy_compile(rb"\[([^\n]{0,512}?)\]( {1,4}%b)%b" % (ARROW, _VALUE))
"""A key on a line of its own; text behind the arrow is the value's. ``var_dump`` puts no blank before the arrow."""
LONG_KEY = lazy_compile(
    rb"\[((?:(?:[^\n\]]|\](?! {1,4}%b)){0,128}(?<!\])\n){1,4}[^\n]{0,128}?)\]( {1,4}%b)%b" % (ARROW, ARROW, _VALUE)
)
"""One that holds line breaks; a line that ends in a bracket ends what there is of a key."""
HEAD_WITHIN = lazy_compile(rb"(?:Array| Object| Enum(?::(?:int|string))?)\r?\n {0,512}+\(\r?\n")
"""The head of a value, which stands in no key."""
PRINTED_ARROW = b" =>"
_TYPED_ANYWHERE = (
    rb"[ \t]{0,64}+(?:\r?\n|<br ?/?>\s{0,8})[ \t]{0,512}+"
    rb"(?:&?(?:array|string|int|double|bool|resource)\(|(?:class|enum) |NULL\r?[\n<])"
)
ANY_KEY = lazy_compile(rb"\[([^\r\n]{0,512}?)\] {1,4}(%b)(?!%b)(?:[ \t]|\xc2\xa0|&nbsp;)?" % (ARROW, _TYPED_ANYWHERE))
_NAME = rb"[A-Za-z0-9_\-. ]{1,64}"
PRINTED_MEMBER = lazy_compile(rb"\[(%b)\] => ([^\r\n]*+)\n( *+)(?=\[%b\] => )" % (_NAME, _NAME))
"""A key, a text on its line, and the indent of the next key; nothing in either key could end one."""
PRINTED_ARRAY = lazy_compile(
    rb"\[(%b)\] => Array\n( {8,2048}+)\(\n((?:\2    \[(%b)\] => ([^\r\n]*+)\n){1,512}+)\2\)\n\n" % (_NAME, _NAME)
)
"""A key, and an array of such members alone: how deeply it is indented, its lines, their keys, and their texts."""
PARTIAL_KEY = lazy_compile(rb"\[(?:[^\]\r\n]{0,512}|[^\r\n]{0,512}\] {0,4}(?:=|&g?t?)?)\Z")

LAST_PARENTHESIS = lazy_compile(rb"[ \t\r\n]{0,4096}+(?:[()](?:[ \t]{0,8}%b)?|%b)(?=[\r\n]|\Z)" % (ELLIPSIS, ELLIPSIS))
"""A parenthesis that is the last of a value cut short, the ellipsis of an excerpt, or both, alone on a line."""

EMPTY_IN_LINE = lazy_compile(rb"[a-z](?:%b){1,8}\((?:%b){1,8}\)\Z" % (BLANK, BLANK))
"""Parentheses with nothing between them, in the line of their head, and the white space that line breaks become."""

PARENTHESIS = lazy_compile(rb"[()]")
CLOSER_BEFORE = lazy_compile(rb"(?r)(?:%b)" % BLANK)
"""White space, or what stands in its place, before a parenthesis that may end a value; matched backward."""

MARGIN = lazy_compile(rb"(?r)[\r\n]")
"""What stands before one at the margin; matched backward."""

AFTER_ROOT = lazy_compile(rb"\)(?![;,(){}\]])")
"""The parenthesis that ends a value at the root, not one in a line of text."""

INNER = lazy_compile(rb"\r?\n\(\r?\n(?:(?: {4}[^\n]{0,512})?\r?\n){0,32}?\)(?=[^\n]{0,512}(?:\n|\Z))")
"""A value at the margin, from behind its head: what is nested in another one never stands there."""

INNER_LINES = lazy_compile(
    rb"[ \t]{0,64}(?:\r?\n|<br ?/?>\s{0,2})[ \t]{0,64}\((?:\r?\n|<br ?/?>)(?:[^\n]{0,512}\n){0,32}?[ \t]{0,64}\)"
    rb"(?=(?:<br ?/?>|</p>)?(?:\r?\n|\Z))"
)
"""One whose indents are lost, likewise."""

LONE_CLOSER = lazy_compile(
    rb"[ \t]{0,64}(?:<br ?/?>|</?p>)?(?:\r?\n(?:[ \t]{0,64}(?:<br ?/?>|<p>)?)){1,2}+\)(?=[ \t]{0,64}(?:<|[\r\n]|\Z))"
)
"""A parenthesis alone on its line below another one, with a blank line between them at most."""

CLOSER_BELOW_TEXT = lazy_compile(
    rb"[ \t]{0,64}\r?\n(?:(?![ \t\r]{0,64}(?:\n|\)))[^\r\n]{0,200}+(?<![({\[])(?<!Array)(?<! Object)\r?\n){1,4}+"
    rb"\)(?=[ \t]{0,64}(?:[\r\n]|\Z))"
)
"""The same below a few lines of text, none of which opens anything: not even these hold such a parenthesis in prose."""

SPACED = lazy_compile(rb"[ \t]{0,64}(?:(?>\r?\n|\r|<br ?/?>(?:\r?\n)?)[ \t]{0,64}(?:\n|\r|<br|\Z)|</p>|\Z)")
"""The end of a line that a blank one follows, or the end of a paragraph."""

INLINE_KEY = (
    rb"(?<=[\s(>;\xa0])\[(?P<key>(?:(?!%b)[^\[\]\r\n]|\[[^\[\]\r\n]{0,64}\]|\](?=[^\s=])){0,128}?)\] {1,4}(?P<arrow>%b)"
    rb"(?:[ \t]|\xc2\xa0|&nbsp;)?" % (ARROW, ARROW)
)
INLINE_KEY_AT = lazy_compile(INLINE_KEY)
INLINE_ROOT = rb"(?P<root>(?:Array|(?:Object|Enum(?::(?:int|string))?))%b\(%b\[[^\[\r\n]{0,128}?\] {0,4}%b)" % (
    (WHITE, WHITE, ARROW)
)
INLINE_EVENT = lazy_compile(
    rb"%b|%b|(?P<closers>(?:(?:%b){1,4096}+\)){1,512})|(?P<break>\n[ \t\r]{0,64}\n)"
    rb"|(?P<excerpt>\[(?:\.\.\.|\xe2\x80\xa6|&hellip;|&#8230;)\])"
    rb"|(?P<begun>(?<=\s)\[[^\[\]\s]{0,64}?(?:\] ?=?)?%b(?=[ \t]))" % (INLINE_KEY, INLINE_ROOT, BLANK, ELLIPSIS)
)
INLINE_NEXT = lazy_compile(rb"%b|%b" % (INLINE_KEY, INLINE_ROOT))
"""What may end a value on one line: a key, also one that breaks off at dots, another dump, parentheses behind white
space, a blank line, or the mark of an excerpt."""
FILLERS = lazy_compile(rb"(?:[ \t\r\n]{0,8}(?:<br ?/?>|</?p>|\xc2\xa0|&nbsp;|&#160;)){1,64}+")
"""What stands for white space in some pages, and is part of a text in others."""
LINE_ENDS = lazy_compile(rb"[ \t]{0,64}(?:[\r\n]|<br|</p|\Z)")
CLOSER_BEHIND = lazy_compile(rb"(?:%b){1,8}+\)(?=[ \t]{0,8}(?:[\r\n<]|\Z))" % BLANK)
"""One more parenthesis behind the last, at the end of the line."""
INNER_INLINE = lazy_compile(rb"[A-Z][a-z]{3,5}(?::(?:int|string))?(?:%b){1,8}+\([^()]{0,512}\)" % BLANK)
"""A value from its head, or from the last word of it, that holds no other one."""
SENTENCE = lazy_compile(rb"[.!?\xa6][)\]\"'\x99\x9d]{0,4}\s{1,8}(?:[\[(\"']|\xe2\x80[\x98-\x9e])?[A-Z0-9\xc3-\xd4]")
"""Where prose goes on behind a sentence."""
PROSE = lazy_compile(rb"%b|(?:%b)\)" % (SENTENCE.pattern, BLANK))
"""What an unfinished text must not hold: it may be the end of the value, and what follows it prose."""

VARIABLE_BEFORE = lazy_compile(rb"\$[A-Za-z_][A-Za-z0-9_]{0,64} {0,4}=\s{0,4}\Z")
VARIABLE_LONGEST = 80
"""A value that is shown as a variable's stands in an explanation; no program prints the name's dollar sign."""

INTEGER = lazy_compile(rb"(?:0|-?[1-9][0-9]{0,18})\Z")
VISIBILITY = lazy_compile(rb"(.*?):(?:protected|([^:]{1,512}):private)\Z", regex.DOTALL)


class Head(NamedTuple):
    """What a container is: None and False for an array."""

    class_name: str | None
    is_enum: bool
    stop: int


def head_at(raw: bytes, at: int) -> Head | None:
    """Return the head at ``at``, without its parenthesis; None when none stands there.

    >>> head_at(b"Ferry Object", 0)
    Head(class_name='Ferry', is_enum=False, stop=12)
    """
    found = HEAD.match(raw, at)
    if found is None:
        return None
    if found["class"] is None:
        return Head(None, is_enum=False, stop=found.end())
    return Head(key_text(found["class"]), found["kind"].startswith(b"Enum"), found.end())


def class_before(raw: bytes, at: int) -> int | None:
    """Return where the class name begins that ends at ``at``; None when none does.

    >>> class_before("“Rain,”Ferry Object".encode(), 16), class_before("下雨Ferry Object".encode(), 11)
    (11, 6)
    """
    found = CLASS_BEFORE.match(raw, max(0, at - CLASS_LONGEST), at)
    if found is None:
        return None
    name = without_text_before(found[0]).removeprefix(b"\\")
    return behind_word(raw, at - len(name), at) if name else None


def opening_at(raw: bytes, at: int) -> int | None:
    """Return the byte behind the opening parenthesis that follows a head; None when none does."""
    at = after_white(raw, at)
    return at + 1 if raw.startswith(b"(", at) else None


def recursion_begun(raw: bytes, at: int, stop: int) -> bool:
    """Whether ``*RECURSION*`` breaks off between a head and ``stop``, where the document or an excerpt ends.

    >>> recursion_begun(b"Array *RECU...", 5, 14)
    True
    """
    at = after_white(raw, at)
    return at < stop and RECURSION_BEGUN.fullmatch(raw, at, stop) is not None


def recursion_at(raw: bytes, at: int) -> int | None:
    """Return the byte behind ``*RECURSION*`` that follows a head; None when it does not."""
    at = after_white(raw, at)
    return at + len(RECURSION) if raw.startswith(RECURSION, at) else None
