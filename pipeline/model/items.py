"""Related items: what the keys of an item gave, the row that is made of it, and all of a document, list by list."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, repeat
from typing import Any, Literal, NamedTuple, Protocol, overload

Recovery = Literal["strict", "envelope", "decoded", "repaired", "salvaged", "rejected"]
Clock = Literal["dotnet", "unix", "java", "mongo"]
"""What numbers in names count: .NET ticks on the wall clock, or seconds, milliseconds, and the head of a Mongo id since
1970, UTC."""

RELATED = ("title", "media_path")
"""Columns of which a list of related items fills at least one."""


class RelatedItem(NamedTuple):
    """One item of an embedded list of related pages; a row of ``related_items``.

    ``keys`` tells which key filled which column, such as ``pic = media_path``.
    """

    artifact: int
    recovery: Recovery
    item_id: str | None = None
    sort_key: int | None = None
    content_type_id: int | None = None
    title: str | None = None
    headline: str | None = None
    title_flags: tuple[str, ...] = ()
    media_path: str | None = None
    media_url: str | None = None
    media_kind: str | None = None
    media_date: date | None = None
    media_ticks: int | None = None
    media_at: datetime | None = None
    url: str | None = None
    published_raw: str | None = None
    extra: str | None = None
    keys: tuple[str, ...] = ()


MAPPED_COLUMNS = ("item_id", "sort_key", "content_type_id", "title", "media_path", "url", "published_raw")
"""Columns of ``related_items`` that a profile may map a key to; the others are derived from these."""


class Given(NamedTuple):
    """What the keys of an item gave. ``media_key`` is the one that filled ``media_path``."""

    item_id: str | None = None
    sort_key: int | None = None
    content_type_id: int | None = None
    title: str | None = None
    media_path: str | None = None
    url: str | None = None
    published_raw: str | None = None
    extra: str | None = None
    keys: tuple[str, ...] = ()
    media_key: str = ""


NOTHING_GIVEN = Given()


class GivenList(NamedTuple):
    """What the keys of a list's items gave, by column.

    Attributes:
        size: How many items there are.
        columns: Values by field of :class:`Given`, one for each item.
        others: The values of the other fields, which are those of all items.
    """

    size: int
    columns: Mapping[str, Sequence[Any]]
    others: Given = NOTHING_GIVEN

    @classmethod
    def of(cls, items: Sequence[Given]) -> GivenList:
        """Return items by column."""
        return cls(len(items), dict(zip(Given._fields, zip(*items, strict=True), strict=True)) if items else {})

    def column(self, name: str) -> Iterable[Any]:
        """Return the values of a field, one for each item."""
        values = self.columns.get(name)
        return values if values is not None else repeat(getattr(self.others, name), self.size)

    def each(self) -> Iterable[Given]:
        """Return the items one by one.

        >>> list(GivenList(2, {"title": ("Ferry", "Fog")}).each()) == [Given(title="Ferry"), Given(title="Fog")]
        True
        """
        return map(Given._make, zip(*map(self.column, Given._fields), strict=True))

    def by_column(self) -> GivenList:
        """Return the list itself."""
        return self

    @property
    def are_related(self) -> bool:
        """Whether any item has what makes it a related one and not just some object."""
        return any(value is not None for name in RELATED for value in self.columns.get(name, ()))


class Listed(Protocol):
    """What the keys of a list's items gave, however it is held."""

    @property
    def size(self) -> int:
        """How many items there are."""

    @property
    def are_related(self) -> bool:
        """Whether any item has what makes it a related one and not just some object."""

    def by_column(self) -> GivenList:
        """Return the items by column."""


class ItemSource(NamedTuple):
    """What is known of the source of items.

    Attributes:
        media_base: What ``media_path`` is relative to; None when it is not known.
        flags: Flag words of titles.
        clock: What the numbers in the names of media files count; None for .NET ticks that the path confirms.
    """

    media_base: str | None = None
    flags: tuple[str, ...] = ()
    clock: Clock | None = None


class ItemList(NamedTuple):
    """A list of items.

    Attributes:
        artifact: Ordinal of the artifact that it was found in.
        recovery: How it was read.
        source: What is known of its source.
        given: What its items gave.
        warnings: What was in doubt before they were looked at.
    """

    artifact: int
    recovery: Recovery
    source: ItemSource
    given: Listed
    warnings: tuple[str, ...] = ()


class DerivedItem(NamedTuple):
    """An item as a row, and what is in doubt about it."""

    row: RelatedItem
    warnings: tuple[str, ...] = ()


class RelatedItems(Sequence[RelatedItem]):
    """The related items of a document. They are derived one by one when one is asked for; tables ask for none.

    Attributes:
        lists: The lists that they stand in.
        after: What was in doubt when the last of them had been looked at.
    """

    __slots__ = ("_items", "_size", "after", "lists")

    def __init__(self, lists: Sequence[ItemList] = (), after: Sequence[str] = ()) -> None:
        self.lists = lists
        self.after = after
        self._size = sum(each.given.size for each in lists)
        self._items: list[list[DerivedItem]] | None = None

    @abstractmethod
    def derived(self, given: Given, among: ItemList) -> DerivedItem:
        """Return the row of an item, with the columns that are made from what its keys gave."""

    @property
    def told(self) -> tuple[str, ...]:
        """What is in doubt, each once, but for what the items themselves say."""
        if not self.lists:  # as on most pages
            return tuple(dict.fromkeys(self.after))
        return tuple(dict.fromkeys(chain(*(each.warnings for each in self.lists), self.after)))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is in doubt, each once, in the order it was met."""
        met: list[str] = []
        for each, items in zip(self.lists, self._derived(), strict=True):
            met += each.warnings
            met += chain.from_iterable(item.warnings for item in items)
        return tuple(dict.fromkeys([*met, *self.after]))

    def _derived(self) -> list[list[DerivedItem]]:
        if self._items is None:
            self._items = [
                [self.derived(given, each) for given in each.given.by_column().each()] for each in self.lists
            ]
        return self._items

    def _rows(self) -> tuple[RelatedItem, ...]:
        return tuple(item.row for items in self._derived() for item in items)

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> RelatedItem: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[RelatedItem]: ...
    def __getitem__(self, place: int | slice) -> RelatedItem | Sequence[RelatedItem]:
        return self._rows()[place]

    def __iter__(self) -> Iterator[RelatedItem]:
        return iter(self._rows())

    def __eq__(self, other: object) -> bool:
        return self._rows() == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._rows())

    def __repr__(self) -> str:
        return repr(self._rows())
