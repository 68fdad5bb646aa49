"""The dialect of a CSV, told by its first rows: delimiter, quotes, how a quote stands inside a field, and blanks."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

from pipeline.patterns import lazy_compile
from pipeline.store.readers.fields import root_of

if TYPE_CHECKING:
    import regex

SAMPLE = 64 * 2**10
"""Bytes by which the dialect is told."""
SAMPLE_ROWS = 50
DELIMITERS = ",;\t|"
QUOTES = "\"'"

_SAID = lazy_compile(r'"?sep=(.)"?\r?\n?')
"""A line for Excel, which says what delimits the fields of the others."""
_SINGLE_QUOTED = lazy_compile(r"(?m)(?:^|[,;\t|] ?)'")
_BACKSLASHES: Mapping[str, regex.Pattern[str]] = {'"': lazy_compile(r'\\["\\]?'), "'": lazy_compile(r"\\['\\]?")}
"""By quote: one with what it may stand for; of two, the first escapes the second, and neither a quote behind them."""


def said(line: str) -> str | None:
    """Return the delimiter that a file says it has, in a line of its own before the header; None for any other line.

    >>> said("sep=;"), said("text;url")
    (';', None)
    """
    found = _SAID.fullmatch(line)
    return found[1] if found is not None else None


def dialect(sample: str, text_field: str, delimiters: str = DELIMITERS, *, is_whole: bool = True) -> type[csv.Dialect]:
    r"""Return the dialect that the first rows are written in: the one by which they fit the header best.

    Args:
        sample: The first rows, the header among them.
        text_field: The field that the header must name.
        delimiters: What may delimit fields.
        is_whole: Whether the file ends with the sample; otherwise its last row may be cut.

    >>> dialect("url;text\n'u;1';'Rain; fog'\n", "text").quotechar
    "'"
    """
    header = sample.partition("\n")[0]
    quotes = QUOTES if _SINGLE_QUOTED.search(sample) else QUOTES[0]
    escapes = (False, True) if '\\"' in sample or "\\'" in sample else (False,)
    blanks = (False, True) if any(f"{delimiter} " in header for delimiter in delimiters) else (False,)
    # Where several fit as well, the first is taken: the plainest.
    known = [_made(*each) for each in product(quotes, escapes, blanks, delimiters)]
    return max(known, key=lambda made: _fit(sample, made, text_field, is_whole=is_whole))


def kept(text: str, quote: str) -> str:
    """Return text in which a backslash escapes quotes alone: the csv module would take every other one away."""
    return _BACKSLASHES[quote].sub(lambda found: found[0] if found[0].endswith(quote) else found[0] * 2, text)


def _made(quote: str, escapes: bool, blanks: bool, mark: str) -> type[csv.Dialect]:  # noqa: FBT001 - for products
    """Return a dialect.

    Args:
        quote: What stands around a field.
        escapes: Whether a backslash stands before a quote inside a field; it is doubled otherwise.
        blanks: Whether a blank stands behind each delimiter.
        mark: The delimiter.
    """

    class Dialect(csv.Dialect):
        delimiter = mark
        quotechar = quote
        lineterminator = "\n"
        quoting = csv.QUOTE_MINIMAL
        strict = True
        skipinitialspace = blanks
        doublequote = not escapes
        escapechar = "\\" if escapes else None

    return Dialect


def _fit(sample: str, made: type[csv.Dialect], text_field: str, *, is_whole: bool) -> tuple[bool, int, int, int]:
    """Return how well a dialect fits: the text field is there, rows that agree less those that do not, fields.

    Prose that is read by the wrong quotes falls apart into many rows, some of which agree with the header by chance.
    Rows of one field agree with a header of one by any delimiter that the file has not, so they count last.
    """
    header: list[str] = []
    balance = 0
    text = sample if made.escapechar is None else kept(sample, made.quotechar or "")
    reader = csv.reader(text.splitlines(keepends=True), made)
    for _ in range(SAMPLE_ROWS):
        try:
            row = next(reader, None)
        except csv.Error as error:
            if is_whole or "unexpected end" not in str(error):
                balance -= 1
            continue
        if row is None:
            break
        header = header or row
        if row:
            balance += 1 if len(row) == len(header) else -1
    return root_of(text_field, header) in header, balance if len(header) > 1 else 0, len(header), balance
