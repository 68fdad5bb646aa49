"""Read one timestamp line into a wall-clock time, or say what is wrong with it. Never a silent guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pipeline.dates import credit_lines, declared, guards, names, relative, zoned
from pipeline.dates.batch import Column, Slices, column
from pipeline.dates.formats import Format
from pipeline.dates.lexicon import lexicon
from pipeline.dates.reader import Found, Reader
from pipeline.dates.reading import LONGEST, Known, Order, Stamp
from pipeline.patterns import lazy_compile

_DIGIT, _ASCII_DIGIT = lazy_compile(r"\d"), lazy_compile("[0-9]")
LINES_KEPT = 4096
"""Lines whose stamps are remembered; the memory starts anew when there are more."""
DAYS_KEPT = 32
"""Days of pages whose readers are remembered, likewise."""


def has_digit(text: str) -> bool:
    """Whether a text has a digit of whatever script; no timestamp is without one."""
    return (_ASCII_DIGIT if text.isascii() else _DIGIT).search(text) is not None  # half the time, many times a page


@dataclass(frozen=True, slots=True)
class StampReader:
    """Reads timestamp lines by declared formats, then in whatever way they are printed.

    Attributes:
        formats: Tried in order; the first that fits the whole line reads it.
        order: Order of the parts of an all-digit date. Without it a date with two readings is ambiguous.
        language: Language of its names of months; English ones are read as well, then those of all other languages.
        century_from: First of the hundred years that a year of two digits stands for; without it there is no date.
        near: A day near that of the page, to which a day without a year is the nearest; without it there is no date.
    """

    formats: Sequence[Format] = ()
    order: Order | None = None
    language: str = "en"
    century_from: int | None = None
    near: date | None = None
    _generic: Reader = field(init=False, repr=False, compare=False)
    _slices: Slices = field(init=False, repr=False, compare=False)
    _read: dict[str, tuple[Stamp, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _knowing: dict[Order, StampReader] = field(default_factory=dict, init=False, repr=False, compare=False)

    _speaking: dict[str, StampReader] = field(default_factory=dict, init=False, repr=False, compare=False)
    _completing: dict[date, StampReader] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_slices", Slices(self.formats))
        object.__setattr__(self, "_generic", Reader(Known(self.language, self.order, self.century_from, self.near)))

    def read(self, text: str, reference: datetime | None = None) -> Stamp | None:
        """Return what a line says first; None when it is anything else than a timestamp line.

        ``reference`` is when the page was fetched, by the source's clock: relative times count from it and from
        nothing else.

        >>> StampReader((), "DMY").read("04/03/2016 11:55").local
        datetime.datetime(2016, 3, 4, 11, 55)
        >>> StampReader().read("04/03/2016").warnings
        ('dateline_order_unknown:2016-04-03|2016-03-04',)
        >>> StampReader().read("Dimanche 27 mars 2016 à 11h55").local
        datetime.datetime(2016, 3, 27, 11, 55)
        """
        stamps = self.read_all(text, reference)
        return stamps[0] if stamps else None

    def read_all(self, text: str, reference: datetime | None = None) -> tuple[Stamp, ...]:
        """Return every time that a line tells: most tell one, some when a text came out and when it was changed.

        >>> [stamp.kind for stamp in StampReader().read_all("Published: 3 May 2016 Updated: 4 May 2016")]
        ['published', 'updated']
        """
        # A page is asked for the same lines by one stage after the other.
        if reference is None and (known := self._read.get(text)) is not None:
            return known
        if len(text) > LONGEST or not has_digit(text):
            return ()
        stamps = self._read_all(text, reference)
        if reference is None:
            if len(self._read) >= LINES_KEPT:
                self._read.clear()
            self._read[text] = stamps
        return stamps

    def _read_all(self, text: str, reference: datetime | None) -> tuple[Stamp, ...]:
        if plainly := self._slices.read(text):
            local, precision = plainly
            return (Stamp("exact", precision, local),)
        for form in self.formats:
            if stamp := declared.read(form, text, self.century_from):
                return (stamp,)
        # A torn offset first: what is left of it may read as another one.
        if stamps := zoned.torn(text, self._by_words) or self._by_words(text):
            return self._weighed(stamps, text)
        if stamps := zoned.read(text, self.language, self._by_words):
            return self._weighed(stamps, text)
        counted = relative.read(text, reference) if len(text) <= relative.LONGEST else None
        return (counted,) if counted else ()

    def _weighed(self, stamps: tuple[Stamp, ...], text: str) -> tuple[Stamp, ...]:
        if not stamps or guards.is_bound(text):
            return ()
        return zoned.shared(guards.weighed(stamps, text, self.language))

    def _by_words(self, text: str) -> tuple[Stamp, ...]:
        return tuple(found.stamp for found in self._generic.read(text))

    def column(self, texts: Sequence[str]) -> Column:
        """Return what every line of many says first, as `read` would, faster where a declared format fits.

        >>> from pipeline.dates.formats import compile_format
        >>> StampReader([compile_format("%d/%m/%Y")]).column(["04/03/2016", "Rain"]).stamp(1) is None
        True
        """
        return column(texts, self._slices, self.read)

    def find(self, text: str) -> list[Found]:
        """Return the timestamps in a line that also holds other words, such as a by-line, with their characters.

        A clock beside a word that is not understood proves the day alone, or a zone that is not known.

        >>> StampReader().find("By Ann Lee | 3 May 2016 | 4 comments")[0][1:3]
        (13, 23)
        """
        if len(text) > LONGEST or not has_digit(text):
            return []
        return credit_lines.weighed(text, self._within(text), lexicon(self.language))

    def _within(self, text: str) -> list[Found]:
        return self._generic.read(text, "within")

    def credits(self, text: str) -> tuple[Stamp, ...]:
        """Return every time told by a line that also names author, agency or the like; nothing for any other line.

        >>> StampReader().credits("By Ann Lee | 3 May 2016 | 4 comments")[0].local
        datetime.datetime(2016, 5, 3, 0, 0)
        >>> StampReader().credits("Elections on 3 May 2016")
        ()
        """
        if len(text) > LONGEST or not has_digit(text):
            return ()
        known = lexicon(self.language)

        def told(line: str) -> tuple[Stamp, ...]:
            return credit_lines.told(line, self._within, known)

        found = zoned.torn(text, told) or zoned.read(text, self.language, told) or told(text)
        return self._weighed(found, text)

    def knowing(self, order: Order | None) -> StampReader:
        """Return the reader of a source whose order of day and month became known; a declared one stays."""
        if order is None or self.order is not None:
            return self
        if order not in self._knowing:
            self._knowing[order] = replace(self, order=order)
        return self._knowing[order]

    def completing(self, near: date) -> StampReader:
        """Return the reader of a page that is of about a day: it gives a day without a year its year.

        >>> StampReader().completing(date(2016, 1, 2)).read("Thursday, December 31, 11:55").local
        datetime.datetime(2015, 12, 31, 11, 55)
        """
        if near not in self._completing:
            if len(self._completing) >= DAYS_KEPT:
                self._completing.clear()
            self._completing[near] = replace(self, near=near)
        return self._completing[near]

    def speaking(self, language: str) -> StampReader:
        """Return the reader of a page in a language; of one that CLDR does not know, this one."""
        if language == self.language or not names.is_known(language):
            return self
        if language not in self._speaking:
            self._speaking[language] = replace(self, language=language)
        return self._speaking[language]
