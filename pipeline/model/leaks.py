"""What leaks are to every floor: spans of bytes, claims with their proof, and the tiles that settled claims leave."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pipeline.patterns import lazy_compile

Status = Literal["exact", "repaired", "truncated", "ambiguous", "kept"]

T = TypeVar("T")

_PARAGRAPH_BREAK = lazy_compile(rb"\n[ \t\r]*\n|\r[ \t]*\r")


class Span(NamedTuple):
    """Half-open range of bytes ``[start, stop)`` in the raw document.

    >>> Span(2, 5).of(b"0123456")
    b'234'
    """

    start: int
    stop: int

    def of(self, raw: bytes) -> bytes:
        """Return the bytes of the span."""
        return raw[self.start : self.stop]

    def moved(self, by: int) -> Span:
        """Return the span so many bytes further on."""
        return Span(self.start + by, self.stop + by)


class Claim(Struct, frozen=True, gc=False):
    """A family's statement that a span is a leak, with its proof; a row of ``artifacts`` once settled.

    Attributes:
        span: The bytes claimed.
        family: Name of the family, such as ``php_dump``.
        rule: The grammar that was parsed, such as ``var_dump``.
        status: ``kept`` means recognised but left in the text; every other status is a cut.
        reason: Why it was cut in that way, or why it was kept. Empty for an exact cut.
        declared_length: What the leak itself says of the length of its payload, in bytes.
        payload: Where the data stands inside the span.
        value: The data as JSON text, in the mapping of the data dictionary.
        unfinished: What stands in the payload where that is JSON in a string that the leak breaks off in, the escapes
            of the leak undone; ``value`` has no such string.
        resume: Where the same grammar reads on; never inside bytes a failed reading of it already covered, which
            is what keeps hostile input linear.
        breaks: How many line breaks a reader sees in its place, where it is mark-up of the text: two part
            paragraphs. None for what a program printed into the text, which has no place in it.
    """

    span: Span
    family: str
    rule: str
    status: Status
    reason: str = ""
    declared_length: int | None = None
    payload: Span | None = None
    value: str | None = None
    unfinished: bytes | None = None
    resume: int = 0
    breaks: int | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the bytes leave the text."""
        return self.status != "kept"

    @property
    def is_mark_up(self) -> bool:
        """Whether it is mark-up of the text around it, or of a leak, and not something that was printed into it."""
        return self.breaks is not None

    def kept(self, why: str) -> Claim:
        """Return the claim with its bytes left in the text, and why; one that is kept already has its reason.

        >>> Claim(Span(0, 9), "php_dump", "var_dump", "exact").kept("the page shows it on purpose").status
        'kept'
        """
        return replace(self, status="kept", reason=why) if self.is_cut else self

    def moved(self, by: int) -> Claim:
        """Return the claim so many bytes further on, as for a document of which its family read a part.

        >>> Claim(Span(0, 9), "php_dump", "var_dump", "exact").moved(2).span
        Span(start=2, stop=11)
        """
        if not by:
            return self
        payload = None if self.payload is None else self.payload.moved(by)
        return replace(self, span=self.span.moved(by), payload=payload)


class Page:
    """A raw document while families read it, with what several readings ask of the whole, computed once.

    Without it each of a million hostile heads would search the rest of the document again.
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._known: dict[Hashable, Any] = {}

    def once(self, compute: Callable[[bytes], T]) -> T:
        """Return what a function makes of the whole document; it is called the first time only.

        >>> Page(b"a quay").once(len)
        6
        """
        if compute not in self._known:
            self._known[compute] = compute(self.raw)
        known: T = self._known[compute]
        return known

    @cached_property
    def text_stop(self) -> int:
        """First byte of the white space at the end of the document."""
        return len(self.raw.rstrip(b" \t\r\n"))

    @cached_property
    def last_line_break(self) -> int:
        """Position of the last line break before the final white space; -1 when there is none."""
        return max(self.raw.rfind(b"\n", 0, self.text_stop), self.raw.rfind(b"\r", 0, self.text_stop))

    @cached_property
    def last_paragraph_break(self) -> int:
        """Position of the last blank line before the final white space; -1 when there is none."""
        position = -1
        for found in _PARAGRAPH_BREAK.finditer(self.raw, 0, self.text_stop):
            position = found.start()
        return position


class Grammar(Protocol):
    """One form a leak is printed in: literal anchors for the shared scan, and a reader that proves what is there."""

    @property
    def rule(self) -> str:
        """Name in the ``rule`` column, such as ``var_dump``."""

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Plain literals, one of which every leak of this form contains near its start."""

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the leak whose anchor begins at ``at``; None when nothing resembles one.

        The claim may begin before ``at``, where a form has a head that no literal names.
        """


class Family(Protocol):
    """One family of leaks: the grammars it is printed in, and the judgement whether a page shows them on purpose."""

    @property
    def name(self) -> str:
        """Name in the ``family`` column and in a profile's ``artifacts.families``."""

    @property
    def grammars(self) -> tuple[Grammar, ...]:
        """The forms of the family, the one to be preferred first."""

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim of a page why the page shows it as its content; an empty string for a leak.

        The claims are those of every family: what stands inside one is no evidence on another.
        """


class Tile(Struct, frozen=True, gc=False):
    """One piece of a settled document: kept text (``artifact`` is None) or the artifact of that ordinal.

    ``breaks`` is that of the artifact's claim.
    """

    start: int
    stop: int
    artifact: int | None = None
    breaks: int | None = None
