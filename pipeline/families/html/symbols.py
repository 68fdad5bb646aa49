"""Symbols of companies, which exchanges and news agencies write between angle brackets: ``USAir Group <U>``."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Claim, Page
from pipeline.patterns import lazy_compile

WHY = "it has no closing tag, and may be the symbol of a company"
_SYMBOL = lazy_compile(rb"<(?P<name>[A-Z][A-Z0-9]{0,5})>")
_CLOSING = lazy_compile(rb"</(?P<name>[A-Za-z][A-Za-z0-9]{0,5})")
_OPTIONAL = frozenset({b"BR", b"DD", b"DT", b"HR", b"IMG", b"LI", b"OPTION", b"P", b"TD", b"TH", b"TR"})
"""Elements that have no closing tag, or are often left without one."""


def symbols(page: Page, claims: Sequence[Claim]) -> list[str]:
    r"""Return for each claim why it may be a symbol; an empty string for what is a tag and nothing else.

    >>> from pipeline.model import Span
    >>> page = Page(b"Burrow Air <U> fell.")
    >>> symbols(page, [Claim(Span(11, 14), "html", "tag", "exact")])
    ['it has no closing tag, and may be the symbol of a company']
    """
    texts = [claim.span.of(page.raw) if claim.rule == "tag" else b"" for claim in claims]
    places = (claim.span.start for claim in claims)
    found = [
        _SYMBOL.fullmatch(text) if _follows_a_word(page.raw, at) else None
        for at, text in zip(places, texts, strict=True)
    ]
    closed = {closing["name"].upper() for text in texts if (closing := _CLOSING.match(text))}
    nothing_else = all(symbol for symbol, claim in zip(found, claims, strict=True) if claim.family == "html")
    return [
        WHY if symbol and symbol["name"] not in closed and (nothing_else or symbol["name"] not in _OPTIONAL) else ""
        for symbol in found
    ]


def _follows_a_word(raw: bytes, at: int) -> bool:
    """Whether a byte stands behind a word and a blank, or a line break."""
    return at > 1 and raw[at - 1 : at].isspace() and raw[at - 2 : at - 1].isalnum()
