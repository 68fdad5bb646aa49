"""The marks of JSON, whole and damaged, as patterns to be matched at a position. Every repetition is bounded or atomic.

Text between the marks may hold what editors and servers put there: comments, tags of paragraphs and line breaks,
spaces of other kinds than JSON allows.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from pipeline.patterns import lazy_compile

NAME = r"[\p{L}_$@][\w$@.\-]{0,63}"
"""A key as sources write them when they leave out its quotes."""

NAME_LONGEST = 80
PAIRS = {
    '"': '"',
    "'": "'",
    "`": "`'",
    "“": '”“"″',
    "”": "”“″",
    "„": "“”",
    "‘": "’‘",
    "’": "’‘",
    "«": "»",
    "»": "«»",
}
"""For each opening quote the quotes that may close it. A page that sets quotes by what stands before them closes with
the sign of inches behind a digit, and opens with a closing quote behind a comma or colon."""

WHITE = lazy_compile(r"[\s\u200b-\u200f\u2060\ufeff]*+")
_COMMENT = r"/\*(?:[^*]|\*(?!/)){0,2000}+\*/|//[^\r\n]{0,2000}+|#[ \t][^\r\n]{0,2000}+|<!--(?:[^-]|-(?!->)){0,2000}+-->"
DATA_IN_COMMENT = lazy_compile(r"""["“”{}\[\]]|(?<!\w)'|'(?!\w)""")
"""A quote or a bracket in a comment: it may be an item that was taken out, or the rest of a text."""
_TAG = r"</?(?i:p|br|div|span|em|strong|b|i|pre|code)(?:\s[^<>]{0,200})?\s?/?>|(?:&nbsp;)++"
NO_DATA_HEADS = "/#<&"
"""What comments, tags and blanks of HTML begin with."""
COMMENT = lazy_compile(_COMMENT)
TAG = lazy_compile(_TAG)

_LOOK = (
    r"(?:\s|[\u200b-\u200f\u2060\ufeff]|/\*[^*\"]{0,120}+\*/|//[^\r\n\"]{0,120}+\r?\n"
    r"|\#[ \t][^\r\n\"]{0,120}+\r?\n|</?(?:p|br)\s?/?>|&nbsp;)*+"
)
"""What may stand between a quote and what follows it, when a string's end is looked for.

A comment with a quote in it is none here: it may be the rest of the string.
"""

_KEY_ESCAPE = r"""\\(?:u[0-9a-fA-F]{4}|[/"\\])"""
"""An escape that a key may have: PHP writes each letter so that is not of ASCII."""
_IN_KEY = rf"""(?:[^"\\\r\n{{}}\[\]]|{_KEY_ESCAPE}){{1,{NAME_LONGEST}}}"""
_ANY_KEY = (
    rf"""(?:"{_IN_KEY}"|'[^'\\\r\n{{}}\[\]]{{1,{NAME_LONGEST}}}'"""
    rf"""|[“”][^“”″\r\n{{}}]{{1,{NAME_LONGEST}}}[“”″])\s*+(?::|=>)"""
)
_BARE_KEY = rf"""(?:["'“]?{NAME}["'”]?)\s*+(?::|=>)(?!//)"""

AFTER_MEMBER = lazy_compile(
    rf"""{_LOOK}(?:
        \Z                                                   # the text ends
      | ,{_LOOK}(?:,{_LOOK})*+(?:{_ANY_KEY}|{_BARE_KEY}|[}}\]]|\Z)  # the next member, or a comma too many
      | ,{_LOOK}["'“”]?[\w$@.\-]{{0,64}}["'”″]?\s*+\Z         # the next member, cut
      | ,{_LOOK}\{{\s*+{_ANY_KEY}                           # the object's brace is lost, the next one begins
      | {_ANY_KEY}                                           # the next member, its comma lost
      # the object ends, and something fits behind it
      | \}}{_LOOK}(?:[,}}\]{{\[;)<]|\.\.\.|…|\Z|{_ANY_KEY}|[^\r\n"'{{}}]{{1,40}}\{{)
      | \]{_LOOK}(?:[,}}\]]|\Z)                              # the object's brace is lost, its list ends
    )""",
    regex.VERBOSE,
)
"""What may follow the closing quote of a member's value."""

