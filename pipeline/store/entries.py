"""What the manifest says of inputs: a line of JSON each, which is decoded when somebody asks what it says.

Nearly all inputs of a run are what they were. Their lines go from one manifest to the next as they stand, and a shard
is recognised by its :class:`Outline` alone.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Self, overload

import msgspec
from msgspec import Struct, structs

from pipeline.errors import SnapshotError
from pipeline.model import HTML

SEPARATOR = b",\n  "
"""What stands between two lines. No line break stands within one: in JSON that is an escape."""
URIS_DIGEST_SIZE = 16


class InputEntry(Struct, frozen=True, omit_defaults=True, gc=False):
    """One input: where it stands, what it held, which shard its rows are in.

    ``sha256`` and ``size`` are null when it could not be read, and ``refusal`` is the code and the message that say
    why: only an input that cannot be read for the same reason again keeps its row of rejects. ``vanished`` inputs were
    gone in this run; their rows stand as they were. ``form`` is empty, or ``html``, where the file itself is the
    document; of a container it says what it is, such as ``jsonl.gz``, and ``records`` says how many articles and
    rejects came of it, from record ``first`` on.
    """

    uri: str
    sha256: str | None
    size: int | None
    shard: int
    vanished: bool = False
    form: str = ""
    first: int = 0
    records: int = 1
    refusal: tuple[str, str] | None = None

    @property
    def is_container(self) -> bool:
        """Whether the file holds documents, and is none itself."""
        return self.form not in ("", HTML)

    @property
    def numbers(self) -> range:
        """The records that came of it."""
        return range(self.first, self.first + self.records)

    @property
    def place(self) -> tuple[str, int]:
        """What it is known by, in the order of rows."""
        return self.uri, self.first

    def now(self, shard: int, *, vanished: bool) -> InputEntry:
        """Return the same input as it stands in a shard of this run."""
        if self.shard == shard and self.vanished == vanished:
            return self
        return structs.replace(self, shard=shard, vanished=vanished)


class _Entries(Sequence[InputEntry]):
    """Inputs in order, whichever way they are held."""

    __slots__ = ()

    @overload
    def __getitem__(self, place: int) -> InputEntry: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[InputEntry]: ...
    def __getitem__(self, place: int | slice) -> InputEntry | Sequence[InputEntry]:
        return self.entries()[place]

    def __iter__(self) -> Iterator[InputEntry]:
        return iter(self.entries())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.entries() == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    @abstractmethod
    def entries(self) -> tuple[InputEntry, ...]:
        """Return the inputs themselves."""


class EntryLines(_Entries):
    """Inputs that stand side by side: as they are, or as lines of a manifest until somebody asks for one of them.

    >>> lines = EntryLines.written(b'{"uri":"a.txt","sha256":null,"size":null,"shard":0}', 1)
    >>> len(lines), lines[0].uri
    (1, 'a.txt')
    >>> EntryLines(lines).lines() == lines.lines()
    True
    """

    __slots__ = ("_count", "_entries", "_lines")

    def __init__(self, entries: Iterable[InputEntry] = ()) -> None:
        self._entries: tuple[InputEntry, ...] | None = tuple(entries)
        self._lines: bytes | memoryview | None = None
        self._count: int | None = len(self._entries)

    @classmethod
    def written(cls, lines: bytes | memoryview, count: int | None = None) -> Self:
        """Return inputs by their lines, with what stands between them; they are counted when it is not known."""
        made = cls()
        made._entries, made._lines, made._count = None, lines, count
        return made

    def __len__(self) -> int:
        if self._count is None:
            self._count = len(self.entries())
        return self._count

    def __reduce__(self) -> tuple[Callable[[bytes, int], EntryLines], tuple[bytes, int]]:
        return EntryLines.written, (bytes(self.lines()), len(self))

    def entries(self) -> tuple[InputEntry, ...]:
        """Return the inputs themselves.

        Raises:
            SnapshotError: A line is none.
        """
        if self._entries is None:
            try:
                self._entries = _decoder.decode(b"".join((b"[", self._lines or b"", b"]")))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise SnapshotError(f"the manifest is damaged where it lists inputs: {error}") from None
        return self._entries

    def lines(self) -> bytes | memoryview:
        """Return the lines, with what stands between them."""
        if self._lines is None:
            lines = _encoder.encode_lines(self._entries or ()).removesuffix(b"\n")
            self._lines = lines.replace(b"\n", SEPARATOR)
        return self._lines


class Entries(_Entries):
    """The inputs of a manifest, in parts.

    ``digest`` is the SHA-256 of the whole manifest where that is known to be what was written, else empty: then lines
    may stand in it in any form, and nothing that was noted of them is to be believed.
    """

    __slots__ = ("_all", "_starts", "digest", "parts")

    def __init__(self, parts: Iterable[EntryLines], digest: str = "") -> None:
        self.parts = tuple(parts)
        self.digest = digest
        self._starts: list[int] | None = None
        self._all: tuple[InputEntry, ...] | None = None

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @overload
    def __getitem__(self, place: int) -> InputEntry: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[InputEntry]: ...
    def __getitem__(self, place: int | slice) -> InputEntry | Sequence[InputEntry]:
        if self._starts is None:
            self._starts = [0, *accumulate(map(len, self.parts))]
        if isinstance(place, slice):
            return self._neighbours(place, self._starts)
        place = range(self._starts[-1])[place]
        part = bisect_right(self._starts, place) - 1
        return self.parts[part][place - self._starts[part]]

    def _neighbours(self, places: slice, starts: Sequence[int]) -> Sequence[InputEntry]:
        """Return those at some places; where all of them are of one part, no other is decoded."""
        start, stop, step = places.indices(starts[-1])
        part = bisect_right(starts, start) - 1
        if step == 1 and start < stop <= starts[part + 1]:
            return self.parts[part][start - starts[part] : stop - starts[part]]
        return self.entries()[places]

    def entries(self) -> tuple[InputEntry, ...]:
        """Return the inputs themselves.

        Raises:
            SnapshotError: A line is none.
        """
        if self._all is None:
            first = self.parts[0].entries() if len(self.parts) == 1 else None
            self._all = first if first is not None else tuple(chain.from_iterable(self.parts))
        return self._all

    def written(self) -> Iterator[bytes | memoryview]:
        """Yield the lines of all parts, with what stands between them."""
        between = b""
        for part in self.parts:
            if lines := part.lines():
                yield between
                yield lines
                between = SEPARATOR

    def divided(self, outlines: Sequence[Outline]) -> tuple[EntryLines, ...] | None:
        """Return the lines of each shard by what was noted of the shards; None when the note does not fit."""
        if len(self.parts) != 1 or not outlines:
            return None
        lines = memoryview(self.parts[0].lines())
        found: list[EntryLines] = []
        start = 0
        for outline in outlines:
            found.append(EntryLines.written(lines[start : start + outline.size], outline.inputs))
            start += outline.size + len(SEPARATOR)
        return tuple(found) if start - len(SEPARATOR) == len(lines) else None


class Outline(Struct, frozen=True, array_like=True):
    """What a shard is recognised by, without any of its lines.

    Attributes:
        shard: Its number.
        inputs: How many it has.
        size: Bytes of their lines, with what stands between them.
        first: What the first of them is known by.
        uris: A digest of where they stand.
        forms: The forms they have.
        vanished: Whether one of them was gone.
    """

    shard: int
    inputs: int
    size: int
    first: tuple[str, int]
    uris: bytes
    forms: tuple[str, ...]
    vanished: bool

    @classmethod
    def of(cls, shard: int, lines: EntryLines) -> Self:
        """Return the outline of a shard, which has inputs."""
        return cls(
            shard,
            len(lines),
            len(lines.lines()),
            lines[0].place,
            uris_digest([entry.uri for entry in lines]),
            tuple(sorted({entry.form for entry in lines})),
            any(entry.vanished for entry in lines),
        )


def uris_digest(uris: Iterable[str]) -> bytes:
    """Return a digest of places in order; no place holds the byte 0."""
    return hashlib.blake2b("\0".join(uris).encode("utf-8", "surrogatepass"), digest_size=URIS_DIGEST_SIZE).digest()


_decoder = msgspec.json.Decoder(tuple[InputEntry, ...])
_encoder = msgspec.json.Encoder()
