"""What JSON-LD says of the page it stands on, held against what was read from the page itself.

A page's own description of its article is a second witness. Where it disagrees that is said; it is never preferred, for
it often describes what the page was before it was edited.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipeline.model import Article, Dateline, Payload
from pipeline.patterns import lazy_compile
from pipeline.recovery import recover
from pipeline.recovery.strict import decode

ARTICLE = lazy_compile(rb'"[A-Za-z]{0,20}(?:Article|BlogPosting)"')
NOT_A_MARK = lazy_compile(r"[\W_]++")
AUTHORS_MOST = 16
DETAIL_LONGEST = 200
"""Characters of what JSON-LD says that a warning repeats."""
TOLERANCE = timedelta(minutes=1)


def read(
    payloads: Sequence[Payload], article: Article, dateline: Dateline, others: Sequence[bytes] = ()
) -> tuple[str, ...]:
    """Return in what the JSON-LD article of a page differs from the page: stable codes, each once, and what it says.

    Args:
        payloads: What leaked into the text.
        article: The page's article, as printed.
        dateline: What its timestamp line says.
        others: Documents that the page describes itself by and that are no part of its text.

    >>> page = Payload(b'{"@context":"https://schema.org","@type":"NewsArticle","headline":"Tram Back"}', "strict")
    >>> read([page], Article("Rain fell.", title="Ferry Back", headline="Ferry Back"), Dateline("none"))
    ('json_ld_title_differs: Tram Back',)
    """
    if not payloads and not others:  # as on most pages
        return ()
    warnings: list[str] = []
    for json in (*(payload.octets for payload in payloads), *filter(None, map(_sound, others))):
        if json is None or b"@context" not in json or not ARTICLE.search(json):
            continue
        described = list(_articles(decode(json)))
        if len(described) == 1:
            warnings += _differences(described[0], article, dateline)
    return tuple(dict.fromkeys(warnings))


def _sound(document: bytes) -> bytes | None:
    """Return a document that nothing must be guessed of."""
    found = recover(document)
    return found.octets if found.recovery in ("strict", "envelope") and not found.suspect else None


def _articles(data: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON there is
    """Yield the articles that a document is about: at its root, in a list there, or in its graph."""
    roots: Sequence[Any] = data if isinstance(data, list) else [data]
    for root in roots:
        if not isinstance(root, dict):
            continue
        graph = root.get("@graph")
        for node in [root, *(graph if isinstance(graph, list) else [])]:
            kinds = node.get("@type") if isinstance(node, dict) else None
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and name.endswith(("Article", "BlogPosting")) for name in names):
                yield node


def _differences(described: dict[str, Any], article: Article, dateline: Dateline) -> Iterator[str]:
    title = described.get("headline") or described.get("name")
    printed = [text for text in (article.title, article.headline) if text]
    if isinstance(title, str) and printed and all(_letters(title) != _letters(text) for text in printed):
        yield f"json_ld_title_differs: {_detail(title)}"
    published = described.get("datePublished")
    if isinstance(published, str) and _date_differs(published, dateline):
        yield f"json_ld_date_differs: {_detail(published)}"
    authors = [name for name in _people(described.get("author")) if _letters(name)]
    columns = (article.kicker, article.title, article.deck, article.dateline_raw, article.lead_raw, article.body)
    text = _letters(" ".join(filter(None, columns))) if authors else ""
    if authors and not any(_letters(name) in text for name in authors):
        yield f"json_ld_author_not_printed: {_detail(', '.join(authors))}"


def _people(author: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON there is
    """Yield the names of the people that an article is said to be by; an organization is none."""
    for one in (author if isinstance(author, list) else [author])[:AUTHORS_MOST]:
        name = one.get("name") if isinstance(one, dict) and one.get("@type", "Person") == "Person" else one
        if isinstance(name, str):
            yield name


def _detail(text: str) -> str:
    """Return what JSON-LD says as a warning has it: on one line, and not too long."""
    return " ".join(html.unescape(text).split())[:DETAIL_LONGEST]


def _letters(text: str) -> str:
    return NOT_A_MARK.sub("", html.unescape(text)).casefold()


def _date_differs(text: str, dateline: Dateline) -> bool:
    """Whether a date of JSON-LD contradicts the timestamp line, as far as both are known."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return False
    local, at = dateline.published_local, dateline.published_at
    if local is None:
        return False
    if dateline.precision in ("minute", "second") and len(text) > len("2016-03-27"):
        if at is not None and told.tzinfo is not None:
            return abs(told.replace(tzinfo=None) - (told.utcoffset() or timedelta()) - at) >= TOLERANCE
        return abs(told.replace(tzinfo=None) - local) >= TOLERANCE
    return dateline.precision not in ("year", "month") and told.date() != local.date()