UNOPENED_ADDRESS = lazy_compile(r"""(https?://[^\s"“”{}\[\]<>]{1,2000}+)["”]""")
AFTER_ELEMENT = lazy_compile(
    rf"""(?<=\w["”])\s{{0,8}}+["“](?=\w)                    # the next element, its comma lost: both end in words
      | {_LOOK}(?:
        \Z
      | ,{_LOOK}{UNOPENED_ADDRESS.pattern}{_LOOK}[,\]]        # the next element, its opening quote lost
      | ,{_LOOK}(?:,{_LOOK})*+(?:["'“”‘{{\[\]\-0-9]|(?:true|false|null|NaN|undefined|None)\b|\Z)
      | \]{_LOOK}(?:[,}}\]\[{{;)<]|\Z)
      | \}}{_LOOK}(?:[,}}\]]|\Z)
    )""",
    regex.VERBOSE,
)
"""What may follow the closing quote of a string in a list."""

AFTER_KEY = lazy_compile(rf"{_LOOK}(?::|=>)")
STRAY_ESCAPE_END = lazy_compile(rf"""\s*+,\s*+"({_IN_KEY})"\s*+:""")
"""What follows a backslash and a quote when the quote ends the string all the same."""

QUOTED_KEY = {
    quote: lazy_compile(rf"{quote}((?:[^{closers}\\]|\\.){{0,200}}?)[{closers}]{_LOOK}(?::|=>)", regex.DOTALL)
    for quote, closers in PAIRS.items()
}
BARE_KEY = lazy_compile(rf"({NAME}|[0-9]{{1,19}})\s*+(?::|=>)(?!//)")
UNOPENED_KEY = lazy_compile(rf"""({NAME})["'”]\s*+(?::|=>)""")
UNCLOSED_KEY = lazy_compile(rf"""["'“”]({NAME})\s*+(?::|=>)""")
WHOLE_KEY = lazy_compile(rf"""(?:"({_IN_KEY})"|'({NAME})'|[“”]({NAME})[“”″])\s*+(?::|=>)""")
KEY_PLACE = lazy_compile(
    rf"""[{{,][\s\u200b-\u200f\u2060\ufeff]*+(?:"({_IN_KEY})"|'([^'\\\r\n{{}}\[\]]{{1,{NAME_LONGEST}}})'|[“”]([^“”″\r\n{{}}]{{1,{NAME_LONGEST}}})[“”″]|({NAME}))\s*+(?::|=>)(?!//)"""
)
"""A key where keys stand: behind a brace or a comma."""

