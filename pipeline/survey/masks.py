"""What lines of one kind have in common: words and digits masked, everything else as it stands."""

from __future__ import annotations

import regex

from pipeline.patterns import lazy_compile

LONGEST = 120
_WORD = lazy_compile(r"[\p{L}\p{M}]+")
_RUN = lazy_compile(r"(\p{Lu}+)|(\p{Ll}+)|([\p{L}\p{M}]+)|([0-9]+)|(\s+)|(.)", regex.DOTALL)
_DIGIT = lazy_compile(r"\p{Nd}")

UPPER_LONGEST, LOWER_LONGEST, DIGITS_LONGEST = 8, 3, 4
"""Letters and digits in a row that an editor's mark has at most; more of them are a word, or a year and more."""
MARK_LONGEST = 24


def mask(line: str) -> str:
    """Return a line with ``W`` for each word and ``9`` for each digit.

    >>> mask("Sun Mar 27, 2016 11:55:38")
    'W W 99, 9999 99:99:99'
    """
    return " ".join(_DIGIT.sub("9", _WORD.sub("W", line[:LONGEST])).split())


def mark_mask(line: str) -> str | None:
    """Return the shape of a line that could be an editor's mark, None of one that could not.

    Runs of capitals become ``A``, of small letters ``a``, of digits ``9``.

    >>> mark_mask("S/SH 11"), mark_mask("(ah)"), mark_mask("Rain"), mark_mask("- - -")
    ('A/A 9', '(a)', None, None)
    """
    if len(line) > MARK_LONGEST:
        return None
    shape: list[str] = []
    for upper, lower, letters, digits, white, other in _RUN.findall(line):
        too_long = len(upper) > UPPER_LONGEST or len(lower) > LOWER_LONGEST
        too_long |= max(len(digits), len(white)) > DIGITS_LONGEST
        if too_long or letters or (lower and shape and shape[-1] == "A"):
            return None
        shape.append("A" if upper else "a" if lower else "9" if digits else " " if white else other)
    return "".join(shape) if {"A", "a", "9"} & set(shape) else None


def mark_pattern(shape: str) -> str:
    r"""Return a pattern of the marks that have a shape.

    >>> mark_pattern("A/A 9"), mark_pattern("(a)")
    ('\\p{Lu}{1,8}/\\p{Lu}{1,8}\\s{1,4}[0-9]{1,4}', '\\(\\p{Ll}{1,3}\\)')
    """
    runs = {
        "A": rf"\p{{Lu}}{{1,{UPPER_LONGEST}}}",
        "a": rf"\p{{Ll}}{{1,{LOWER_LONGEST}}}",
        "9": rf"[0-9]{{1,{DIGITS_LONGEST}}}",
        " ": r"\s{1,4}",
    }
    return "".join(runs.get(letter) or regex.escape(letter) for letter in shape)
