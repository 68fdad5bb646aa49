"""Fifth stage: the JSON that a payload turns out to be, and the related items in it or in a dumped structure.

What cannot be read strictly is recovered as far as it can be proven (:mod:`pipeline.recovery`); each item says how.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field

from pipeline.items import ItemMap, ListedItems, lists_of_items, read_rows, read_sound
from pipeline.items.find import texts
from pipeline.model import Claim, ItemList, Listed, Payload, Recovery, RelatedItems
from pipeline.recovery import Recovered, looks_like_json, recover
from pipeline.recovery.strict import decode

__all__ = ["ItemMap", "Related", "read"]

WEAKEST: tuple[Recovery, ...] = ("strict", "envelope", "decoded", "repaired", "salvaged", "rejected")
AS_READ: dict[str, Recovery] = {"exact": "strict", "repaired": "repaired", "ambiguous": "repaired"}
"""How the items of a dumped structure were read, by the status of the dump; those of one cut short are salvaged."""
UNKNOWN_TYPE = "related_item_type_unknown"
"""Warning of a list that may be one of related items, but for what its JSON-LD says that one of them is."""
TYPE_SHOWN = 64
"""Characters of that type at most."""
CONTAINERS_AND_TEXTS = ("[", "{", '"')
"""How values begin that may hold JSON. A text is one where its dump names no payload, as those of Xdebug do not."""


class Related(Struct, frozen=True):
    """What the payloads of a document hold.

    Attributes:
        payloads: One entry a claim.
        items: The related items, in order, and what is in doubt about them.
    """

    payloads: tuple[Payload, ...]
    items: RelatedItems


NOTHING = Related((), ListedItems())


def read(raw: bytes, claims: Sequence[Claim], item_map: ItemMap) -> Related:
    """Return the JSON of every payload that was cut, and the related items in it.

    >>> from pipeline.model import Span
    >>> raw = b'string(12) "[{"id":"7"}]"'
    >>> claim = Claim(Span(0, 25), "php_dump", "var_dump", "exact", payload=Span(12, 24))
    >>> read(raw, [claim], ItemMap({"title": ["id"]})).items[0].title
    '7'
    """
    if not claims:
        return NOTHING
    reader = _Reader(item_map)
    payloads = [reader.read(raw, ordinal, claim) for ordinal, claim in enumerate(claims)]
    return Related(tuple(payloads), ListedItems(reader.lists, reader.warnings))


class _Reader(Struct):
    """Reads the claims of one document, and collects what it finds."""

    item_map: ItemMap
    lists: list[ItemList] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def read(self, raw: bytes, ordinal: int, claim: Claim) -> Payload:
        if not claim.is_cut or claim.is_mark_up:  # attributes of a tag are no list of a page's items
            return Payload()
        if claim.unfinished is None and claim.payload is not None:
            return self._payload(claim.payload.of(raw), ordinal, claim)
        if claim.value is not None and claim.value.startswith(CONTAINERS_AND_TEXTS):
            return self._structure(claim.value, ordinal, claim)
        return Payload() if claim.unfinished is None else self._payload(claim.unfinished, ordinal, claim)

    def _payload(self, text: bytes, ordinal: int, claim: Claim) -> Payload:
        """Read a payload that may be one JSON document."""
        if (given := read_sound(text, self.item_map)) is not None:
            if claim.status == "truncated":
                self.warnings.append("related_json_truncated")
            self._add(given, ordinal, "strict")
            return Payload(text, "strict")
        if not looks_like_json(text):
            return Payload()
        return _payload(self._document(text, ordinal, claim))

    def _document(self, text: bytes, ordinal: int, claim: Claim) -> Recovered:
        """Recover a JSON document, and read its items."""
        found = recover(text)
        self._warn(found, claim)
        if found.octets is not None:
            self._items(found.data, ordinal, found.recovery)
        return found

    def _structure(self, value: str, ordinal: int, claim: Claim) -> Payload:
        """Read a dumped value: lists of items in it, and strings that are JSON documents, one unfinished too."""
        try:
            data = decode(value.encode())
        except ValueError:
            self.warnings.append("related_json_too_deep")
            return Payload()
        cut = _last_members(data) if claim.status == "truncated" else ()
        self._items(data, ordinal, AS_READ.get(claim.status, "salvaged"), cut)
        documents: list[Recovered] = []
        for text in texts(data):
            if looks_like_json(octets := text.encode()):
                found = recover(octets)
                if found.octets is not None:
                    self._warn(found, claim)
                    self._items(found.data, ordinal, found.recovery)
                    documents.append(found)
        if claim.unfinished is not None:
            found = self._document(claim.unfinished, ordinal, claim)
            if found.octets is not None or not documents:
                documents.append(found)
        if len(documents) == 1:
            return _payload(documents[0])
        return _payload_of_several(documents) if documents else Payload()

    def _warn(self, found: Recovered, claim: Claim) -> None:
        if found.code == "nesting":
            self.warnings.append("related_json_too_deep")
        elif claim.status == "truncated":
            self.warnings.append("related_json_truncated")
        elif found.octets is None:
            self.warnings.append("related_json_invalid")
        elif found.recovery == "salvaged":
            self.warnings.append("related_json_incomplete")
        elif found.recovery != "strict":
            self.warnings.append("related_json_repaired")
        if found.suspect:
            self.warnings.append("related_json_suspect")

    def _items(self, data: Any, ordinal: int, recovery: Recovery, cut: Sequence[Any] = ()) -> None:  # noqa: ANN401 - any JSON there is
        """Read the items of data; ``cut`` is what may have been open where the text ended."""
        for found in lists_of_items(data, self.item_map.items, self.item_map.fields, by_shape=self.item_map.by_shape):
            if found.strange:
                self.warnings.append(f"{UNKNOWN_TYPE}: {found.strange[:TYPE_SHOWN]}")
                continue
            rows = found.rows
            if cut:
                self.warnings.append("related_json_truncated")
                rows = _complete(rows, cut)
            objects = [row for row in rows if isinstance(row, dict)]
            given = read_rows(objects, self.item_map)
            self._add(given, ordinal, recovery, others=len(objects) < len(rows))

    def _add(self, given: Listed, ordinal: int, recovery: Recovery, *, others: bool = False) -> None:
        """Add the items of a list, if any of them is related; ``others`` says that not all of it are items."""
        if not given.are_related:
            return
        if others:
            self.warnings.append("related_item_not_an_object")
        self.lists.append(ItemList(ordinal, recovery, self.item_map.source, given, tuple(self.warnings)))
        self.warnings.clear()


def _last_members(data: Any) -> list[Any]:  # noqa: ANN401 - any JSON there is
    """Return a value, its last member, the last of that, and so on: what may be open where a text is cut short."""
    members: list[Any] = []
    while isinstance(data, (list, dict)):
        members.append(data)
        if not data:
            break
        data = data[-1] if isinstance(data, list) else next(reversed(data.values()))
    return members


def _complete(rows: Sequence[Any], cut: Sequence[Any]) -> Sequence[Any]:
    """Return the rows of a list that are complete: the one that may be open is so if it lacks no key of the others."""
    last = rows[-1]
    if not any(last is member for member in cut):
        return rows
    others = [row for row in rows[:-1] if isinstance(row, dict)]
    if others and isinstance(last, dict) and not any(isinstance(value, (list, dict)) for value in last.values()):
        names = {name for row in others for name in row}
        return rows if names <= set(last) else rows[:-1]
    return rows[:-1]


def _payload_of_several(documents: Sequence[Recovered]) -> Payload:
    weakest = max((found.recovery for found in documents), key=WEAKEST.index)
    reason = f"{len(documents)} strings in it are JSON documents"
    expected, complete = sum(found.expected or 0 for found in documents), sum(found.found or 0 for found in documents)
    if expected:
        reason = f"{reason}; at least {expected} items expected, {complete} found complete"
    return Payload(None, weakest, any(found.suspect for found in documents), reason)


def _payload(found: Recovered) -> Payload:
    reason = found.reason
    if found.octets is None and found.offset:
        reason = f"{reason}, at byte {found.offset} of the payload"
    return Payload(found.octets, found.recovery, found.suspect, reason)
