"""What each word of a timestamp line can mean, in one language and in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.dates import calendar_names, date_patterns, names, words
from pipeline.dates.clock import AFTERNOON, EVENING, MIDDAY, MORNING, NIGHT
from pipeline.dates.normal import fold, plain, words_of
from pipeline.patterns import lazy_compile


class Meaning(NamedTuple):
    """One thing a word can mean.

    ``kind`` is a letter of :data:`KINDS`; ``calendar`` belongs to months and eras.
    """

    kind: str
    value: int = 0
    calendar: str = ""


KINDS: Mapping[str, str] = {
    "M": "month",
    "W": "weekday",
    "P": "part of the day",
    "N": "noon or midnight: the hour",
    "L": "label: 0 published, 1 updated",
    "c": "connects",
    "Y": "year, as a unit",
    "m": "month, as a unit behind its number",
    "q": "month, as a unit before its number",
    "D": "day, as a unit",
    "h": "hour, as a unit",
    "i": "minute, as a unit",
    "s": "second, as a unit",
    "o": "ending of an ordinal",
    "E": "era",
    "Z": "universal time",
    "#": "number written out",
}

CONNECTS = Meaning("c")
_UNSPACED = lazy_compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]{2,24}")
_PREFIXED = lazy_compile(r"[בהלוبول](?=\w{2})")
"""One-letter words of Hebrew and Arabic that are written together with the next one."""


class Lexicon:
    """Words, and phrases by their first word."""

    def __init__(self) -> None:
        self.words: dict[str, tuple[Meaning, ...]] = {}
        self.phrases: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}

    def add(self, name: str, meaning: Meaning) -> None:
        """Add a name of one word or several; one that holds a digit is no name."""
        # A Hebrew abbreviation has its mark before the last letter, and is one word.
        parts = words_of(name) if '"' not in name else (fold(name),)
        if not parts or any(character.isdigit() for character in plain(name)):
            return
        if meaning.kind == "P" and len(parts) > 1 and all(len(part) == 1 for part in parts):
            # Initials are printed without their stops as well.
            self.add("".join(parts), meaning)
        if len(parts) == 1:
            known = self.words.get(parts[0], ())
            if meaning not in known:
                self.words[parts[0]] = (*known, meaning)
            return
        follows = self.phrases.setdefault(parts[0], [])
        if (parts[1:], meaning) not in follows:
            follows.append((parts[1:], meaning))
            follows.sort(key=lambda entry: -len(entry[0]))
        # A Catalan or Portuguese name may bring its preposition along, and be printed without it.
        if meaning.kind == "M" and CONNECTS in self.words.get(parts[0], ()):
            self.add(" ".join(parts[1:]), meaning)

    def word(self, word: str) -> tuple[Meaning, ...]:
        """Return what a folded word can mean; nothing when it is not known."""
        if found := self.words.get(word):
            return found
        if (bare := self.without_prefix(word)) and (found := self.words.get(bare)):
            return tuple(meaning for meaning in found if meaning.kind in "MWL")
        return ()

    def without_prefix(self, word: str) -> str:
        """Return a word without the one-letter word that is written together with it; nothing without one."""
        return word[1:] if _PREFIXED.match(word) else ""

    def is_unspaced(self, word: str) -> bool:
        """Whether a run of letters may be several words, in a script that puts no blanks between them."""
        return _UNSPACED.fullmatch(word) is not None

    def abbreviation(self, word: str) -> tuple[Meaning, ...]:
        """Return what a word can mean that is printed as an abbreviation of a zone would be."""
        return self.word(word)

    def split(self, word: str) -> list[str] | None:
        """Return the words that a run of letters without spaces is made of, the longest first; None when unknown."""
        if not self.is_unspaced(word):
            return None
        parts: list[str] = []
        position = 0
        while position < len(word):
            for stop in range(len(word), position, -1):
                if self.word(word[position:stop]):
                    parts.append(word[position:stop])
                    position = stop
                    break
            else:
                return None
        return parts

    def phrases_of(self, word: str) -> Sequence[tuple[tuple[str, ...], Meaning]]:
        """Return the phrases that begin with a word, the longest first."""
        return self.phrases.get(word, ())


@lru_cache(maxsize=64)
def lexicon(language: str = "en") -> Lexicon:
    """Return the words of a language, of English, and those that every language shares.

    >>> lexicon("de").word("marz"), lexicon("de").word("uhr")[0].kind
    ((Meaning(kind='M', value=3, calendar='gregorian'),), 'h')

    Raises:
        UnknownLanguageError: CLDR does not know the language.
    """
    found = Lexicon()
    _add_common(found)
    own = Lexicon()
    for name, number in names.months(language).items():
        own.add(name, Meaning("M", number, "gregorian"))
    for name, number in names.weekdays(language).items():
        own.add(name, Meaning("W", number))
    for name, number in names.day_parts(language).items():
        own.add(name, Meaning("P", number))
    around = date_patterns.around(language)
    for name, number in around.months.items():
        own.add(name, Meaning("M", number, "gregorian"))
    for word in sorted(around.words):
        if not (found.word(fold(word)) or own.word(fold(word)) or found.phrases_of(fold(word))):
            own.add(word, CONNECTS)
    _merge(found, own)
    if language.partition("-")[0] != "en":
        english = Lexicon()
        for name, number in names.months("en").items():
            english.add(name, Meaning("M", number, "gregorian"))
        for name, number in names.weekdays("en").items():
            english.add(name, Meaning("W", number))
        _merge(found, english, unless=own)
    return found


def _merge(into: Lexicon, other: Lexicon, unless: Lexicon | None = None) -> None:
    """Add one lexicon to another; where ``unless`` knows a word already, that meaning stays alone."""
    for word, meanings in other.words.items():
        known = unless.words.get(word, ()) if unless is not None else ()
        kinds = {meaning.kind for meaning in known}
        into.words[word] = tuple(
            dict.fromkeys((*into.words.get(word, ()), *(found for found in meanings if found.kind not in kinds)))
        )
    for word, follows in other.phrases.items():
        for rest, meaning in follows:
            into.add(" ".join((word, *rest)), meaning)


@lru_cache(maxsize=1)
def common() -> Lexicon:
    """Return the words that every language shares: labels, units, eras, and the months of other calendars."""
    found = Lexicon()
    _add_common(found)
    return found


def _add_common(into: Lexicon) -> None:
    for name, meaning in _common():
        into.add(name, meaning)


@lru_cache(maxsize=1)
def _common() -> tuple[tuple[str, Meaning], ...]:
    return tuple(_read_tables())


def _read_tables() -> Iterator[tuple[str, Meaning]]:
    for table, meaning in (*_small_words(), *_names()):
        for name in table.split("|"):
            yield name, meaning


def _small_words() -> Iterator[tuple[str, Meaning]]:
    yield words.CONNECTING, CONNECTS
    yield words.PUBLISHED, Meaning("L", 0)
    yield words.UPDATED, Meaning("L", 1)
    yield words.AM, Meaning("P", MORNING)
    yield words.PM, Meaning("P", AFTERNOON)
    yield words.MIDDAY, Meaning("P", MIDDAY)
    yield words.EVENING, Meaning("P", EVENING)
    yield words.NIGHT, Meaning("P", NIGHT)
    yield words.NOON, Meaning("N", 12)
    yield words.MIDNIGHT, Meaning("N", 0)
    yield words.YEAR, Meaning("Y")
    yield words.MONTH, Meaning("m")
    yield words.MONTH_BEFORE, Meaning("q")
    yield words.DAY, Meaning("D")
    yield words.HOUR, Meaning("h")
    yield words.MINUTE, Meaning("i")
    yield words.SECOND, Meaning("s")
    yield words.ORDINALS, Meaning("o")
    yield words.FIRST_YEAR, Meaning("#", 1)
    yield words.UNIVERSAL, Meaning("Z")
    yield words.GREENWICH, Meaning("Z")
    yield from ((table, Meaning("E", 0, era)) for era, table in calendar_names.ERAS.items())


def _names() -> Iterator[tuple[str, Meaning]]:
    yield from ((name, Meaning("#", number)) for name, number in words.NUMBERS.items())
    yield from ((table, Meaning("W", number)) for number, table in words.WEEKDAYS.items())
    yield from ((table, Meaning("M", number, "gregorian")) for number, table in words.MONTHS.items())
    for calendar, tables in calendar_names.MONTHS.items():
        yield from ((table, Meaning("M", number, calendar)) for number, table in enumerate(tables, start=1))
    # What stands for a Gregorian month in one paper is the Ethiopic month itself in another.
    meant = zip(calendar_names.MONTHS["ethiopic"], calendar_names.GREGORIAN_BY_ETHIOPIC, strict=False)
    yield from ((table, Meaning("M", number, "gregorian")) for table, number in meant)