LITERAL = lazy_compile(r"(?:true|false|null)(?![\w$])")
OTHER_LITERAL = lazy_compile(
    r"(?:[+\-]?(?:Infinity|NaN|nan|inf)|undefined|None|nil|N/A|True|False|TRUE|FALSE|NULL|Null)(?![\w$])"
)
OTHER_LITERALS = {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false"}
"""What the literals of other languages are in JSON; the rest has no number and no value there, so it is null."""

NUMBER = lazy_compile(r"-?(?:0|[1-9][0-9]{0,400}+)(?:\.[0-9]{1,400}+)?(?:[eE][+\-]?[0-9]{1,4}+)?(?![\w.])")
_BEHIND_NUMBER = rf"(?:[\s\u200b-\u200f\u2060\ufeff]++|{_COMMENT}|{_TAG}){{0,16}}+"
NUMBER_END = {
    "member": lazy_compile(rf"{_BEHIND_NUMBER}(?:[,}}\]{{]|{_ANY_KEY}|(?<=[\s>/]){_BARE_KEY})"),
    "element": lazy_compile(rf"""{_BEHIND_NUMBER}(?:[,}}\]{{]|(?<=[\s>/])[\-0-9"'])"""),
}
"""What may follow a number. Behind anything else, as the dots of an excerpt, digits may be missing."""
UNOPENED_VALUE = lazy_compile(r"""([^"“”{}\[\]\r\n]{1,500}+)["”]""")
BARE_VALUE = lazy_compile(r"""([^\s"'{}\[\],:][^"'{}\[\],\r\n]{0,200}?)\s*+(?=[,}])""")

ESCAPE = lazy_compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.)|\Z)",
    regex.DOTALL,
)
_PLAIN_TEXT = r'[^"\\\x00-\x1f]*+'
_PLAIN_STRING = rf'"{_PLAIN_TEXT}(?:\\(?:[\\/bfnrt]|u[0-9a-fA-F]{{4}}){_PLAIN_TEXT})*+"'
PLAIN_OBJECT = lazy_compile(
    rf"""\{{(?:
        "({NAME})":(?:{_PLAIN_STRING}|-?(?:0|[1-9][0-9]{{0,17}}+)(?:\.[0-9]{{1,17}}+)?+|true|false|null)
        (?:,(?=")|(?=\}}))
    )++\}}(?=[,\]])""",
    regex.VERBOSE,
)
"""An object in which nothing can be read in two ways: dense, with names for keys, values that are no lists or objects,
and no quotes inside strings."""
STRING_WITH_ESCAPES = lazy_compile(r'"([^"\\]*+(?:\\.[^"\\]*+)++)"')
HALF_CHARACTER = lazy_compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
KNOWN_ESCAPES = lazy_compile(r"""(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+""")
CONTROL = lazy_compile(r"[\x00-\x1f]")
NAMED_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

JUNK = lazy_compile(r"""(?:\[[^\[\]{}"]{0,80}\]|[^\[\]{}]){1,400}?(?=[{\[\]]|,\s*+[{\["])""")
"""Text between the items of a list that is none of them."""
LIST_START = lazy_compile(
    rf"""\[{_LOOK}(?:[\[\]{{"'“‘,\-0-9]|(?:true|false|null|NaN|undefined|None|True|False)\b|https?://|\Z)"""
)
HEAD_LOST_BEHIND = lazy_compile(r"""(?:[}\]]\s*+)++,\s*+(?=\{)""")
"""Brackets that close nothing, and the next item."""
ODD_LAST_QUOTE = lazy_compile(r"""[\s"'“”]["'”]\s*+\Z""")
"""A quote that ends the text, with a blank or another quote before it: it may open as well as close."""
LOST_END = lazy_compile(r"\s*+[}\]][\s}\]]*+\Z")


HEAD_LOST = lazy_compile(rf"""\}}\s*+,\s*+(?=\{{\s*+(?:{_ANY_KEY}|{_BARE_KEY}))""")
"""The end of an item whose head is lost, before the next item."""


@lru_cache(maxsize=64)
def item_start(names: frozenset[str]) -> regex.Pattern[str]:
    """Return the pattern of an object that begins with one of these keys, with escapes in it or without."""
    return regex.compile(rf"(?<!:\s?){_object_with(names)}")


@lru_cache(maxsize=64)
def entry_start(names: frozenset[str]) -> regex.Pattern[str]:
    """Return the pattern of a number as a key, and such an object as its value."""
    return regex.compile(rf"""(?<=[,}}\s])"[0-9]{{1,19}}"\s*+:\s*+{_object_with(names)}""")


def _object_with(names: frozenset[str]) -> str:
    alternatives = "|".join("".join(map(_spelled, name)) for name in sorted(names))
    return rf"""\{{\s*+["'“”]?(?:{alternatives})["'”″]?\s*+(?::|=>)"""


def _spelled(letter: str) -> str:
    """Return the pattern of a letter of a key in each way that JSON writes it."""
    units = letter.encode("utf-16-be", "surrogatepass").hex(" ", 2).split()
    escaped = "".join(rf"\\u(?i:{unit})" for unit in units)
    slashed = rf"|\\{regex.escape(letter)}" if letter in '/"\\' else ""
    return rf"(?:{regex.escape(letter)}|{escaped}{slashed})"
