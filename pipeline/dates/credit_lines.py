"""Lines that tell when a text came out among other things: who wrote it, which agency, how long it takes to read.

``Posted on 14 March 2024 by Ann Lee`` tells a time as a timestamp line does; ``Elections on 3 May 2016`` tells of
something else. What stands beside the timestamps decides: every piece of it must be known for what it is, and one of
them must show that the line is about the text itself. A label that is not known (``Deadline: 3 May 2016``) is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import regex
from msgspec.structs import replace

from pipeline.dates import beside_clock, relative
from pipeline.dates.beside_clock import Around
from pipeline.dates.bylines import BYLINE, BYLINES, CASED, JOINS, MOST_BYLINE_WORDS, WORD, any_of, is_named
from pipeline.dates.leadin_words import is_agency
from pipeline.dates.lexicon import Lexicon
from pipeline.dates.normal import fold, masked, opening, openings, plain
from pipeline.dates.reader import Found
from pipeline.dates.reading import LONGEST, Stamp
from pipeline.dates.tokens import ZONE_NAMES, unknown_words
from pipeline.dates.words import PUBLISHED, SECTIONS, UPDATED
from pipeline.patterns import lazy_compile

WARNING = "dateline_among_words"
"""Says that a time was taken from a line that holds other things as well."""

MOST_WORDS = 4
"""Words of a name at most: of a person, an agency, a section of the site."""
MOST_PIECES = 12

_LABELS = (
    "author|editor|reporter|text|source|sources|via|autor|autorin|redaktion|quelle|rubrik|auteur|rédaction|rubrique|"
    "autora|redacción|fuente|categoría|autore|redazione|fonte|categoria|redação|auteur|bron|kilde|źródło|zdroj|forrás|"
    "πηγή|автор|текст|источник|рубрика|джерело|yazan|yazar|kaynak|kategori|penulis|sumber|tác giả|nguồn|category|"
    "categories|section|news id|news code|story code|كتب|كتبت|الكاتب|المصدر|رمز الخبر|نویسنده|خبرنگار|منبع|کد خبر|"
    "کدخبر|شناسه خبر|作者|记者|記者|编辑|編輯|责编|责任编辑|文|撰文|来源|來源|稿源|出处|出典|출처|기자|글|מקור|स्रोत"
)
"""Words that name, before a colon, who made a text or where it belongs."""

_LABELLED = lazy_compile(rf"(?:{any_of(BYLINES)}|{any_of(_LABELS)})\s*[:：]\s*")
_LONE_LABEL = lazy_compile(rf"(?:{any_of(PUBLISHED)}|{any_of(UPDATED)})(?: (?:on|at|am|le|el|il))? ?[:：]?")
LABEL_LONGEST = 40
"""Characters of a label at most."""
_SEPARATOR = lazy_compile(r"\s*[|•·‧∙●▪]\s*|\s+[/\-–—]+\s+|[,،、;()\[\]【】（）]")
_BY_BEHIND = lazy_compile(r"(?<=[0-9])\s+(?:by|von|par|por|di|da|door|av|af|przez|oleh|от)\s", regex.IGNORECASE)
_DAY_OR_FINER = ("day", "minute", "second")
_STRONG = lazy_compile(r"[|•·‧∙●▪]|\s/\s")
_COUNT = lazy_compile(r"[0-9]{1,6}|(?:\p{L}{1,20}[:：]? ?)?[0-9]{1,9}[\s\-]?(?:\p{L}[\p{L}\p{M}.]*\s?){1,3}")


_MAY_BE_WHOLE = lazy_compile(r"[0-9][^0-9]+[0-9]|[0-9]{8}|[\p{Arabic}元]")
"""Two numbers, or one of a whole date, or letters that write numbers out: a date with day and year has one of these."""
_NAMES_TIME = lazy_compile(r"时间|時間|時刻|시간|\btime\b", regex.IGNORECASE)
"""What a zone that is not known is named with: `Harbour Time`."""
_SPAN = lazy_compile(r"\s*(?:[-–—/]|to|bis|au|al|до|~)\s*", regex.IGNORECASE)
_SIGNS = frozenset({"&"})


def told(text: str, find: Callable[[str], Sequence[Found]], known: Lexicon) -> tuple[Stamp, ...]:
    """Return the times that a line of credits tells, each with a warning; nothing when it is any other line.

    Args:
        text: The line.
        find: Finds timestamps among other words.
        known: The words that timestamps have of their own.
    """
    if len(text) > LONGEST or not _MAY_BE_WHOLE.search(plain(text)):
        return ()
    # A by-line ends what tells the time: `par` and its like are a day or a month in some language.
    behind = _BY_BEHIND.search(text)
    found = find(text[: behind.start()] if behind else text)
    if not found or not all(item.stamp.precision in _DAY_OR_FINER for item in found) or _is_span(text, found):
        return ()
    around = list(_beside(text, found))
    strong = _STRONG.search(text) is not None
    if any(item.stamp.status == "partial" for item in found) or any(
        _runs_on(before, known) and not (strong and _ends_in_section(before)) for before in around[:-1]
    ):
        return ()
    shown = any(item.stamp.precision in ("minute", "second") for item in found)
    for beside in around:
        proof = _proof(beside, known)
        if proof is None:
            return ()
        shown = shown or proof
    if not shown:
        return ()
    return tuple(_warned(item.stamp) for item in weighed(text, found, known))


def weighed(text: str, found: Sequence[Found], known: Lexicon) -> list[Found]:
    """Return the timestamps that were found in a text, as far as the words beside their clocks leave no doubt."""
    if not any(item.clock.at_start or item.clock.at_stop for item in found):
        return list(found)
    around = list(_beside(text, found))
    return [
        item._replace(
            stamp=beside_clock.weighed(
                item.stamp, item.clock, Around(*around[place : place + 2]), known, _tells_no_time
            )
        )
        for place, item in enumerate(found)
    ]


def _runs_on(before: str, known: Lexicon) -> bool:
    """Whether a name runs on into the time behind it, as in `World Cup 3 May 2016`: it is what happens then."""
    last = _STRONG.split(before)[-1]
    if is_labelled(last) or BYLINE.match(fold(last)):
        return False
    words = WORD.findall(last)
    return (
        bool(words)
        and before.rstrip().endswith(words[-1])
        and bool(CASED.match(words[-1]))
        and not _is_known(words[-1], known)
    )


def _is_span(text: str, found: Sequence[Found]) -> bool:
    """Whether two times have nothing but a dash between them: when something begins and ends."""
    return any(_SPAN.fullmatch(between) for between in list(_beside(text, found))[1:-1])


def _ends_in_section(before: str) -> bool:
    """Whether a name that runs on into the time is that of a section: `Harbour Sport 3 May 2016 | 11:55`."""
    words = WORD.findall(before)
    return bool(words) and is_section(words[-1])


def _tells_no_time(rest: str) -> bool:
    """Whether what stands right behind a clock begins with a by-line, a label or an agency."""
    piece = _SEPARATOR.split(plain(rest), 1)[0]
    return is_labelled(piece) or BYLINE.match(fold(piece)) is not None or is_agency(piece)


def _warned(stamp: Stamp) -> Stamp:
    return replace(stamp, warnings=(*stamp.warnings, WARNING))


def _beside(text: str, found: Sequence[Found]) -> Iterator[str]:
    """Yield what stands before, between and behind the timestamps."""
    place = 0
    for item in found:
        yield text[place : item.start]
        place = item.stop
    yield text[place:]


def _proof(beside: str, known: Lexicon) -> bool | None:
    """Return whether the words beside a timestamp show that it is the text's own; None when they are not known."""
    rest = plain(beside).strip(" \t\u00a0.|-–—,")
    strong = _STRONG.search(beside) is not None
    shown = False
    pieces = 0
    while rest:
        pieces += 1
        if pieces > MOST_PIECES:
            return None
        cut = _SEPARATOR.search(rest)
        piece, rest = (rest[: cut.start()], rest[cut.end() :]) if cut else (rest, "")
        rest = rest.lstrip()
        if not piece.strip() or _is_known(piece, known):
            continue
        if _is_byline(piece, known):
            shown = True
        elif _COUNT.fullmatch(piece) or is_agency(piece) or is_section(piece):
            shown = shown or strong
        elif not _is_name(piece):
            return None
    return shown


