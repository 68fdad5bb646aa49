"""The grammar of timestamp lines, over one letter a token (``lexicon.KINDS``, and those of ``tokens`` for numbers).

A shape is read once, and every string of that shape after it costs a look-up: what is kept is which run of digits is
the day, which the hour, and so on. Which of several readings is right is for ``reader`` to decide, who sees the digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import regex
from msgspec import Struct, field

from pipeline.dates.lexicon import Lexicon, Meaning
from pipeline.dates.tokens import Token, readings
from pipeline.patterns import lazy_compile

SEPARATORS = frozenset(",.|/-@:+vp'")
"""What may stand between two things of a timestamp line, and at its ends."""

_TIME_AHEAD = r"(?::|h|[.]n(?!:|o|[.]?[/\-]?M|[./\-][ny])|P(?!n[.:]n)|i)"
_SEP = r"[.,\-/|']*"
_YEAR2 = rf"n(?!{_TIME_AHEAD}|[o./\-]|D|M|m)"

_RULES: Sequence[tuple[str, str, str]] = (
    # Whole days: 2016年3月27日, 平成28年3月27日, 20160327T115538.
    ("y", "date", r"(?P<y>y)Y(?P<m>n)m[,]?(?P<d>n)[Do]?(?P<E>E)?"),
    ("y", "date", r"(?P<y>y)Y(?P<m>n)-?[oY]?m,*(?P<d>n)"),
    ("E", "date", r"(?P<E>E)(?P<y>[ng])Y(?P<m>n)m(?P<d>n)D?"),
    ("f", "date", r"(?P<f>f)(?=T)"),
    # All digits. The same mark twice; a year in front, or an order that has to be found out.
    ("y", "date", r"(?P<y>y)(?P<k>[./\-|])(?P<m>n)(?P=k)(?P<d>n)(?!(?P=k)[ny](?!:))[.]?(?P<E>E)?"),
    ("n", "digits", r"(?P<m>n)(?P<k>[./\-|v])(?P<d>n)(?P=k)(?P<y>y)[Yo]?(?P<E>E)?"),
    ("n", "digits", r"(?P<m>n)(?P<k>[./\-])(?P<d>n)(?P=k)'?(?P<y>n)(?!(?P=k)[ny](?!:)|:)Y?"),
    # Names: 27 March 2016, March 27 2016, 2016 March 27, 2016, 27 March.
    (
        "n",
        "date",
        rf"(?P<d>n)o?D?{_SEP}(?P<M>M)(?:[/.]*(?P<M2>M)(?=[.,\-/]*y))?[.,\-/|]*(?:[Y']*(?:(?P<E>E)[.]*)?(?P<y>y)[Yo]*|'?(?P<y>{_YEAR2})Y?)(?P<E>E)?",
    ),
    (
        "M",
        "date",
        rf"(?P<M>M)(?:/(?P<M2>M))?[.,\-/']*(?P<d>n)[oD]*[.,\-/|]*(?:W,*)?(?:(?P<y>y)Y?|'?(?P<y>{_YEAR2}))(?P<E>E)?",
    ),
    ("y", "date", rf"(?P<y>y)[oYE.,\-/]*(?P<M>M){_SEP}(?P<d>n)(?!{_TIME_AHEAD}(?!D))[oD]*"),
    ("y", "date", r"(?P<y>y)[oYE.,\-/]*(?P<d>n)[oD.\-]*(?P<M>M)"),
    ("n", "date", r"(?P<d>n)D?,*q(?P<m>n)[,|Y]*(?P<y>y)"),
    ("n", "date", r"(?P<m>n)m,?(?P<d>n)D?[,|]*(?P<y>y)Y?"),
    ("M", "month", r"(?P<M>M)[.,\-/]*Y?(?P<y>y)Y?(?P<E>E)?(?!:)"),
    ("y", "month", r"(?P<y>y)Y[.,]*(?P<M>M)"),
    ("n", "yearless", r"(?P<d>n)o?D?[.,\-/]*(?P<M>M)"),
    ("M", "yearless", rf"(?P<M>M)[.,\-/]*(?P<d>n)(?!{_TIME_AHEAD})[oD]*"),
    ("n", "yearless", r"(?P<m>n)m(?P<d>n)D"),
    # Times of day.
    ("Pn", "time", r"(?P<P>P)?(?P<h>n):(?P<i>n)(?::(?P<s>n)(?:[.,:](?P<f>[nygtf]))?)?h?[.,]?(?P<P>P)?"),
    ("Pn", "time", r"(?P<P>P)?(?P<h>n)h(?:(?P<i>n)(?![./\-]?[Mm]|[./\-][ny]|o|D)(?:i(?:(?P<s>n)s)?)?)?(?P<P>P)?"),
    ("Pn", "time", r"(?P<P>P)?(?P<h>n)[.](?P<i>n)(?:[.](?P<s>n))?(?:h[.]?(?P<P>P)?|(?P<P>P))"),
    ("P", "time", r"(?P<P>P)(?P<h>n)[.](?P<i>n)(?:[.](?P<s>n))?"),
    ("n", "dotted", r"(?P<h>n)[.](?P<i>n)(?:[.](?P<s>n))?(?![./\-]?[nyMmo])"),
    ("n", "time", r"(?P<h>n)(?P<P>P)"),
    ("n", "time", r"(?P<h>n)(?P<i>n)i(?:(?P<s>n)s)?"),
    ("ty", "clock", r"(?P<t>[ty])(?=Z|z)"),
    ("N", "noon", r"(?P<N>N)"),
    # Zones: GMT, UTC+3, +0330, -05:00, and abbreviations.
    ("Z", "zone", r"(?P<Z>Z)(?:(?P<k>[+\-vp])(?P<h>n)(?::(?P<i>n))?(?!:)|(?P<k>[+\-vp])(?P<y>y))?"),
    ("pv", "offset", r"(?P<k>[pv])(?:(?P<h>n)(?::(?P<i>n))?|(?P<y>y))(?![:./\-]|o|M|m|Y|D)"),
    ("z", "zone", r"(?P<z>z)"),
    ("W", "weekday", r"(?P<W>W)"),
    ("L", "label", r"(?P<L>L)"),
    ("T", "iso", r"T(?=[nt])"),
    ("E", "era", r"(?P<E>E)"),
    ("y", "year", r"(?P<y>y)(?![./\-:])"),
)

"""Letters that a rule may begin with, what it recognises, and its pattern; the first that fits is taken."""


def _by_first_letter() -> dict[str, list[tuple[str, regex.Pattern[str]]]]:
    by_letter: dict[str, list[tuple[str, regex.Pattern[str]]]] = {}
    for firsts, kind, rule in _RULES:
        pattern = lazy_compile(rule)
        for letter in firsts:
            by_letter.setdefault(letter, []).append((kind, pattern))
    return by_letter


_BY_FIRST_LETTER: Mapping[str, Sequence[tuple[str, regex.Pattern[str]]]] = _by_first_letter()


class Item(Struct, frozen=True, gc=False):
    """One thing that was recognised: its kind, and the tokens of its parts by the names of the grammar."""

    kind: str
    parts: Mapping[str, Token]
    start: int
    stop: int


class Plan(Struct):
    """Where the parts of one time stand in the digits of a shape.

    Attributes:
        label: 0 published, 1 updated, None without a label.
        dates: The dates; several are one day in several calendars.
        time, zone: The time of day and its zone.
        weekdays: The weekdays printed, each with all it can mean.
        start, stop: The characters it covers.
    """

    label: int | None = None
    dates: list[Item] = field(default_factory=list)
    time: Item | None = None
    zone: Item | None = None
    weekdays: list[tuple[Meaning, ...]] = field(default_factory=list)
    start: int = -1
    stop: int = -1


Scope = Literal["line", "within"]


def plans(shape: str, lexicon: Lexicon, scope: Scope) -> Iterator[tuple[Plan, ...]]:
    """Yield the ways to read a masked text, each as its times in order: one, or a published and an updated one.

    With the scope ``line`` the text is nothing but timestamps; ``within`` allows other words around them.
    """
    for tokens in readings(shape, lexicon):
        items = _items(tokens, scope)
        if items is not None and (found := _arrange(items, scope)):
            yield tuple(found)


def _items(tokens: Sequence[Token], scope: Scope) -> list[Item] | None:
    """Return what is recognised from left to right; None when something is left over that no timestamp has."""
    letters = "".join(token.letter for token in tokens)
    items: list[Item] = []
    place = 0
    while place < len(letters):
        for kind, pattern in _BY_FIRST_LETTER.get(letters[place], ()):
            found = pattern.match(letters, place)
            if found is not None and _fits(kind, found, items, scope):
                parts = {name: tokens[found.start(name)] for name, value in found.groupdict().items() if value}
                items.append(Item(kind, parts, tokens[place].start, tokens[found.end() - 1].stop))
                place = found.end()
                break
        else:
            if letters[place] not in SEPARATORS:
                if scope == "line":
                    return None
                items.append(Item("other", {}, tokens[place].start, tokens[place].stop))
            place += 1
    return items


def _fits(kind: str, found: regex.Match[str], items: Sequence[Item], scope: Scope) -> bool:
    """Whether a thing may stand where it does, by what stands before it."""
    letter = found.string[found.start()]
    if kind == "zone" and letter == "z":
        return bool(items) and items[-1].kind in ("time", "noon", "clock", "dotted", "zone")
    if kind == "era":
        return bool(items) and items[-1].kind in ("date", "digits")
    if kind == "digits" and found["k"] == "." and found.string[found.start("y")] == "n":
        # Behind a date, 11.15.00 is a clock.
        return not items or items[-1].kind not in ("date", "digits")
    # Among other words `Sun |` is as likely the name of a paper.
    return not (kind == "weekday" and scope == "within" and found.string[found.end() : found.end() + 1] == "|")


def _arrange(items: Sequence[Item], scope: Scope) -> list[Plan]:
    """Put items together to times; nothing when they do not fit together."""
    plans: list[Plan] = []
    this = Plan()
    for item in items:
        if item.kind == "other":
            _close(plans, this)
            this = Plan()
        elif item.kind == "label":
            if this.dates or this.time:
                _close(plans, this)
                this = Plan()
            this.label = item.parts["L"].meanings[0].value
        elif not _take(this, item):
            if scope == "line" and (item.kind == "year" or not (this.label is not None or plans)):
                return []
            _close(plans, this)
            this = Plan()
            if item.kind != "year":
                _take(this, item)
        if item.kind not in ("other", "label"):
            this.start = item.start if this.start < 0 else this.start
            this.stop = item.stop
    _close(plans, this)
    return _settled(plans, scope)


def _close(plans: list[Plan], plan: Plan) -> None:
    if plan.dates or plan.time is not None:
        plans.append(plan)


def _take(plan: Plan, item: Item) -> bool:
    """Add an item to a time; whether there was room for it."""
    if item.kind == "year":
        # As `date` of Unix prints it: Sun Mar 27 11:55:38 2016.
        if plan.time is None or not plan.dates or plan.dates[-1].kind != "yearless":
            return False
        whole = plan.dates.pop()
        plan.dates.append(Item("date", {**whole.parts, **item.parts}, whole.start, item.stop))
        return True
    if item.kind in ("date", "digits", "month", "yearless"):
        clock_behind = bool(plan.dates) and plan.time is not None and plan.time.start > plan.dates[0].start
        if clock_behind or len(plan.dates) > 1:
            return False
        plan.dates.append(item)
    elif item.kind in ("time", "dotted", "clock", "noon"):
        if plan.time is not None or (item.kind == "dotted" and not plan.dates):
            return False
        plan.time = item
    elif item.kind in ("zone", "offset"):
        if plan.zone is not None or (item.kind == "offset" and plan.time is None):
            return False
        plan.zone = item
    elif item.kind == "weekday":
        plan.weekdays.append(item.parts["W"].meanings)
    return True


def _settled(plans: Sequence[Plan], scope: Scope) -> list[Plan]:
    """Return the times that have a date; one that has only a time of day takes the date of the one before."""
    dated: list[Plan] = []
    for plan in plans:
        if plan.dates:
            dated.append(plan)
        elif dated and plan.label == 1 and dated[-1].label != 1:
            plan.dates, plan.weekdays = dated[-1].dates, dated[-1].weekdays
            dated.append(plan)
        elif scope == "line":
            return []
    if len(dated) > 1 and scope == "line" and any(plan.label is None for plan in dated[1:]):
        return []
    return dated
