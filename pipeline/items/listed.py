"""The rows of items, one by one: what their keys gave, and what is made from that.

Tables are built of many items at once (:mod:`pipeline.store.related`), and hold the same.
"""

from __future__ import annotations

from pipeline.headline import split_flags
from pipeline.media import NO_MEDIA, read_media
from pipeline.model import DerivedItem, Given, ItemList, RelatedItem, RelatedItems


class ListedItems(RelatedItems):
    """The related items of a document.

    >>> from pipeline.model import GivenList, ItemSource
    >>> given = GivenList.of([Given(title="VIDEO: Ferry", media_path="/2021/05/04/a.jpg")])
    >>> source = ItemSource("https://media.example", ("VIDEO",))
    >>> (item,) = ListedItems([ItemList(0, "strict", source, given)])
    >>> item.headline, item.title_flags, item.media_url, item.media_kind
    ('Ferry', ('VIDEO',), 'https://media.example/2021/05/04/a.jpg', 'image')
    """

    __slots__ = ()

    def derived(self, given: Given, among: ItemList) -> DerivedItem:
        """Return the row of an item, with the columns that are made from what its keys gave."""
        base, flags, clock = among.source
        headline, found = split_flags(given.title, flags) if given.title is not None else (None, ())
        media = NO_MEDIA
        if given.media_path is not None:
            media = read_media(given.media_path, base, key=given.media_key, clock=clock, item_id=given.item_id)
        row = RelatedItem(
            among.artifact,
            among.recovery,
            item_id=given.item_id,
            sort_key=given.sort_key,
            content_type_id=given.content_type_id,
            title=given.title,
            headline=headline,
            title_flags=found,
            media_path=given.media_path,
            media_url=media.url,
            media_kind=media.kind,
            media_date=media.date,
            media_ticks=media.ticks,
            media_at=media.at,
            url=given.url,
            published_raw=given.published_raw,
            extra=given.extra,
            keys=given.keys,
        )
        return DerivedItem(row, media.warnings)