def is_section(piece: str) -> bool:
    """Whether a piece of a line names a section that sites have: `World News`, `Politik`.

    >>> is_section("World News"), is_section("Deadline"), is_section("Sports and Weather")
    (True, False, True)
    """
    words = [fold(word) for word in WORD.findall(piece)]
    return 0 < len(words) <= MOST_WORDS and all(word in SECTIONS or word in JOINS or word in _SIGNS for word in words)


def is_labelled(text: str) -> bool:
    """Whether a line begins with a word that names, before a colon, who made the text or where it belongs.

    >>> is_labelled("来源：新华社"), is_labelled("Editor: Ann Lee"), is_labelled("Editors meet")
    (True, True, False)
    """
    if opening(text) not in _label_openings():
        return False
    read_as = plain(text)
    return (":" in read_as or "：" in read_as) and _LABELLED.match(fold(text)) is not None


def is_label(text: str) -> bool:
    """Whether a line is nothing but the label of a time that stands below it.

    >>> is_label("Last updated"), is_label("Published on:"), is_label("Updated plans")
    (True, True, False)
    """
    if len(text) > LABEL_LONGEST or opening(text) not in _lone_label_openings():
        return False
    return _LONE_LABEL.fullmatch(fold(" ".join(text.split()))) is not None


@cache
def _label_openings() -> frozenset[str]:
    return openings(BYLINES, _LABELS)


@cache
def _lone_label_openings() -> frozenset[str]:
    return openings(PUBLISHED, UPDATED)


def _is_byline(piece: str, known: Lexicon) -> bool:
    """Whether a piece names who made the text, with what leads on to the time: `Posted by Ann Lee on`."""
    words = WORD.findall(piece)
    while words and _is_known(words[-1], known):
        words.pop()
    while words and _is_known(words[0], known) and not BYLINE.match(fold(words[0]) + " "):
        del words[0]
    if len(words) > MOST_BYLINE_WORDS:
        return False
    if is_labelled(piece):
        return True
    by = BYLINE.match(fold(" ".join(words)) + " ")
    named = words[by[0].count(" ") :] if by else []
    # The first may be a name by which somebody logs in, which has no capital: by admin.
    if not named or (named[0][0].islower() and _is_known(named[0], known)):
        return False
    return all(is_named(word) or word in JOINS for word in named[1:])


def _is_known(piece: str, known: Lexicon) -> bool:
    """Whether a piece has only words that timestamps have, or is a relative time."""
    if unknown_words(masked(piece), known, 0) == 0:
        return not any(character.isdigit() for character in piece)
    return relative.read(piece) is not None


def _is_name(piece: str) -> bool:
    """Whether a piece can be a name: few words, each with a capital where the script has any, and no label."""
    words = WORD.findall(piece)
    if (
        ":" in piece
        or piece in ZONE_NAMES
        or _NAMES_TIME.search(piece)
        or any(map(str.isdecimal, words))
        or not 0 < len(words) <= MOST_WORDS
        or len(piece) > 10 * MOST_WORDS
    ):
        return False
    return all(map(is_named, words))
