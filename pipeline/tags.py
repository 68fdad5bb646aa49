"""The tags of a page, in one pass before anything parses it: how deep they stand, and which names hide what is printed.

What stands in comments, scripts and the like is no tag. A pass over the text takes time in proportion to its length,
which renaming nodes of a parsed page does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from pipeline.patterns import lazy_compile

DEEPEST = 512
"""Elements of one name inside one another: browsers nest no deeper, and extraction takes time by the square of it."""
MOST_ATTRIBUTES = 2000
"""Attributes of a tag that are read at most: the parser holds each against all others of its tag."""
SMALL = 150_000
"""Characters of a page in which no tag has attributes enough to take long."""
NEUTRAL = {"time": "span", "figure": "div", "figcaption": "div"}
"""Elements that resiliparse leaves out wherever they stand, and what they are read as, for their text is the page's."""
MENU = 0.5
"""A list of which more than this is links is a menu."""

# Up to what ends it, or the end of the page: a group that is repeated would hold a place for each of its turns.
_SKIPPED = (
    r"<!--(?s:.*?)(?:-->|\Z)"
    r"|<((?i:script|style|textarea|title|xmp|iframe|noframes|noembed))(?=[\s/>])(?s:.*?)(?:</(?i:\1)(?=[\s/>])|\Z)"
)
_TAG = lazy_compile(_SKIPPED + r"|<(?P<closing>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15})(?=[\s/>])[^<>]*+(?P<end>>?)")
_TOLD = lazy_compile(
    _SKIPPED + r"|<(?P<closing>/?)(?P<name>(?i:ul|a|time|figure|figcaption))(?=[\s/>])[^<>]*+(?P<end>>?)"
)
_ATTRIBUTE = r"[\s/]*+=?[^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>\"'][^\s>]*+)?+)?+"
_ATTRIBUTES = lazy_compile(
    rf"{_SKIPPED}|<[a-zA-Z][^\s/>]*+(?:(?=[^>]){_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+(?P<more>[^>])?"
)
_ANY = lazy_compile(r"<[^<>]*+>")
_EMPTY = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"])
_UNCLOSED = frozenset(["p", "li", "dt", "dd", "tr", "td", "th", "option", "a", "button", "nobr", "track", "wbr"])
"""Elements that the next of their kind closes, and rare empty ones."""
_FOREIGN = ("svg", "math")
"""Elements in which a tag may close itself."""


class Tag(NamedTuple):
    """A tag: its name in small letters, where the name begins and the tag ends, and whether it closes an element."""

    name: str
    start: int
    stop: int
    closes: bool
    is_alone: bool


def tags(html: str, pattern: regex.Pattern[str] = _TAG) -> Iterator[Tag]:
    """Yield the tags of a page, or those of some names.

    >>> [tag.name for tag in tags("<p>Rain<!-- <b> --><script>'<i>'</script><BR/>")]
    ['p', 'br']
    """
    for found in pattern.finditer(html):
        _, closing, name, end = found.groups()
        if name is not None:
            stop = found.end()
            yield Tag(name.lower(), found.start("name"), stop, bool(closing), bool(end) and html[stop - 2] == "/")


def depth(html: str) -> int:
    """Return how many elements of one name are open at once, at most; 0 where there are too few tags to ask.

    >>> depth("<div>" * 700 + "<br>" * 900), depth("<svg>" + "<path/>" * 900)
    (700, 1)
    """
    if html.count("<") <= DEEPEST:
        return 0
    depths: dict[str, int] = {}
    deepest = 0
    for tag in tags(html):
        name = tag.name
        if name in _EMPTY or name in _UNCLOSED or (tag.is_alone and any(depths.get(each) for each in _FOREIGN)):
            continue
        level = depths[name] = max(0, depths.get(name, 0) + (-1 if tag.closes else 1))
        deepest = max(deepest, level)
    return deepest


def has_wide_tag(html: str) -> bool:
    """Whether a tag has more attributes than are read.

    >>> has_wide_tag("<p " + "a=1 " * 60_000 + ">"), has_wide_tag("<p title='" + "a=1 " * 60_000 + "'>")
    (True, False)
    """
    return len(html) > SMALL and any(found["more"] for found in _ATTRIBUTES.finditer(html))


def prose_kept(html: str) -> str:
    """Return a page in which nothing that is printed has a name for which resiliparse leaves it out.

    It takes every ``<ul>`` near the top for a menu. Here one is a menu only where most of it is links.

    >>> prose_kept("<ul><li>A coat</ul><ul><li><a>Home</a></ul><time>Sunday</time>")
    '<ol><li>A coat</ol><ul><li><a>Home</a></ul><span>Sunday</span>'
    """
    renamed: list[tuple[Tag, str]] = []
    within: list[Tag] = []
    level = printed = linked = behind = 0
    in_link = False
    for tag in tags(html, _TOLD):
        if level:
            between = html[behind : tag.start - (2 if tag.closes else 1)]
            size = sum(map(len, _ANY.sub("", between).split()))
            printed += size
            linked += size if in_link else 0
        behind = tag.stop
        if tag.name in NEUTRAL:
            renamed.append((tag, NEUTRAL[tag.name]))
        elif tag.name == "a":
            in_link = not tag.closes
        elif tag.name == "ul":
            if not level:
                within, printed, linked = [], 0, 0
            within.append(tag)
            level = max(0, level + (-1 if tag.closes else 1))
            if not level and linked <= MENU * printed:
                renamed.extend((each, "ol") for each in within)
                within = []
    if level and linked <= MENU * printed:
        renamed.extend((each, "ol") for each in within)
    parts: list[str] = []
    place = 0
    for tag, name in sorted(renamed, key=lambda each: each[0].start):
        parts += (html[place : tag.start], name)
        place = tag.start + len(tag.name)
    return "".join([*parts, html[place:]])
