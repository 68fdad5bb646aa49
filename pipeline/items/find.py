"""Where lists of related items stand in data: at a path that a profile names, or anywhere, told by their shape.

Data is a JSON document, or a PHP value in its JSON form. What is called an item here is an object with a title and
something that leads to a page: an address, a picture, an identity, a date. The parts of a page that JSON-LD describes
in lists as well, its authors, crumbs and steps, are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.items.fields import ADDRESS

STORIES = frozenset(
    {"article", "blogposting", "creativework", "listitem", "liveblogposting", "newsarticle", "reportagenewsarticle"}
    | {"report", "socialmediaposting", "videoobject", "audioobject", "podcastepisode", "opinionnewsarticle", "webpage"}
)
"""Types of JSON-LD whose lists are lists of pages, in lower case."""
FURNITURE = frozenset({"breadcrumblist", "sitenavigationelement", "organization", "person", "imageobject"})
"""Types of JSON-LD that hold no related pages."""
OF_THE_PAGE = FURNITURE | {"website", "webpage"}
"""Types that stand beside others where JSON-LD describes the page itself."""
COMPANIONS = ("item_id", "url", "media_path", "published_raw")


class Found(NamedTuple):
    """A list that may be one of related items.

    Attributes:
        rows: What stands in it.
        sure: Whether it stands where the profile says.
        strange: A type of JSON-LD in a list that would be one without it, and of which nobody knows if it is a page's;
            empty for every other list.
    """

    rows: Sequence[Any]
    sure: bool
    strange: str = ""


def lists_of_items(
    data: object, path: Sequence[str | int], fields: Mapping[str, Sequence[str]], *, by_shape: bool = False
) -> Iterator[Found]:
    """Yield the lists of related items in data, outermost first; strings in it are not looked into.

    ``by_shape`` says that a value which looks like an address leads to a page, whatever its key is called.

    >>> fields = {"title": ["title"], "item_id": ["id"]}
    >>> [found.rows for found in lists_of_items({"data": {"list": [{"id": 7, "title": "Ferry"}]}}, (), fields)]
    [[{'id': 7, 'title': 'Ferry'}]]
    """
    if path or isinstance(data, list):
        rows = _at(data, path)
        if any(isinstance(row, dict) for row in rows) and (path or _are_stories(rows)):
            yield Found([story(row) for row in rows], sure=True)
            return
    if not path:
        yield from _anywhere(data, fields, by_shape=by_shape)


def texts(data: object) -> Iterator[str]:
    """Yield every string that is a value in data, in order."""
    stack = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            stack.extend(reversed(value.values()))


def _at(data: object, path: Sequence[str | int]) -> list[Any]:
    """Return the list at the path; empty where there is none."""
    for step in path:
        if isinstance(step, str):
            data = data.get(step) if isinstance(data, dict) else None
        else:
            data = data[step] if isinstance(data, list) and step < len(data) else None
    return data if isinstance(data, list) else []


def _anywhere(data: object, fields: Mapping[str, Sequence[str]], *, by_shape: bool) -> Iterator[Found]:
    stack = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if _type(value) in FURNITURE:
                continue
            rows = list(value.values())
            if len(rows) > 1 and all(isinstance(row, dict) for row in rows) and _are_items(rows, fields):
                yield Found(rows, sure=False)
            else:
                stack.extend(reversed(rows))
        elif isinstance(value, list):
            rows = [story(row) for row in value]
            if _are_stories(value) and _are_items(rows, fields, by_shape=by_shape):
                yield Found(rows, sure=False)
                continue
            if (strange := _strange_type(value)) and _are_items(list(filter(_is_page, rows)), fields):
                yield Found((), sure=False, strange=strange)
            stack.extend(reversed(value))


def _strange_type(rows: Sequence[Any]) -> str:
    """Return a type of JSON-LD in a list that is known neither as a page's nor as a part of one; empty for none.

    What describes the page itself has many types, and is no list of others.
    """
    types = [_type(row) for row in rows if isinstance(row, dict)]
    if any(kind in OF_THE_PAGE for kind in types):
        return ""
    return next((kind for kind in types if kind and kind not in STORIES), "")


def _is_page(row: object) -> bool:
    return isinstance(row, dict) and is_story(row)


def _are_items(rows: Sequence[Any], fields: Mapping[str, Sequence[str]], *, by_shape: bool = False) -> bool:
    """Whether at least one of the rows has a title and something that leads to a page."""
    return any(
        isinstance(row, dict)
        and any(name in row for name in fields.get("title", ()))
        and (
            any(name in row for column in COMPANIONS for name in fields.get(column, ()))
            or (by_shape and any(isinstance(value, str) and ADDRESS.fullmatch(value) for value in row.values()))
        )
        for row in rows
    )


def _are_stories(rows: Sequence[Any]) -> bool:
    """Whether no row has a type of JSON-LD that is something else than a page."""
    return all(is_story(row) for row in rows if isinstance(row, dict))


def is_story(row: Mapping[str, Any]) -> bool:
    """Whether an object has no type of JSON-LD that is something else than a page.

    >>> is_story({"@type": "NewsArticle"}), is_story({"title": "Ferry"}), is_story({"@type": "Person"})
    (True, True, False)
    """
    kind = _type(row)
    return not kind or kind in STORIES


def story(row: object) -> object:
    """Return the page that a list item of JSON-LD stands for; any other row as it is."""
    if isinstance(row, dict) and _type(row) == "listitem" and isinstance(item := row.get("item"), dict):
        return item
    return row


def _type(value: Mapping[str, Any]) -> str:
    kind = value.get("@type")
    if isinstance(kind, list):
        kind = kind[0] if kind else None
    return kind.lower() if isinstance(kind, str) else ""
