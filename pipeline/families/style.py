"""Style sheets that were scraped as text: elements with their tags, and rules whose tags are gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from pipeline.families.found import FoundGrammar, begins_freely, is_of_var_dumper
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.shown import shown_beside_code
from pipeline.model import Claim, Grammar, Page, Span, Status
from pipeline.patterns import lazy_compile

FAMILY = "style"
SELECTOR_LONGEST = 4000
MOST_SELECTORS = 100
"""How many selectors ``value`` names at most."""

_W = rb"[ \t\r\n\f]"
_TAGS = (
    rb"a|abbr|address|article|aside|audio|b|blockquote|body|button|canvas|caption|center|cite|code|dd|del|details"
    rb"|div|dl|dt|em"
    rb"|embed|fieldset|figcaption|figure|font|footer|form|frame|h[1-6]|header|hr|html|i|iframe|img|input|ins|label"
    rb"|legend|li"
    rb"|main|nav|object|ol|optgroup|option|p|picture|pre|q|s|section|select|small|source|span|strong|sub|summary|sup"
    rb"|svg|path"
    rb"|table|tbody|td|textarea|tfoot|th|thead|time|tr|u|ul|video|[a-z]{1,20}-[a-z\-]{1,40}"
)
_PART = (
    rb"(?:[.#][A-Za-z_\-][\w\-]{0,120}|(?<![\w\-])(?i:" + _TAGS + rb")(?![\w\-])"
    rb"|\*|::?[a-z\-]{1,40}(?:\([^(){}\r\n]{0,200}\))?"
    rb"|\[[a-z][\w\-]{0,60}[~|^$*]?=[^\[\]{}\r\n]{0,200}\]|(?<=[\w)\]])\[[a-z][\w\-]{0,60}\]"
    rb"|[0-9]{1,3}(?:\.[0-9]{1,4})?%|(?:from|to)(?=[ \t,{]))"
)  # fmt: skip
# A line that ends without a sign between two selectors is a heading of the text, though it be the name of an element.
_BETWEEN = rb"(?:" + _W + rb"{0,40}[>+~,]" + _W + rb"{0,40}|[ \t\f]{0,80})"
_SELECTORS = _PART + rb"(?:" + _BETWEEN + _PART + rb"){0,400}+"
_AT_RULE = (
    rb"@(?:-\w{1,10}-)?(?:media|supports|font-face|keyframes|page|layer|container|property|viewport"
    rb"|document)(?![\w\-])[^{};@]{0,400}"
)
HEAD = lazy_compile(rb"(?:" + _AT_RULE + rb"|" + _SELECTORS + rb")" + _W + rb"{0,40}\{")
HEAD_BEFORE = lazy_compile(rb"(?r)(?:" + _AT_RULE + rb"|" + _SELECTORS.replace(b"}+", b"}") + rb")" + _W + rb"{0,40}")
"""What stands before a brace; matched backward from it."""
_PROPERTY = (
    rb"(?:-(?:webkit|moz|ms|o|khtml)-)?(?:align|all|animation|appearance|aspect-ratio|background|border|bottom|box"
    rb"|break|caption"
    rb"|clear|clip|color|columns?|content|counter|cursor|direction|display|fill|filter|flex|float|font|gap|grid"
    rb"|height|hyphens"
    rb"|inset|justify|left|letter|line|list|margin|max|min|object|opacity|order|outline|overflow|padding|perspective"
    rb"|place"
    rb"|pointer|position|quotes|resize|right|scroll|size|src|stroke|table|tab|text|top|touch|transform|transition"
    rb"|unicode|user"
    rb"|vertical|visibility|white|widows|width|will|word|z|zoom|speak|orphans|page|mix|isolation|object|mask|accent"
    rb"|caret)"
    rb"(?:-[a-z\-]{1,40})?"
)
_VALUE = (
    rb"(?:[^;{}\"'()<>]|\"[^\"\r\n]{0,4000}\"|'[^'\r\n]{0,4000}'|\((?:[^()\"']|\"[^\"\r\n]*+\"|'[^'\r\n]*+'"
    rb"|\([^()\r\n]{0,400}\)){0,400000}+\)){1,4000}+"
)
DECLARATION = lazy_compile(
    (rb"[*_]?(?:(?P<known>" + _PROPERTY + rb"(?=" + _W + rb"{0,8}:)|--[\w\-]{1,80})|[a-z][a-z\-]{1,40})"
    + _W + rb"{0,8}:")
    + rb"(?:" + _VALUE + rb"(?:;|(?=\}))|[ \t]{0,8}[^\s;{}<>.!?]{1,40}(?: [^\s;{}<>.!?]{1,20}){0,3}\Z)"
)  # fmt: skip
"""A property and its value; one that the page ends in has a short value."""
_BLANK_LINE = lazy_compile(rb"\n[ \t\r]{0,80}\n|\r[ \t]{0,80}\r(?!\n)")
_GAP = lazy_compile(rb"(?:[ \t\r\n\f;]|\xc2\xa0|/\*(?:[^*]|\*(?!/)){0,4000}+\*/|<!--|-->){0,400}+")
"""White space and comments between rules and declarations."""
_COMMENT_BEFORE = lazy_compile(rb"(?r)/\*(?:[^*/]|\*(?!/)|(?<!\*)/){0,400}\*/[ \t\r\n]{0,40}")
"""A comment above a rule; matched backward from it."""
_LINE_RULE = lazy_compile(rb"@(?:import|charset|namespace)[ \t]{1,8}[^;{}\r\n<>]{1,400};")
_ELEMENT_END = lazy_compile(rb"(?i)</style[ \t\r\n]{0,8}>")
_START = lazy_compile(
    rb"<(?:style|STYLE)(?:[ \t\r\n][^<>]{0,2000})?>|(?m:^)[ \t]{0,40}(?P<line>@(?:import"
    rb"|charset)[ \t](?=[^;\r\n]{1,400};))|\{"
)
_SIGN = lazy_compile(rb"(?<=[ \t\r\n])[.#@*:\[]|(?<=[ \t\r\n])[a-z0-9]{1,20}[.#:\[]")


class _Rules(NamedTuple):
    """Rules that were read: where they end, how many declarations of known properties, and their selectors.

    ``read_to`` is the first byte that was not read: nothing before it is read again.
    """

    stop: int
    known: int
    selectors: list[str]
    is_open: bool
    read_to: int


def styles(raw: bytes) -> tuple[Claim, ...]:
    r"""Return the style sheets of a page in order of position.

    >>> [claim.value for claim in styles(b"Rain fell.\n.a, p > b { color: red; }\n")]
    ['{"selectors":[".a, p > b"],"declarations":1}']
    """
    claims: list[Claim] = []
    floor = element_stop = 0
    for found in _START.finditer(raw):
        if found.start() < floor:
            continue
        if found[0].startswith(b"<"):
            closing = _ELEMENT_END.search(raw, found.end()) if element_stop >= 0 else None
            element_stop = closing.end() if closing else -1
            if closing:
                floor = closing.end()
                if is_of_var_dumper(raw, found.end(), floor):
                    continue
                claims.append(Claim(Span(found.start(), floor), FAMILY, "element", "exact", resume=floor))
            continue
        start = _start(raw, found, floor)
        if start is None:
            continue
        rules = _read(raw, start)
        floor = max(rules.read_to, found.end())
        if rules.known:
            claims.append(_claim(start, rules))
    return tuple(claims)


def _start(raw: bytes, found: regex.Match[bytes], floor: int) -> int | None:
    """Return where the rule begins whose brace was found."""
    if found["line"]:
        return found.start("line")
    lowest = max(floor, found.start() - SELECTOR_LONGEST)
    head = HEAD_BEFORE.match(raw, lowest, found.start())
    if head is None:
        return None
    comment = _COMMENT_BEFORE.match(raw, floor, head.start())
    start = comment.start() if comment else head.start()
    if begins_freely(raw, start):
        return start
    # Words of the sentence before may be names of elements as well; what has a sign in front of it is no word.
    sign = _SIGN.search(raw, head.start(), found.start())
    return sign.start() if sign else None


def _read(raw: bytes, start: int) -> _Rules:
    """Read rules from the first byte of a selector on, one behind the other."""
    stop = position = start
    depth = known = 0
    whole = (0, 0)  # what was counted up to the end of the last whole rule
    selectors: list[str] = []
    while True:
        gap = _GAP.match(raw, position)
        at = gap.end() if gap else position
        if head := HEAD.match(raw, at):
            depth += 1
            position = head.end()
            if len(selectors) < MOST_SELECTORS:
                selectors.append(str(from_bytes(b" ".join(head[0][:-1].split()))))
        elif depth and raw.startswith(b"}", at):
            depth -= 1
            position = at + 1
        elif depth and (declaration := DECLARATION.match(raw, at)) and not _BLANK_LINE.search(declaration[0]):
            known += declaration["known"] is not None
            position = declaration.end()
        elif not depth and (line := _LINE_RULE.match(raw, at)):
            known += 1
            position = line.end()
        else:
            break
        if not depth:
            stop, whole = position, (known, len(selectors))
    if depth and not raw[position:].strip():
        return _Rules(position, known, selectors, is_open=True, read_to=position)
    known, count = whole
    return _Rules(stop, known, selectors[:count], is_open=False, read_to=position)


def _claim(start: int, rules: _Rules) -> Claim:
    span = Span(start, rules.stop)
    names: list[JSON] = list(dict.fromkeys(rules.selectors))
    value = as_json({"selectors": names, "declarations": rules.known})
    status: Status = "truncated" if rules.is_open else "exact"
    reason = "the page ends inside a rule" if rules.is_open else ""
    return Claim(span, FAMILY, "rules", status, reason, value=value, resume=rules.stop)


class Style:
    """The family ``style``: elements with their tags, and rules whose tags are gone."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        FoundGrammar("element", (b"<style", b"<STYLE"), styles),
        FoundGrammar(
            "rules",
            (b"@import", *(b"{" + bytes((follower,)) for follower in b"\n\r\t }-*_/@.#abcdefghijklmnoprstuvwz")),
            styles,
        ),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return shown_beside_code(page, claims)


STYLE = Style()
